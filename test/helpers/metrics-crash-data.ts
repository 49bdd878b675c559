/** Time of scrape 0, the distance of scrapes, and the length of a partition: a seal every few scrapes. */
export const CRASH_START = Date.UTC(2027, 3, 1);
export const CRASH_STEP = 15_000;
export const CRASH_WINDOW = 300_000;

/** What scrape `n` answers: its number, and series that come and go. */
export function crashBody(n: number): string {
  let text = `scrape ${n}\n`;
  for (let i = 0; i < 300; i++) text += `wide{i="${i}"} ${n * i}\n`;
  return `${text}churn{n="${n - (n % 7)}"} ${n}\n`;
}
