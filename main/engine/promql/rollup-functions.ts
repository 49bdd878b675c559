import type { BucketFold } from '#shared/domain/bucket-fold.ts';
import { columnMask } from '#shared/domain/buckets.ts';
import { extrapolate } from './functions/rate.ts';

/** The window of a range function, milliseconds. */
export type BucketWindow = { readonly start: number; readonly end: number };

/** A range function that can be computed from what is kept of buckets. */
export type BucketFunction = {
  /** The columns that it looks at, as a mask. */
  readonly columns: number;
  /** Whether the value grows with the window's length, so that a rounded window's value is scaled. */
  readonly extensive: boolean;
  /** From all buckets of a window put together, at least one sample; null where there is no answer. */
  readonly compute: (fold: BucketFold, window: BucketWindow) => number | null;
};

/** What every reader needs: whether there are samples, and the one that may lie exactly on the window's start. */
export const EDGE_COLUMNS = columnMask('count', 'lastTime', 'last', 'stale');

function simple(
  columns: number,
  compute: (fold: BucketFold) => number,
  { extensive = false }: { readonly extensive?: boolean } = {},
): BucketFunction {
  return { columns: columns | EDGE_COLUMNS, extensive, compute };
}

function rateOf(counter: boolean, perSecond: boolean): BucketFunction {
  return {
    columns: columnMask('firstTime', 'first', 'drops') | EDGE_COLUMNS,
    extensive: !perSecond,
    compute: (fold, window) => {
      if (fold.count < 2) return null;
      const increase = fold.last - fold.first + (counter ? fold.drops : 0);
      return extrapolate(increase, fold, window, counter, perSecond);
    },
  };
}

/**
 * The range functions that roll-ups answer as the samples would, up to the rounding of sums; by name. `absent_over_time`
 * asks for `present_over_time`.
 */
export const BUCKET_FUNCTIONS: ReadonlyMap<string, BucketFunction> = new Map([
  ['rate', rateOf(true, true)],
  ['increase', rateOf(true, false)],
  ['delta', rateOf(false, false)],
  ['resets', simple(columnMask('first', 'resets'), (fold) => fold.resets, { extensive: true })],
  ['changes', simple(columnMask('first', 'changes'), (fold) => fold.changes, { extensive: true })],
  ['sum_over_time', simple(columnMask('sum'), (fold) => fold.sum, { extensive: true })],
  ['avg_over_time', simple(columnMask('sum'), (fold) => fold.sum / fold.count)],
  ['count_over_time', simple(0, (fold) => fold.count, { extensive: true })],
  ['min_over_time', simple(columnMask('min'), (fold) => fold.min)],
  ['max_over_time', simple(columnMask('max'), (fold) => fold.max)],
  ['last_over_time', simple(0, (fold) => fold.last)],
  ['present_over_time', simple(0, () => 1)],
]);
