import { BucketFold } from '#shared/domain/bucket-fold.ts';
import type { BucketBuffer } from '#shared/domain/buckets.ts';
import { type BucketFunction, EDGE_COLUMNS } from './rollup-functions.ts';
import type { Column } from './values.ts';

/** Buckets put together before the clock is looked at. */
const PORTION = 4_096;

/** Computes a column from a series' buckets; between what it yields other work may have its turn. */
export type Fill = {
  readonly columns: number;
  readonly into: (column: Column, buckets: BucketBuffer) => Iterable<void>;
};

/** The newest sample not older than the lookback, unless a staleness marker comes after it. */
export function newestOf(timestamps: boolean, first: number, step: number, lookbackMs: number): Fill {
  return {
    columns: EDGE_COLUMNS,
    into: function* (column, buckets) {
      const { ends, length } = buckets;
      const times = buckets.column('lastTime');
      const values = buckets.column(timestamps ? 'lastTime' : 'last');
      const counts = buckets.column('count');
      const stale = buckets.column('stale');
      let next = 0;
      for (let i = 0; i < column.has.length; i++) {
        const time = first + i * step;
        while (next < length && (ends[next] ?? 0) <= time) next++;
        const at = next - 1;
        if (at < 0 || counts[at] === 0 || stale[at] === 1 || (times[at] ?? 0) < time - lookbackMs) continue;
        column.values[i] = timestamps ? (values[at] ?? 0) / 1000 : (values[at] ?? 0);
        column.has[i] = 1;
      }
      yield;
    },
  };
}

/** The windows of a range function, milliseconds. */
type Windows = {
  readonly first: number;
  readonly step: number;
  readonly rangeMs: number;
  /** The resolution, when windows are to be rounded to whole buckets; else they are whole already. */
  readonly rounded: number | null;
  /** Whether a sample exactly at a window's start is outside. */
  readonly leftOpen: boolean;
};

/**
 * A function over [time - range, time]: the whole buckets inside, and the sample exactly at the start, which is the last
 * one of the bucket before.
 */
export function rangeOf(compute: BucketFunction | null, windows: Windows): Fill {
  if (compute === null) throw new Error('a function that needs samples was given buckets');
  const { first, step, rangeMs, rounded, leftOpen } = windows;
  const fold = new BucketFold();
  const round = (time: number): number => (rounded === null ? time : Math.round(time / rounded) * rounded);
  const length = Math.max(rounded ?? 0, round(rangeMs));
  const scale = compute.extensive ? rangeMs / length : 1;
  const withEdge = rounded === null && !leftOpen;
  return {
    columns: compute.columns,
    into: function* (column, buckets) {
      const { ends } = buckets;
      const lastTimes = buckets.column('lastTime');
      const lasts = buckets.column('last');
      const counts = buckets.column('count');
      let from = 0;
      let folded = 0;
      for (let i = 0; i < column.has.length; i++) {
        const end = round(first + i * step);
        const start = end - length;
        while (from < buckets.length && (ends[from] ?? 0) <= start) from++;
        fold.clear();
        const before = from - 1;
        if (withEdge && before >= 0 && lastTimes[before] === start && (counts[before] ?? 0) > 0)
          fold.sample(start, lasts[before] ?? 0);
        for (let at = from; at < buckets.length && (ends[at] ?? 0) <= end; at++) {
          fold.bucket(buckets, at);
          if (++folded % PORTION === 0) yield;
        }
        if (fold.count === 0) continue;
        const value = compute.compute(fold, { start, end });
        if (value === null) continue;
        column.values[i] = value * scale;
        column.has[i] = 1;
      }
      yield;
    },
  };
}
