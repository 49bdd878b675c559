/** What decides whether a plan keeps its promise of how much may be lost. Times are UTC milliseconds. */
export type Promised = {
  readonly rpoMs: number;
  /** When the run of the newest verified point started. */
  readonly lastVerified: number;
  /** When the schedules first asked for a run after that; null: never, or there are none. */
  readonly dueAt: number | null;
};

const MOST_GRACE_MS = 3_600_000;

/**
 * What a promise leaves to the schedule, milliseconds: a run takes its time and is read back before it counts, and the end of summer
 * time makes one day 25 hours long. An hour, but no more than a quarter of what is promised: who may lose fifteen minutes is not to
 * hear of it after two hours.
 */
export function graceMs(rpoMs: number): number {
  return Math.min(MOST_GRACE_MS, rpoMs / 4);
}

/**
 * Whether a plan's newest verified point is older than was promised and nobody is about to change that. A plan that runs daily and
 * promises a day would else be late each night until its run is through, and for an hour when the clocks go back.
 *
 * @returns false, too, within the grace of the run that the schedules ask for next, if they asked in time
 */
export function isPastPromise({ rpoMs, lastVerified, dueAt }: Promised, now: number): boolean {
  if (now - lastVerified <= rpoMs) return false;
  if (dueAt === null || dueAt - lastVerified > rpoMs + graceMs(rpoMs)) return true;
  return now - dueAt > graceMs(rpoMs);
}
