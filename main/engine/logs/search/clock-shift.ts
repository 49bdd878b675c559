import { earlierBy } from '#shared/domain/host-clock.ts';
import type { HostClock } from '../messages.ts';
import { FLAG } from '../model.ts';
import type { LineOrigin } from '../store/heads.ts';

/** How the lines of one host are moved: a line of a time comes to lie between `time - most` and `time - least`. */
export type ClockShift = {
  /** Milliseconds, at most 0. */
  readonly least: number;
  /** Milliseconds, at least 0. */
  readonly most: number;
  /** The moment of this workstation's clock, in whole milliseconds. */
  readonly momentOf: (time: number) => number;
};

/** How the lines of a host are moved; null for hosts whose clock was right or is not known. */
export type ClockShifts = ReadonlyMap<string, ClockShift>;

/** Makes the shifts of measured clocks. */
export function clockShifts(clocks: readonly HostClock[]): ClockShifts {
  return new Map(
    clocks.map(({ host, points }) => {
      const offsets = points.map(({ offsetMs }) => offsetMs);
      // A moment is rounded, which may move it by one more.
      const least = Math.floor(Math.min(0, ...offsets)) - 1;
      const most = Math.ceil(Math.max(0, ...offsets)) + 1;
      return [host, { least, most, momentOf: (time) => Math.round(earlierBy(points, time)) }];
    }),
  );
}

/**
 * The moment at which an event stands among those of other logs. A line without a time has that of the line before it, and is moved
 * with it; only in a log without any times it is this workstation's own.
 */
export function momentOf(shift: ClockShift | null, origin: LineOrigin, time: number, flags: number): number {
  if (shift === null || ((flags & FLAG.noTime) !== 0 && origin.format.spec === 'plain')) return time;
  return shift.momentOf(time);
}
