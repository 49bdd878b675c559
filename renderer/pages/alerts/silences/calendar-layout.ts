/** One time at which a maintenance takes place, UTC milliseconds. */
export type Occurrence = {
  /** Of the maintenance; several occurrences of one that recurs have the same. */
  readonly id: string;
  readonly name: string;
  readonly start: number;
  readonly end: number;
};

/** What of an occurrence falls on one day. */
export type DaySpan = Occurrence & {
  /** Bounds within the day. */
  readonly from: number;
  readonly to: number;
  /** It began on an earlier day, or goes on after this one. */
  readonly continues: boolean;
};

/** One day of the calendar, local time. */
export type CalendarDay = {
  /** Its midnight, UTC milliseconds. */
  readonly start: number;
  readonly spans: readonly DaySpan[];
};

/** The local midnight of the Monday on or before a time. */
export function weekStart(time: number): number {
  const day = new Date(time);
  day.setHours(0, 0, 0, 0);
  day.setDate(day.getDate() - ((day.getDay() + 6) % 7));
  return day.getTime();
}

/** The midnight some days later; a day on which the clocks change is not 24 h long. */
export function addDays(midnight: number, days: number): number {
  const day = new Date(midnight);
  day.setDate(day.getDate() + days);
  return day.getTime();
}

/** Whole weeks from Monday to Sunday, each day with what takes place on it, earliest first. */
export function calendarWeeks(
  from: number,
  weeks: number,
  occurrences: readonly Occurrence[],
): readonly (readonly CalendarDay[])[] {
  const monday = weekStart(from);
  const sorted = [...occurrences].sort((a, b) => a.start - b.start || a.name.localeCompare(b.name));
  return Array.from({ length: weeks }, (_, week) =>
    Array.from({ length: 7 }, (_, weekday) => {
      const start = addDays(monday, week * 7 + weekday);
      const end = addDays(start, 1);
      return { start, spans: sorted.flatMap((one) => spanOn(one, start, end)) };
    }),
  );
}

function spanOn(one: Occurrence, start: number, end: number): DaySpan[] {
  if (one.start >= end || one.end <= start) return [];
  return [
    {
      ...one,
      from: Math.max(one.start, start),
      to: Math.min(one.end, end),
      continues: one.start < start || one.end > end,
    },
  ];
}

/** Where an arrow key, Home or End leads on a grid of days; null for any other key. */
export function movedDay(key: string, position: number, days: number): number | null {
  const week = Math.floor(position / 7) * 7;
  const to: Readonly<Record<string, number>> = {
    ArrowLeft: position - 1,
    ArrowRight: position + 1,
    ArrowUp: position - 7,
    ArrowDown: position + 7,
    Home: week,
    End: week + 6,
  };
  const next = to[key];
  if (next === undefined) return null;
  return next < 0 || next >= days ? position : next;
}
