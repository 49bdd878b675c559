/** The engine's sense of time; a parameter everywhere, so that a test can move it. */
export type Clock = {
  /** Wall clock, UTC milliseconds. It may jump. */
  readonly now: () => number;
  /** Milliseconds that only grow, for durations. */
  readonly monotonic: () => number;
};

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
};
