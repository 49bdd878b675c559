const NICE_MS = [
  1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000,
  3_600_000, 7_200_000, 10_800_000, 21_600_000, 43_200_000, 86_400_000,
] as const;

/** The step of a range query that gives at most `points` points: a length that people use. */
export function niceStep(spanMs: number, points: number): number {
  const least = spanMs / points;
  return NICE_MS.find((step) => step >= least) ?? Math.ceil(least / 86_400_000) * 86_400_000;
}

/** The most steps that a range query may have, as in Prometheus. */
export const MOST_STEPS = 11_000;

/**
 * A range on whole multiples of the step, so that a chart that moves with the clock asks for the same times again
 * and its lines do not tremble. The end is never after the one asked for.
 */
export function onGrid(
  start: number,
  end: number,
  stepMs: number,
): { readonly start: number; readonly end: number } {
  const from = Math.floor(start / stepMs) * stepMs;
  return { start: from, end: Math.max(from, Math.floor(end / stepMs) * stepMs) };
}
