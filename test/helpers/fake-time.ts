import type { Clock } from '../../main/engine/platform/clock.ts';
import type { Timers } from '../../main/engine/platform/timers.ts';

/** A clock and timers that a test moves by hand. */
export type FakeTime = {
  readonly clock: Clock;
  readonly timers: Timers;
  /** Moves both clocks and runs what falls due, in order. */
  readonly advance: (ms: number) => void;
  /** Moves only the wall clock, as an operator or NTP does. */
  readonly setWall: (ms: number) => void;
  /** Moves the wall clock on while the monotonic clock and all timers stand still, as sleep does. */
  readonly sleep: (ms: number) => void;
};

/** Makes a fake time that begins at `start` (UTC milliseconds). */
export function fakeTime(start: number): FakeTime {
  let wall = start;
  let monotonic = 0;
  let due: { at: number; every: number | null; call: () => void }[] = [];
  const schedule = (ms: number, every: number | null, call: () => void) => {
    const entry = { at: monotonic + ms, every, call };
    due.push(entry);
    return () => {
      due = due.filter((other) => other !== entry);
    };
  };
  return {
    clock: { now: () => wall, monotonic: () => monotonic },
    timers: {
      after: (ms, call) => schedule(ms, null, call),
      every: (ms, call) => schedule(ms, ms, call),
    },
    advance: (ms) => {
      const end = monotonic + ms;
      for (;;) {
        const next = due.filter((entry) => entry.at <= end).toSorted((a, b) => a.at - b.at)[0];
        if (!next) break;
        wall += next.at - monotonic;
        monotonic = next.at;
        if (next.every === null) due = due.filter((entry) => entry !== next);
        else next.at += next.every;
        next.call();
      }
      wall += end - monotonic;
      monotonic = end;
    },
    setWall: (ms) => {
      wall = ms;
    },
    sleep: (ms) => {
      wall += ms;
    },
  };
}
