import type { ValueType } from './ast.ts';

/** What a function takes and gives. */
export type Signature = {
  readonly args: readonly ValueType[];
  /** How many of the last arguments may be left out; -1: the last may be repeated, or left out. */
  readonly optional: number;
  readonly result: ValueType;
};

const rangeFunction: Signature = { args: ['matrix'], optional: 0, result: 'vector' };
const vectorFunction: Signature = { args: ['vector'], optional: 0, result: 'vector' };
const dateFunction: Signature = { args: ['vector'], optional: 1, result: 'vector' };
const withScalars = (scalars: number, optional = 0): Signature => ({
  args: ['vector', ...new Array<ValueType>(scalars).fill('scalar')],
  optional,
  result: 'vector',
});

function named(names: string, signature: Signature): [string, Signature][] {
  return names.split(' ').map((name) => [name, signature]);
}

/** The functions of Prometheus 2.42, all 70 of them. */
export const SIGNATURES: ReadonlyMap<string, Signature> = new Map<string, Signature>([
  ...named(
    'absent_over_time avg_over_time changes count_over_time delta deriv idelta increase irate last_over_time ' +
      'max_over_time min_over_time present_over_time rate resets stddev_over_time stdvar_over_time sum_over_time',
    rangeFunction,
  ),
  ...named(
    'abs absent acos acosh asin asinh atan atanh ceil cos cosh deg exp floor histogram_count histogram_sum ln ' +
      'log10 log2 rad sgn sin sinh sort sort_desc sqrt tan tanh timestamp',
    vectorFunction,
  ),
  ...named('day_of_month day_of_week day_of_year days_in_month hour minute month year', dateFunction),
  ['clamp', withScalars(2)],
  ['clamp_max', withScalars(1)],
  ['clamp_min', withScalars(1)],
  ['round', withScalars(1, 1)],
  ['histogram_quantile', { args: ['scalar', 'vector'], optional: 0, result: 'vector' }],
  ['histogram_fraction', { args: ['scalar', 'scalar', 'vector'], optional: 0, result: 'vector' }],
  ['holt_winters', { args: ['matrix', 'scalar', 'scalar'], optional: 0, result: 'vector' }],
  ['predict_linear', { args: ['matrix', 'scalar'], optional: 0, result: 'vector' }],
  ['quantile_over_time', { args: ['scalar', 'matrix'], optional: 0, result: 'vector' }],
  [
    'label_replace',
    { args: ['vector', 'string', 'string', 'string', 'string'], optional: 0, result: 'vector' },
  ],
  ['label_join', { args: ['vector', 'string', 'string', 'string'], optional: -1, result: 'vector' }],
  ['pi', { args: [], optional: 0, result: 'scalar' }],
  ['time', { args: [], optional: 0, result: 'scalar' }],
  ['scalar', { args: ['vector'], optional: 0, result: 'scalar' }],
  ['vector', { args: ['scalar'], optional: 0, result: 'vector' }],
]);
