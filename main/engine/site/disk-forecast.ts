/** One measurement of free space. */
export type SpaceSample = { readonly at: number; readonly freeBytes: number };

const DAY_MS = 86_400_000;
/** Below this span a trend is noise. */
const MIN_SPAN_MS = 10 * 60_000;

/**
 * Days until the disk is full, by a least-squares line through the measurements.
 *
 * @returns null when there is too little to tell, when space is not shrinking, or when it would last over ten years
 */
export function daysUntilFull(samples: readonly SpaceSample[]): number | null {
  const first = samples[0];
  const last = samples.at(-1);
  if (!first || !last || last.at - first.at < MIN_SPAN_MS) return null;
  const n = samples.length;
  let sumT = 0;
  let sumFree = 0;
  for (const sample of samples) {
    sumT += sample.at - first.at;
    sumFree += sample.freeBytes;
  }
  const meanT = sumT / n;
  const meanFree = sumFree / n;
  let covariance = 0;
  let variance = 0;
  for (const sample of samples) {
    const dt = sample.at - first.at - meanT;
    covariance += dt * (sample.freeBytes - meanFree);
    variance += dt * dt;
  }
  const bytesPerMs = variance === 0 ? 0 : covariance / variance;
  if (bytesPerMs >= 0) return null;
  const days = last.freeBytes / -bytesPerMs / DAY_MS;
  return days > 3650 ? null : days;
}
