import { LEVELS } from '../model.ts';
import type { Collector } from './scan.ts';

/** Counts matches. */
export function countCollector(): Collector<number> & { readonly total: () => number } {
  let total = 0;
  let told = 0;
  return {
    wants: (_head, counts) => counts === null,
    counted: (_head, counts) => {
      for (const count of counts) total += count;
    },
    take: () => {
      total += 1;
    },
    isDone: () => false,
    partial: () => {
      const more = total - told;
      told = total;
      return more;
    },
    merge: (more) => {
      total += more;
      told += more;
    },
    found: () => total,
    total: () => total,
  };
}

/** Counts per bucket and level; `counts[level]` by the level's number. */
export type HistogramBucket = { readonly time: number; readonly counts: number[] };

/** Widths that people read easily. */
const WIDTHS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 10e3, 15e3, 30e3, 60e3, 120e3, 300e3, 600e3, 900e3,
  1800e3, 3600e3, 7200e3, 10800e3, 21600e3, 43200e3, 86400e3, 172800e3, 604800e3,
];

/** The bucket width for a window: the smallest readable one that needs no more than `buckets`. */
function bucketWidth(start: number, end: number, buckets: number): number {
  const least = Math.max(1, (end - start) / buckets);
  const readable = WIDTHS.find((width) => width >= least);
  return readable ?? Math.ceil(least / 604800e3) * 604800e3;
}

/** Counts matches per bucket and level. Buckets start at multiples of the width (UTC); all of them are given. */
export function histogramCollector(request: {
  readonly start: number;
  readonly end: number;
  readonly buckets: number;
}): Collector<readonly (readonly [bucket: number, level: number, count: number])[]> & {
  readonly bucketMs: number;
  readonly buckets: () => readonly HistogramBucket[];
} {
  const width = bucketWidth(request.start, request.end, request.buckets);
  const first = Math.floor(request.start / width);
  const size = Math.floor(request.end / width) - first + 1;
  const counts = new Float64Array(size * LEVELS.length);
  let total = 0;
  const add = (time: number, level: number, n: number): void => {
    const bucket = Math.floor(time / width) - first;
    if (bucket < 0 || bucket >= size) return;
    counts[bucket * LEVELS.length + level] = (counts[bucket * LEVELS.length + level] ?? 0) + n;
    total += n;
  };
  return {
    wants: (head, known) =>
      known === null || Math.floor(head.minTime / width) !== Math.floor(head.maxTime / width),
    counted: (head, known) => {
      known.forEach((n, level) => {
        add(head.minTime, level, n);
      });
    },
    take: ({ columns, i }) => add(columns.times[i] ?? 0, columns.levels[i] ?? 0, 1),
    isDone: () => false,
    partial: (last) => {
      if (!last) return null;
      const rows: [number, number, number][] = [];
      counts.forEach((n, at) => {
        if (n > 0) rows.push([Math.floor(at / LEVELS.length), at % LEVELS.length, n]);
      });
      return rows;
    },
    merge: (rows) => {
      for (const [bucket, level, n] of rows) add((bucket + first) * width, level, n);
    },
    found: () => total,
    bucketMs: width,
    buckets: () =>
      Array.from({ length: size }, (_, bucket) => ({
        time: (first + bucket) * width,
        counts: [...counts.subarray(bucket * LEVELS.length, (bucket + 1) * LEVELS.length)],
      })),
  };
}
