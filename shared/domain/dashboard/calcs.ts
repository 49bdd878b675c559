import type { Calc } from './calc-names.ts';

/** One value of a series, oldest first; null where there is none. NaN counts as no value but for `last` and `first`. */
export function calculate(values: readonly (number | null)[], calc: Calc): number | null {
  if (calc === 'last') return values.at(-1) ?? null;
  if (calc === 'first') return values[0] ?? null;
  const present = values.filter((value): value is number => value !== null && !Number.isNaN(value));
  if (calc === 'count') return present.length;
  const [first] = present;
  const last = present.at(-1);
  if (first === undefined || last === undefined) return null;
  switch (calc) {
    case 'lastNotNull':
      return last;
    case 'firstNotNull':
      return first;
    case 'min':
      return present.reduce((a, b) => Math.min(a, b));
    case 'max':
      return present.reduce((a, b) => Math.max(a, b));
    case 'sum':
      return present.reduce((a, b) => a + b);
    case 'mean':
      return present.reduce((a, b) => a + b) / present.length;
    case 'median':
      return median(present);
    case 'range':
      return present.reduce((a, b) => Math.max(a, b)) - present.reduce((a, b) => Math.min(a, b));
    case 'diff':
      return last - first;
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}
