/** How many files are open at a time, and how long those are kept open that nobody writes under their name any more. */
export type TailLimits = {
  readonly maxFiles: number;
  readonly rotatedQuietMs: number;
  readonly goneQuietMs: number;
};

export const defaultLimits: TailLimits = {
  maxFiles: 1000,
  rotatedQuietMs: 10 * 60_000,
  goneQuietMs: 30_000,
};
