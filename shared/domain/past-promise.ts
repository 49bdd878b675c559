/** What decides whether a plan keeps its promise of how much may be lost. Times are UTC milliseconds. */
export type Promised = {
  readonly rpoMs: number;
  /** When the run of the newest verified point started. */
  readonly lastVerified: number;
  /** When the schedules first asked for a run after that; null: never, or there are none. */
  readonly dueAt: number | null;
};

/** A run takes its time, and is read back before it counts. */
const RUN_MS = 3_600_000;
/** The end of summer time makes one day 25 hours long. */
const CLOCK_CHANGE_MS = 3_600_000;

/**
 * Whether a plan's newest verified point is older than was promised and nobody is about to change that. A plan that runs daily and
 * promises a day would else be late each night until its run is through, and for an hour when the clocks go back.
 *
 * @returns false, too, within an hour of the run that the schedules ask for next, if they asked in time
 */
export function isPastPromise({ rpoMs, lastVerified, dueAt }: Promised, now: number): boolean {
  if (now - lastVerified <= rpoMs) return false;
  if (dueAt === null || dueAt - lastVerified > rpoMs + CLOCK_CHANGE_MS) return true;
  return now - dueAt > RUN_MS;
}
