import type { RangeFunction } from '../window.ts';
import { dateFunctions } from './dates.ts';
import { histogramFunctions } from './histogram.ts';
import { labelFunctions } from './labels.ts';
import { type EachFunction, mathFunctions } from './math.ts';
import { overTimeFunctions } from './over-time.ts';
import { rateFunctions } from './rate.ts';
import { shapeFunctions } from './shape.ts';
import { trendFunctions } from './trend.ts';
import type { WholeFunction } from './whole.ts';

/** How a function is computed. */
export type FunctionEntry =
  /** From the samples of one series in a window. */
  | {
      readonly kind: 'range';
      readonly compute: RangeFunction;
      readonly keepsName: boolean;
    }
  /** From each value by itself; the metric's name is dropped. */
  | { readonly kind: 'each'; readonly compute: EachFunction }
  /** A part of the date of each value, or of the step when there is no argument. */
  | { readonly kind: 'date'; readonly compute: (seconds: number) => number }
  | { readonly kind: 'whole'; readonly compute: WholeFunction }
  /** absent_over_time: looks at all series of a range at once. */
  | { readonly kind: 'absent-range' };

function entries<F>(
  functions: Readonly<Record<string, F>>,
  entry: (name: string, compute: F) => FunctionEntry,
): [string, FunctionEntry][] {
  return Object.entries(functions).map(([name, compute]) => [name, entry(name, compute)]);
}

const range = (name: string, compute: RangeFunction): FunctionEntry => ({
  kind: 'range',
  compute,
  keepsName: name === 'last_over_time',
});
const whole = (_name: string, compute: WholeFunction): FunctionEntry => ({ kind: 'whole', compute });

/** Every function by its name; the one place where a function is made known. Its types stand in `signatures.ts`. */
export const FUNCTIONS: ReadonlyMap<string, FunctionEntry> = new Map([
  ...entries(rateFunctions, range),
  ...entries(overTimeFunctions, range),
  ...entries(trendFunctions, range),
  ...entries(mathFunctions, (_name, compute) => ({ kind: 'each', compute })),
  ...entries(dateFunctions, (_name, compute) => ({ kind: 'date', compute })),
  ...entries(shapeFunctions, whole),
  ...entries(labelFunctions, whole),
  ...entries(histogramFunctions, whole),
  ['absent_over_time', { kind: 'absent-range' }],
]);
