/** The hour, day, ISO week, month and year that a moment lies in, as texts that are equal for equal ones. */
export type CalendarKeys = {
  readonly hour: string;
  readonly day: string;
  readonly week: string;
  readonly month: string;
  readonly year: string;
};

/** Tells the calendar of a time zone. */
export type Calendar = (time: number) => CalendarKeys;

/** The machine's own time zone, as an IANA name. */
export function localTimeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

const pad = (value: number, length = 2): string => String(value).padStart(length, '0');

/**
 * ISO 8601 week of a calendar day: weeks begin on Monday, and the first of a year is the one with its first Thursday.
 *
 * @param day UTC midnight of the day
 */
function isoWeek(day: Date): string {
  const thursday = new Date(day);
  thursday.setUTCDate(day.getUTCDate() + 4 - (day.getUTCDay() || 7));
  const year = thursday.getUTCFullYear();
  const week = Math.ceil(((thursday.getTime() - Date.UTC(year, 0, 1)) / 86_400_000 + 1) / 7);
  return `${pad(year, 4)}-W${pad(week)}`;
}

/**
 * Makes the calendar of a time zone; what it was asked once it remembers. When clocks are set back, both passes of the hour
 * are the same hour, as to `restic forget`.
 *
 * @param timeZone IANA name
 */
export function calendarOf(timeZone: string): Calendar {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
  });
  const known = new Map<number, CalendarKeys>();
  return (time) => {
    const found = known.get(time);
    if (found !== undefined) return found;
    const part = new Map(format.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
    const [year, month, date] = [part.get('year') ?? 0, part.get('month') ?? 1, part.get('day') ?? 1];
    const day = `${pad(year, 4)}-${pad(month)}-${pad(date)}`;
    const keys: CalendarKeys = {
      hour: `${day} ${pad(part.get('hour') ?? 0)}:00`,
      day,
      week: isoWeek(new Date(Date.UTC(year, month - 1, date))),
      month: day.slice(0, 7),
      year: day.slice(0, 4),
    };
    known.set(time, keys);
    return keys;
  };
}
