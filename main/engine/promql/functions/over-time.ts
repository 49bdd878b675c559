import { KahanSum } from '../kahan.ts';
import { quantile } from '../quantile.ts';
import type { RangeFunction, Window } from '../window.ts';

function sum(window: Window): number {
  const kahan = new KahanSum();
  for (let i = window.from; i < window.to; i++) kahan.add(window.values[i] ?? 0);
  return Number.isFinite(kahan.sum) ? kahan.total : kahan.sum;
}

/** The mean, moved on value by value, so that it does not overflow where the sum would. */
function average(window: Window): number {
  const mean = new KahanSum();
  let count = 0;
  for (let i = window.from; i < window.to; i++) {
    const value = window.values[i] ?? 0;
    count++;
    if (Math.abs(mean.sum) === Number.POSITIVE_INFINITY) {
      // An infinite mean stays, unless NaN or the other infinity comes.
      if (Math.abs(value) === Number.POSITIVE_INFINITY && mean.sum > 0 === value > 0) continue;
      if (Number.isFinite(value)) continue;
    }
    mean.add(value / count - mean.sum / count);
  }
  return Math.abs(mean.sum) === Number.POSITIVE_INFINITY ? mean.sum : mean.total;
}

/** Population variance by Welford's method. */
function variance(window: Window): number {
  const mean = new KahanSum();
  const squares = new KahanSum();
  let count = 0;
  for (let i = window.from; i < window.to; i++) {
    const value = window.values[i] ?? 0;
    count++;
    const delta = value - mean.total;
    mean.add(delta / count);
    squares.add(delta * (value - mean.total));
  }
  return squares.total / count;
}

function extreme(window: Window, better: (value: number, best: number) => boolean): number {
  let best = window.values[window.from] ?? 0;
  for (let i = window.from + 1; i < window.to; i++) {
    const value = window.values[i] ?? 0;
    if (better(value, best) || Number.isNaN(best)) best = value;
  }
  return best;
}

/** Range functions that aggregate a series over time. */
export const overTimeFunctions: Readonly<Record<string, RangeFunction>> = {
  sum_over_time: sum,
  avg_over_time: average,
  count_over_time: (window) => window.count,
  min_over_time: (window) => extreme(window, (value, best) => value < best),
  max_over_time: (window) => extreme(window, (value, best) => value > best),
  last_over_time: (window) => window.values[window.to - 1] ?? 0,
  present_over_time: () => 1,
  stdvar_over_time: variance,
  stddev_over_time: (window) => Math.sqrt(variance(window)),
  quantile_over_time: (window) =>
    quantile(window.args[0] ?? Number.NaN, window.values.slice(window.from, window.to)),
};
