import type { BucketBuffer } from '#shared/domain/buckets.ts';
import type { SampleBuffer } from '#shared/domain/samples.ts';

/** Bits of a sum that are noise of the additions: this part of it. */
const NOISE = 2 ** -50;
const MICRO = 1e6;

/** The sum without the last bits that only the order of the additions put there, if it is a decimal otherwise. */
export function withoutNoise(sum: number): number {
  const decimal = Math.round(sum * MICRO) / MICRO;
  return Math.abs(decimal - sum) <= Math.abs(sum) * NOISE ? decimal : sum;
}

/** The end of the bucket that a time belongs to. */
export function bucketEnd(time: number, resolution: number): number {
  return Math.ceil(time / resolution) * resolution;
}

/**
 * Appends the buckets of samples to `into`; the samples are in order of time and later than the buckets there.
 * docs/metrics-format.md, "Bucket", defines each column.
 */
export function condense(samples: SampleBuffer, resolution: number, into: BucketBuffer): void {
  const { times, length } = samples;
  for (let at = 0; at < length; ) {
    const end = bucketEnd(times[at] ?? 0, resolution);
    let to = at + 1;
    while (to < length && (times[to] ?? 0) <= end) to++;
    addBucket(samples, at, to, end, into);
    at = to;
  }
}

function addBucket(samples: SampleBuffer, from: number, to: number, end: number, into: BucketBuffer): void {
  const { times, values } = samples;
  let count = 0;
  let firstTime = 0;
  let lastTime = 0;
  let first = 0;
  let last = 0;
  let min = 0;
  let max = 0;
  let sum = 0;
  let compensation = 0;
  let drops = 0;
  let lostDrops = 0;
  let resets = 0;
  let changes = 0;
  let stale = 0;
  for (let i = from; i < to; i++) {
    const value = values[i] ?? 0;
    // Only a NaN can be the marker, so the bits are rarely looked at.
    if (Number.isNaN(value) && samples.isStale(i)) {
      stale = 1;
      continue;
    }
    stale = 0;
    if (count === 0) {
      firstTime = times[i] ?? 0;
      first = value;
      min = value;
      max = value;
    } else {
      if (value < last) {
        const fallen = drops + last;
        lostDrops += Math.abs(drops) >= Math.abs(last) ? drops - fallen + last : last - fallen + drops;
        drops = fallen;
        resets++;
      }
      if (value !== last && !(Number.isNaN(value) && Number.isNaN(last))) changes++;
      if (value < min || Number.isNaN(min)) min = value;
      if (value > max || Number.isNaN(max)) max = value;
    }
    const total = sum + value;
    if (Math.abs(sum) >= Math.abs(value)) compensation += sum - total + value;
    else compensation += value - total + sum;
    sum = total;
    last = value;
    lastTime = times[i] ?? 0;
    count++;
  }
  const summed = Number.isFinite(sum) ? withoutNoise(sum + compensation) : sum;
  const dropped = Number.isFinite(drops) ? withoutNoise(drops + lostDrops) : drops;
  push(into, end, [
    count,
    firstTime,
    lastTime,
    first,
    last,
    min,
    max,
    summed,
    dropped,
    resets,
    changes,
    stale,
  ]);
}

function push(into: BucketBuffer, end: number, row: readonly number[]): void {
  into.reserve(1);
  const at = into.length++;
  into.ends[at] = end;
  for (const [i, column] of into.columns.entries()) column[at] = row[i] ?? 0;
}
