/** The clocks on the walls of one time zone. */
export type WallClock = {
  /** What they show at a moment, as if it were UTC (`Date.UTC(year, month, …)`). */
  readonly toWall: (utcMs: number) => number;
  /**
   * The first moment at which they show so much or more. A time that is skipped when clocks are put forward is the moment
   * they are put forward; one that comes twice when they are put back is its first coming. So it never runs backwards, and
   * what ends at a time of day ends exactly where the next begins.
   */
  readonly toUtc: (wallMs: number) => number;
};

/** Offsets change at most once in a quarter of an hour, and on its edge. */
const SLOT_MS = 15 * 60_000;
const DAY_MS = 86_400_000;
const MOST_KNOWN = 4096;

const clocks = new Map<string, WallClock>();

/** The clock of a zone. Throws when the name is not one: the contract has refused it before. */
export function wallClockOf(timeZone: string): WallClock {
  const known = clocks.get(timeZone);
  if (known !== undefined) return known;
  const made = makeClock(timeZone);
  clocks.set(timeZone, made);
  return made;
}

function makeClock(timeZone: string): WallClock {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const offsets = new Map<number, number>();
  const offsetAt = (utcMs: number): number => {
    const slot = Math.floor(utcMs / SLOT_MS);
    const cached = offsets.get(slot);
    if (cached !== undefined) return cached;
    const part = new Map(
      format.formatToParts(slot * SLOT_MS).map(({ type, value }) => [type, Number(value)]),
    );
    const get = (type: Intl.DateTimeFormatPartTypes): number => part.get(type) ?? 0;
    const wall = Date.UTC(
      get('year'),
      get('month') - 1,
      get('day'),
      get('hour'),
      get('minute'),
      get('second'),
    );
    if (offsets.size >= MOST_KNOWN) offsets.clear();
    offsets.set(slot, wall - slot * SLOT_MS);
    return wall - slot * SLOT_MS;
  };
  /** The moment in (from, to] at which the offset becomes another one. */
  const changeBetween = (from: number, to: number): number => {
    let before = Math.floor(from / SLOT_MS);
    let after = Math.ceil(to / SLOT_MS);
    const offset = offsetAt(before * SLOT_MS);
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (offsetAt(middle * SLOT_MS) === offset) before = middle;
      else after = middle;
    }
    return after * SLOT_MS;
  };
  return {
    toWall: (utcMs) => utcMs + offsetAt(utcMs),
    toUtc: (wallMs) => {
      // No zone is further than 14 h from UTC, so that the moment lies between these two.
      const before = offsetAt(wallMs - DAY_MS);
      const after = offsetAt(wallMs + DAY_MS);
      if (before === after) return wallMs - before;
      const change = changeBetween(wallMs - DAY_MS, wallMs + DAY_MS);
      if (wallMs - before < change) return wallMs - before;
      return Math.max(wallMs - after, change);
    },
  };
}
