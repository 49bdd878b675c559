/** Time of scrape 0, the distance of scrapes, and the length of a partition: a seal every few scrapes. */
export const CRASH_START = Date.UTC(2027, 3, 1);
export const CRASH_STEP = 15_000;
export const CRASH_WINDOW = 300_000;

/** Four windows become one file, and series with a 7 at the end of `i` are sealed into files of their own. */
export const CRASH_OPTIONS = {
  windowMs: CRASH_WINDOW,
  mergeMs: 4 * CRASH_WINDOW,
  settings: {
    get: (name: string) =>
      name !== 'metrics'
        ? null
        : JSON.stringify({
            days: 3650,
            classes: [{ name: 'sevens', matchers: [{ label: 'i', op: '=~', value: '.*7' }], days: 3650 }],
            maxBytes: null,
          }),
    set: () => undefined,
  },
} as const;

/** What scrape `n` answers: its number, and series that come and go. */
export function crashBody(n: number): string {
  let text = `scrape ${n}\n`;
  for (let i = 0; i < 300; i++) text += `wide{i="${i}"} ${n * i}\n`;
  return `${text}churn{n="${n - (n % 7)}"} ${n}\n`;
}
