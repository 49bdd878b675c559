import type { TimeInterval, TimeSpan } from '#shared/contract/notify-config.ts';

/** A moment as calendars and clocks of one time zone show it. */
type WallTime = {
  readonly minute: number;
  readonly weekday: number;
  readonly day: number;
  readonly daysInMonth: number;
  readonly month: number;
  readonly year: number;
};

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string | null): Intl.DateTimeFormat {
  const known = formats.get(zone ?? '');
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    ...(zone === null ? {} : { timeZone: zone }),
    hourCycle: 'h23',
    weekday: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  formats.set(zone ?? '', format);
  return format;
}

function wallTime(at: number, zone: string | null): WallTime {
  const parts = new Map(
    formatOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const number = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type) ?? 0);
  const [year, month] = [number('year'), number('month')];
  return {
    minute: number('hour') * 60 + number('minute'),
    weekday: WEEKDAYS.indexOf(parts.get('weekday') ?? ''),
    day: number('day'),
    daysInMonth: new Date(Date.UTC(year, month, 0)).getUTCDate(),
    month,
    year,
  };
}

/** Whether a moment belongs to a time interval, as Alertmanager decides it. */
export function isWithin(interval: TimeInterval, at: number): boolean {
  const time = wallTime(at, interval.zone);
  return interval.spans.some((span) => isWithinSpan(span, time));
}

type Range = { readonly from: number; readonly to: number };

/** An empty member is satisfied always. */
const anyOf = (ranges: readonly Range[], test: (range: Range) => boolean): boolean =>
  ranges.length === 0 || ranges.some(test);

const holds =
  (value: number) =>
  ({ from, to }: Range): boolean =>
    from <= value && value <= to;

function isWithinSpan(span: TimeSpan, time: WallTime): boolean {
  return (
    anyOf(span.times, ({ from, to }) => from <= time.minute && time.minute < to) &&
    anyOf(span.daysOfMonth, (range) => isOnDay(range, time)) &&
    anyOf(span.months, holds(time.month)) &&
    anyOf(span.weekdays, holds(time.weekday)) &&
    anyOf(span.years, holds(time.year))
  );
}

/** Days below zero count from the end of the month; what lies outside of the month is cut to it. */
function isOnDay({ from, to }: Range, { day, daysInMonth }: WallTime): boolean {
  const first = from < 0 ? daysInMonth + from + 1 : from;
  const last = to < 0 ? daysInMonth + to + 1 : to;
  if (last < 1 || first > daysInMonth) return false;
  return Math.max(first, 1) <= day && day <= Math.min(last, daysInMonth);
}
