import { BucketFold } from '#shared/domain/bucket-fold.ts';
import type { BucketBuffer } from '#shared/domain/buckets.ts';
import { bucketEnd, withoutNoise } from './condense.ts';

const fold = new BucketFold();

/** Appends buckets of a finer resolution to `into`, put together to those of a coarser one that it divides. */
export function coarsen(fine: BucketBuffer, resolution: number, into: BucketBuffer): void {
  const { ends, length } = fine;
  for (let at = 0; at < length; ) {
    const end = bucketEnd(ends[at] ?? 0, resolution);
    fold.clear();
    for (; at < length && (ends[at] ?? 0) <= end; at++) fold.bucket(fine, at);
    fold.writeTo(into, end);
    for (const sums of [into.column('sum'), into.column('drops')])
      sums[into.length - 1] = withoutNoise(sums[into.length - 1] ?? 0);
  }
}

/** Puts buckets into order of time; of two with the same end, the one that was given first stays. */
export function inOrder(buckets: BucketBuffer, scratch: BucketBuffer): BucketBuffer {
  const { ends, length } = buckets;
  let ordered = true;
  for (let i = 1; i < length && ordered; i++) ordered = (ends[i] ?? 0) > (ends[i - 1] ?? 0);
  if (ordered) return buckets;
  const order = Array.from({ length }, (_, i) => i);
  order.sort((a, b) => (ends[a] ?? 0) - (ends[b] ?? 0) || a - b);
  scratch.length = 0;
  let newest = Number.NEGATIVE_INFINITY;
  for (const i of order) {
    const end = ends[i] ?? 0;
    if (end > newest) scratch.append(buckets, i, i + 1);
    newest = end;
  }
  return scratch;
}
