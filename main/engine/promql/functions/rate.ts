import type { RangeFunction, Window } from '../window.ts';

/** A gap up to so many times the average one is taken to go on beyond the window's end. */
const EXTRAPOLATION = 1.1;

/** The ends of what a window holds; times in milliseconds. */
export type Ends = {
  readonly count: number;
  readonly firstTime: number;
  readonly lastTime: number;
  readonly first: number;
};

/**
 * The increase over a window, extrapolated to its ends as Prometheus 2.42 does: by the distance to the end where that
 * is usual between samples, else by half the average distance; a counter is not extrapolated below zero.
 *
 * @param increase from the first to the last of at least two samples
 */
export function extrapolate(
  increase: number,
  { count, firstTime, lastTime, first }: Ends,
  { start, end }: { readonly start: number; readonly end: number },
  counter: boolean,
  perSecond: boolean,
): number {
  let toStart = (firstTime - start) / 1000;
  const toEnd = (end - lastTime) / 1000;
  const sampled = (lastTime - firstTime) / 1000;
  const average = sampled / (count - 1);
  if (counter && increase > 0 && first >= 0) {
    const toZero = sampled * (first / increase);
    if (toZero < toStart) toStart = toZero;
  }
  const threshold = average * EXTRAPOLATION;
  let covered = sampled;
  covered += toStart < threshold ? toStart : average / 2;
  covered += toEnd < threshold ? toEnd : average / 2;
  let factor = covered / sampled;
  if (perSecond) factor /= (end - start) / 1000;
  return increase * factor;
}

function extrapolated(window: Window, counter: boolean, perSecond: boolean): number {
  const { times, values, from, to } = window;
  if (to - from < 2) return window.none();
  const first = values[from] ?? 0;
  let increase = (values[to - 1] ?? 0) - first;
  if (counter) {
    let before = first;
    for (let i = from + 1; i < to; i++) {
      const now = values[i] ?? 0;
      if (now < before) increase += before;
      before = now;
    }
  }
  const ends = { count: to - from, firstTime: times[from] ?? 0, lastTime: times[to - 1] ?? 0, first };
  return extrapolate(increase, ends, window, counter, perSecond);
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
