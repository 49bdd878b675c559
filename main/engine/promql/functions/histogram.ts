import { type Labels, labelsKey, labelsWithout, labelValue, METRIC_NAME } from '#shared/domain/labels.ts';
import { parseBound } from '../go-float.ts';
import { type Column, hasAny, newColumn } from '../values.ts';
import { scalarArg, vectorArg } from './arguments.ts';
import type { WholeFunction } from './whole.ts';

type Bucket = { readonly bound: number; count: number };
type Histogram = { readonly labels: Labels; readonly buckets: { bound: number; column: Column }[] };

/** Buckets with equal bounds become one, and counts never fall from bucket to bucket. */
function tidied(sorted: readonly Bucket[]): readonly Bucket[] {
  const tidy: Bucket[] = [];
  for (const { bound, count } of sorted) {
    const last = tidy.at(-1);
    if (last !== undefined && last.bound === bound) last.count += count;
    else tidy.push({ bound, count });
  }
  let most = tidy[0]?.count ?? 0;
  for (const bucket of tidy) {
    if (bucket.count > most) most = bucket.count;
    else if (bucket.count < most) bucket.count = most;
  }
  return tidy;
}

/**
 * The buckets by their bounds. A bound that is NaN is before and behind nothing, so where it ends up depends on the way of
 * sorting: this is the insertion sort that Go uses for up to twelve.
 */
function byBound(unsorted: readonly Bucket[]): readonly Bucket[] {
  if (!unsorted.some(({ bound }) => Number.isNaN(bound)))
    return [...unsorted].sort((a, b) => a.bound - b.bound || 0);
  const sorted: Bucket[] = [];
  for (const bucket of unsorted) {
    let at = sorted.length;
    while (at > 0 && bucket.bound < (sorted[at - 1]?.bound ?? Number.NaN)) at--;
    sorted.splice(at, 0, bucket);
  }
  return sorted;
}

/**
 * The first bucket that reaches the rank, or the last one. Halved as Go's sort.Search halves: where a count is NaN, that and
 * going through them one by one find different buckets.
 */
function firstReaching(buckets: readonly Bucket[], rank: number): number {
  let from = 0;
  let to = buckets.length - 1;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((buckets[middle]?.count ?? 0) >= rank) to = middle;
    else from = middle + 1;
  }
  return from;
}

/** The q-quantile of a classic histogram, by linear interpolation inside the bucket it falls into. */
function bucketQuantile(q: number, unsorted: readonly Bucket[]): number {
  if (Number.isNaN(q)) return Number.NaN;
  if (q < 0) return Number.NEGATIVE_INFINITY;
  if (q > 1) return Number.POSITIVE_INFINITY;
  const sorted = byBound(unsorted);
  if (sorted.at(-1)?.bound !== Number.POSITIVE_INFINITY) return Number.NaN;
  const buckets = tidied(sorted);
  const observations = buckets.at(-1)?.count ?? 0;
  if (buckets.length < 2 || observations === 0) return Number.NaN;
  let rank = q * observations;
  const index = firstReaching(buckets, rank);
  // In the open bucket nothing is known but its lower bound.
  if (index === buckets.length - 1) return buckets[index - 1]?.bound ?? Number.NaN;
  const { bound: end = 0, count: upTo = 0 } = buckets[index] ?? {};
  if (index === 0 && end <= 0) return end;
  const below = buckets[index - 1];
  const start = below?.bound ?? 0;
  const inside = upTo - (below?.count ?? 0);
  rank -= below?.count ?? 0;
  return start + (end - start) * (rank / inside);
}

const histogramQuantile: WholeFunction = function* (_call, args, steps) {
  const quantiles = scalarArg(args, 0);
  const histograms = new Map<string, Histogram>();
  for (const column of vectorArg(args, 1)) {
    yield;
    const bound = parseBound(labelValue(column.labels, 'le'));
    if (bound === null) continue;
    const labels = labelsWithout(column.labels, (name) => name === 'le' || name === METRIC_NAME);
    const key = labelsKey(labels);
    const there = histograms.get(key) ?? { labels, buckets: [] };
    there.buckets.push({ bound, column });
    histograms.set(key, there);
  }
  const columns: Column[] = [];
  for (const { labels, buckets } of histograms.values()) {
    const result = newColumn(labels, steps.count);
    for (let i = 0; i < steps.count; i++) {
      yield;
      const present: Bucket[] = [];
      for (const { bound, column } of buckets)
        if (column.has[i] === 1) present.push({ bound, count: column.values[i] ?? 0 });
      if (present.length === 0) continue;
      result.values[i] = bucketQuantile(quantiles[i] ?? Number.NaN, present);
      result.has[i] = 1;
    }
    if (hasAny(result)) columns.push(result);
  }
  return { type: 'vector', columns };
};

/** Of samples that are plain numbers, the functions of native histograms know nothing. */
const nativeOnly: WholeFunction = () => ({ type: 'vector', columns: [] });

/** Functions of histograms. */
export const histogramFunctions: Readonly<Record<string, WholeFunction>> = {
  histogram_quantile: histogramQuantile,
  histogram_count: nativeOnly,
  histogram_sum: nativeOnly,
  histogram_fraction: nativeOnly,
};
