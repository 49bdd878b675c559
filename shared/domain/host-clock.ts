/** Measured offsets of a host's clock from this workstation's; the moments are this workstation's, the oldest first. */
export type ClockPoints = readonly { readonly at: number; readonly offsetMs: number }[];

/** A clock that gains more than this many seconds a second was set. */
const MOST_GAIN = 4;
/** A measurement this old says nothing about a line. */
const STALE_MS = 30 * 60_000;

/**
 * The moment of this workstation's clock at which a host's clock showed a time. Between two measurements a clock is taken to run
 * evenly. Pure.
 *
 * @returns the very time, where no measurement is near enough
 */
export function earlierBy(points: ClockPoints, written: number): number {
  // What the clock showed need not grow from one measurement to the next: it may have been set back.
  const gaps = points.map(({ at, offsetMs }) => written - (at + offsetMs));
  let nearest = 0;
  for (const [index, gap] of gaps.entries())
    if (Math.abs(gap) < Math.abs(gaps[nearest] ?? Number.POSITIVE_INFINITY)) nearest = index;
  const [point, gap] = [points[nearest], gaps[nearest]];
  if (point === undefined || gap === undefined || Math.abs(gap) > STALE_MS) return written;
  const other = points[nearest + Math.sign(gap)];
  const [before, after] = gap < 0 ? [other, point] : [point, other];
  if (before === undefined || after === undefined || gap === 0) return written - point.offsetMs;
  const [elapsed, gained] = [after.at - before.at, after.offsetMs - before.offsetMs];
  // Where it was set meanwhile, nothing lies between: the nearer one counts.
  if (gained <= -elapsed || gained > MOST_GAIN * elapsed) return written - point.offsetMs;
  return before.at + (written - before.at - before.offsetMs) * (elapsed / (elapsed + gained));
}
