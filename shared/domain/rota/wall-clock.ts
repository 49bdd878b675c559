import { OFFSET_SLOT_MS, zoneOffset } from '../zone-offset.ts';

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

const DAY_MS = 86_400_000;

/** The clock of a zone. Throws when the name is not one: the contract has refused it before. */
export function wallClockOf(timeZone: string): WallClock {
  const offsetAt = zoneOffset(timeZone);
  /** The moment in (from, to] at which the offset becomes another one. */
  const changeBetween = (from: number, to: number): number => {
    let before = Math.floor(from / OFFSET_SLOT_MS);
    let after = Math.ceil(to / OFFSET_SLOT_MS);
    const offset = offsetAt(before * OFFSET_SLOT_MS);
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (offsetAt(middle * OFFSET_SLOT_MS) === offset) before = middle;
      else after = middle;
    }
    return after * OFFSET_SLOT_MS;
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
