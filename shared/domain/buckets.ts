/**
 * What is kept of the samples of one series in one bucket, by column number; docs/metrics-format.md, "Bucket", says what
 * each holds. Times are absolute here, UTC milliseconds, and only stored as distances.
 */
export const BUCKET = {
  count: 0,
  firstTime: 1,
  lastTime: 2,
  first: 3,
  last: 4,
  min: 5,
  max: 6,
  sum: 7,
  drops: 8,
  resets: 9,
  changes: 10,
  stale: 11,
} as const;

export type BucketColumn = keyof typeof BUCKET;

/** How many columns a bucket has. */
export const BUCKET_COLUMNS = 12;

/** The mask of every column. */
export const ALL_COLUMNS = 2 ** BUCKET_COLUMNS - 1;

/** The mask of some columns, one bit each. */
export function columnMask(...columns: readonly BucketColumn[]): number {
  return columns.reduce((mask, column) => mask | (1 << BUCKET[column]), 0);
}

/**
 * Buckets of one series, column-wise, in order of time: bucket i holds the samples of (ends[i] - resolution, ends[i]].
 * Grows as needed; made to be reused from series to series. A column that was not asked for holds anything.
 */
export class BucketBuffer {
  /** Closed ends of the buckets, UTC milliseconds. */
  ends: Float64Array;
  /** By the numbers of {@link BUCKET}. */
  columns: readonly Float64Array[];
  length = 0;

  constructor(capacity = 256) {
    this.ends = new Float64Array(capacity);
    this.columns = Array.from({ length: BUCKET_COLUMNS }, () => new Float64Array(capacity));
  }

  /** Makes room for `more` buckets after the present ones. */
  reserve(more: number): void {
    const needed = this.length + more;
    if (needed <= this.ends.length) return;
    const capacity = Math.max(needed, this.ends.length * 2);
    const grow = (old: Float64Array): Float64Array => {
      const grown = new Float64Array(capacity);
      grown.set(old.subarray(0, this.length));
      return grown;
    };
    this.ends = grow(this.ends);
    this.columns = this.columns.map(grow);
  }

  column(name: BucketColumn): Float64Array {
    const column = this.columns[BUCKET[name]];
    if (column === undefined) throw new Error(`no column ${name}`);
    return column;
  }

  /** Appends buckets [first, end) of another buffer, all columns. */
  append(from: BucketBuffer, first: number, end: number): void {
    this.reserve(end - first);
    this.ends.set(from.ends.subarray(first, end), this.length);
    for (const [i, column] of this.columns.entries())
      column.set(from.columns[i]?.subarray(first, end) ?? [], this.length);
    this.length += end - first;
  }
}
