import * as z from 'zod';
import { calcSchema } from './calc-names.ts';

const column = z.string().max(1000);

/** A change of a panel's table before it is shown; they are done one after the other. */
export const transformationSchema = z.discriminatedUnion('do', [
  /** Hides, renames and orders columns. */
  z.strictObject({
    do: z.literal('organize'),
    hide: z.array(column).max(500).default([]),
    rename: z.record(column, column).default({}),
    /** These first, in this order. */
    order: z.array(column).max(500).default([]),
  }),
  /** Keeps columns by name. */
  z.strictObject({
    do: z.literal('keep'),
    names: z.array(column).max(500).default([]),
    pattern: z.string().max(1000).default(''),
  }),
  /** Renames columns and series. `to` may use `$1`. */
  z.strictObject({ do: z.literal('rename'), pattern: z.string().max(1000), to: z.string().max(1000) }),
  z.strictObject({ do: z.literal('sort'), by: column, descending: z.boolean().default(false) }),
  z.strictObject({ do: z.literal('limit'), rows: z.int().min(0).max(100_000) }),
  /** Rows of all targets as one table. */
  z.strictObject({ do: z.literal('merge') }),
  /** Side by side, where the values of one column are the same. */
  z.strictObject({
    do: z.literal('join'),
    by: column.default('Time'),
    mode: z.enum(['outer', 'inner']).default('outer'),
  }),
  /** One row a series, with one column a calculation. */
  z.strictObject({ do: z.literal('reduce'), calcs: z.array(calcSchema).min(1).max(12) }),
  /** Labels become columns; `value` names the label whose value names the column of values. */
  z.strictObject({ do: z.literal('labels'), value: column.default('') }),
  /** Keeps or leaves out rows. */
  z.strictObject({
    do: z.literal('filter'),
    keep: z.boolean().default(true),
    all: z.boolean().default(true),
    when: z
      .array(
        z.strictObject({
          column,
          is: z.enum([
            'equal',
            'not-equal',
            'less',
            'less-or-equal',
            'greater',
            'greater-or-equal',
            'regex',
            'null',
            'not-null',
          ]),
          value: z.string().max(1000).default(''),
        }),
      )
      .min(1)
      .max(50),
  }),
]);
export type Transformation = z.output<typeof transformationSchema>;
