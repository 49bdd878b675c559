const FIRST_PAUSE_MS = 1_000;
const LARGEST_PAUSE_MS = 5 * 60_000;

/**
 * How long to wait before the next attempt: doubling from 1 s to 5 min, then somewhere between half of it and all of it, so
 * that many consoles do not come back to a server at the same moment.
 *
 * @param failures attempts that failed in a row, from 1
 * @param random in [0, 1)
 */
export function backoff(failures: number, random: number): number {
  const full = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(failures - 1, 20), LARGEST_PAUSE_MS);
  return full / 2 + (full / 2) * random;
}
