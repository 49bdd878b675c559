const NICE_MS = [
  1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000,
  3_600_000, 7_200_000, 10_800_000, 21_600_000, 43_200_000, 86_400_000,
] as const;

/** The step of a range query that gives at most `points` points: a length that people use. */
export function niceStep(spanMs: number, points: number): number {
  const least = spanMs / points;
  return NICE_MS.find((step) => step >= least) ?? Math.ceil(least / 86_400_000) * 86_400_000;
}
