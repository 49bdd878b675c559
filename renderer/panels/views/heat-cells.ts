import type { Columns } from '#shared/contract/metrics.ts';

/** A histogram over time: for each time how many fell into each bucket. */
export type HeatCells = {
  readonly times: readonly number[];
  /** Ascending; the last may be Infinity. */
  readonly uppers: readonly number[];
  /** `counts[bucket][time]`; null where nothing was known. */
  readonly counts: readonly (readonly (number | null)[])[];
  readonly most: number;
};

/** The upper bound that a bucket's label says; null when it says none. */
export function boundOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (text === '+Inf' || text === 'Inf') return Number.POSITIVE_INFINITY;
  const bound = Number(text);
  return text.trim() === '' || Number.isNaN(bound) ? null : bound;
}

/**
 * Buckets by their `le` label, the lowest first. Counts of buckets that hold those below them (Prometheus' classic
 * histograms) are taken apart; several series with one bound are added.
 *
 * @returns null when no series has a bound
 */
export function heatCells(columns: Columns, cumulative: boolean): HeatCells | null {
  const sums = new Map<number, (number | null)[]>();
  for (const { labels, values } of columns.series) {
    const bound = boundOf(labels.le);
    if (bound === null) continue;
    const sum = sums.get(bound);
    if (sum === undefined) sums.set(bound, [...values]);
    else {
      values.forEach((value, index) => {
        if (value !== null) sum[index] = (sum[index] ?? 0) + value;
      });
    }
  }
  if (sums.size === 0) return null;
  const uppers = [...sums.keys()].sort((a, b) => a - b);
  const totals = uppers.map((upper) => sums.get(upper) ?? []);
  const counts = cumulative
    ? totals.map((row, index) => {
        const below = totals[index - 1];
        return row.map((value, time) => (value === null ? null : Math.max(0, value - (below?.[time] ?? 0))));
      })
    : totals;
  let most = 0;
  for (const row of counts) for (const value of row) if (value !== null && value > most) most = value;
  return { times: columns.times, uppers, counts, most };
}

/** Buckets that samples are put into. */
const SAMPLE_BUCKETS = 20;

/**
 * Samples of series put into buckets of equal width between the least and the greatest of them.
 *
 * @returns null when there is no sample
 */
export function bucketsOfSamples(columns: Columns): HeatCells | null {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const { values } of columns.series) {
    for (const value of values) {
      if (value === null || !Number.isFinite(value)) continue;
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
  }
  if (min > max) return null;
  const width = (max - min || 1) / SAMPLE_BUCKETS;
  const counts = Array.from({ length: SAMPLE_BUCKETS }, () =>
    new Array<number | null>(columns.times.length).fill(0),
  );
  let most = 0;
  for (const { values } of columns.series) {
    values.forEach((value, time) => {
      if (value === null || !Number.isFinite(value)) return;
      const row = counts[Math.min(SAMPLE_BUCKETS - 1, Math.floor((value - min) / width))];
      if (row === undefined) return;
      const next = (row[time] ?? 0) + 1;
      row[time] = next;
      most = Math.max(most, next);
    });
  }
  const uppers = Array.from({ length: SAMPLE_BUCKETS }, (_, index) => min + (index + 1) * width);
  return { times: columns.times, uppers, counts, most };
}
