import * as z from 'zod';

/** How one value is made of a series. */
export const calcSchema = z.enum([
  'last',
  'lastNotNull',
  'first',
  'firstNotNull',
  'min',
  'max',
  'mean',
  'median',
  'sum',
  'count',
  'range',
  'diff',
]);
export type Calc = z.output<typeof calcSchema>;
