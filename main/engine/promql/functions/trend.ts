import { evaluationFails } from '../failure.ts';
import { KahanSum } from '../kahan.ts';
import type { RangeFunction, Window } from '../window.ts';

/** Least squares over the window; the intercept is the value at `zero` (milliseconds), the slope is per second. */
function regression(window: Window, zero: number): { readonly slope: number; readonly intercept: number } {
  const { times, values, from, to } = window;
  const x = new KahanSum();
  const y = new KahanSum();
  const xy = new KahanSum();
  const xx = new KahanSum();
  const first = values[from] ?? 0;
  let constant = true;
  for (let i = from; i < to; i++) {
    const value = values[i] ?? 0;
    if (constant && i > from && value !== first) constant = false;
    const seconds = ((times[i] ?? 0) - zero) / 1000;
    x.add(seconds);
    y.add(value);
    xy.add(seconds * value);
    xx.add(seconds * seconds);
  }
  if (constant) {
    if (Math.abs(first) === Number.POSITIVE_INFINITY) return { slope: Number.NaN, intercept: Number.NaN };
    return { slope: 0, intercept: first };
  }
  const count = to - from;
  const slope = (xy.total - (x.total * y.total) / count) / (xx.total - (x.total * x.total) / count);
  return { slope, intercept: y.total / count - (slope * x.total) / count };
}

/** Double exponential smoothing (Holt and Winters). */
function smoothed(window: Window): number {
  const [smoothing = 0, trendFactor = 0] = window.args;
  // NaN is let through, as in Prometheus.
  if (smoothing <= 0 || smoothing >= 1) evaluationFails('SMOOTHING', { value: smoothing });
  if (trendFactor <= 0 || trendFactor >= 1) evaluationFails('TREND', { value: trendFactor });
  if (window.count < 2) return window.none();
  const { values, from, to } = window;
  let before = 0;
  let level = values[from] ?? 0;
  let trend = (values[from + 1] ?? 0) - level;
  for (let i = from + 1; i < to; i++) {
    if (i > from + 1) trend = trendFactor * (level - before) + (1 - trendFactor) * trend;
    const next = smoothing * (values[i] ?? 0) + (1 - smoothing) * (level + trend);
    before = level;
    level = next;
  }
  return level;
}

/** Range functions that fit a line. */
export const trendFunctions: Readonly<Record<string, RangeFunction>> = {
  deriv: (window) =>
    window.count < 2 ? window.none() : regression(window, window.times[window.from] ?? 0).slope,
  predict_linear: (window) => {
    if (window.count < 2) return window.none();
    const { slope, intercept } = regression(window, window.at);
    return slope * (window.args[0] ?? 0) + intercept;
  },
  holt_winters: smoothed,
};
