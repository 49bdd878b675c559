import type { RangeFunction, Window } from '../window.ts';

/** A gap up to so many times the average one is taken to go on beyond the window's end. */
const EXTRAPOLATION = 1.1;

/**
 * The increase over a window, extrapolated to its ends as Prometheus 2.42 does: by the distance to the end where that
 * is usual between samples, else by half the average distance; a counter is not extrapolated below zero.
 */
function extrapolated(window: Window, counter: boolean, perSecond: boolean): number {
  const { times, values, from, to } = window;
  if (to - from < 2) return window.none();
  const first = values[from] ?? 0;
  const last = values[to - 1] ?? 0;
  let increase = last - first;
  if (counter) {
    let before = first;
    for (let i = from + 1; i < to; i++) {
      const now = values[i] ?? 0;
      if (now < before) increase += before;
      before = now;
    }
  }
  const firstTime = times[from] ?? 0;
  const lastTime = times[to - 1] ?? 0;
  let toStart = (firstTime - window.start) / 1000;
  const toEnd = (window.end - lastTime) / 1000;
  const sampled = (lastTime - firstTime) / 1000;
  const average = sampled / (to - from - 1);
  if (counter && increase > 0 && first >= 0) {
    const toZero = sampled * (first / increase);
    if (toZero < toStart) toStart = toZero;
  }
  const threshold = average * EXTRAPOLATION;
  let covered = sampled;
  covered += toStart < threshold ? toStart : average / 2;
  covered += toEnd < threshold ? toEnd : average / 2;
  let factor = covered / sampled;
  if (perSecond) factor /= (window.end - window.start) / 1000;
  return increase * factor;
}

/** From the last two samples only. */
function instant(window: Window, perSecond: boolean): number {
  const { times, values, to } = window;
  if (window.count < 2) return window.none();
  const last = values[to - 1] ?? 0;
  const previous = values[to - 2] ?? 0;
  const elapsed = (times[to - 1] ?? 0) - (times[to - 2] ?? 0);
  if (elapsed === 0) return window.none();
  if (!perSecond) return last - previous;
  // A counter that fell was set back to zero in between.
  return (last < previous ? last : last - previous) / (elapsed / 1000);
}

function countPairs(window: Window, counts: (now: number, before: number) => boolean): number {
  const { values, from, to } = window;
  let count = 0;
  for (let i = from + 1; i < to; i++) if (counts(values[i] ?? 0, values[i - 1] ?? 0)) count++;
  return count;
}

/** Range functions about how a series moves. */
export const rateFunctions: Readonly<Record<string, RangeFunction>> = {
  rate: (window) => extrapolated(window, true, true),
  increase: (window) => extrapolated(window, true, false),
  delta: (window) => extrapolated(window, false, false),
  irate: (window) => instant(window, true),
  idelta: (window) => instant(window, false),
  changes: (window) =>
    countPairs(window, (now, before) => now !== before && !(Number.isNaN(now) && Number.isNaN(before))),
  resets: (window) => countPairs(window, (now, before) => now < before),
};
