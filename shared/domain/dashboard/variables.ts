import * as z from 'zod';
import { localized, titleSchema } from './text.ts';

/** Stands in a selection for every value there is. */
export const ALL = '$__all';

const name = z
  .string()
  .min(1)
  .max(200)
  .regex(/^\w+$/, 'may consist of letters, digits and _ only')
  .refine((text) => !text.startsWith('__'), { message: 'names that begin with __ belong to the console' });

const common = {
  name,
  label: titleSchema.default(''),
  description: localized(2000).default(''),
  /** `label`: only the values are shown; `all`: nothing is. */
  hidden: z.enum(['no', 'label', 'all']).default('no'),
};

const value = z.string().max(5000);
const optionSchema = z.strictObject({ text: z.string().max(5000), value });

const choosing = {
  multi: z.boolean().default(false),
  includeAll: z.boolean().default(false),
  /** What stands for all values, as it is; empty: each of them. */
  allValue: z.string().max(5000).default(''),
  /** What is chosen before somebody chooses; `$__all` for all. Empty: the first. */
  chosen: z.array(value).max(1000).default([]),
};

/** Where a variable's values come from. Variables that stand before it in the list may be used. */
const variableSourceSchema = z.discriminatedUnion('of', [
  /** Values that a label had in the dashboard's range, so that a host that is dead by now is still there. */
  z.strictObject({
    of: z.literal('labelValues'),
    label: z.string().min(1).max(1000),
    /** A selector, e.g. `up{job="node"}`; empty for all series. */
    selector: z.string().max(20_000).default(''),
  }),
  z.strictObject({ of: z.literal('labelNames'), selector: z.string().max(20_000).default('') }),
  /** Names of metrics that a regular expression finds. */
  z.strictObject({ of: z.literal('metrics'), pattern: z.string().max(1000) }),
  /** Series as PromQL writes them. */
  z.strictObject({ of: z.literal('series'), selector: z.string().min(1).max(20_000) }),
  /** The result of an expression at the end of the range, written as `name{label="value"} 1 1600000000000`. */
  z.strictObject({ of: z.literal('result'), expr: z.string().min(1).max(20_000) }),
]);
export type VariableSource = z.output<typeof variableSourceSchema>;

const variableSortSchema = z.enum([
  'none',
  'text',
  'text-descending',
  'number',
  'number-descending',
  'any-case',
  'any-case-descending',
  'natural',
  'natural-descending',
]);
export type VariableSort = z.output<typeof variableSortSchema>;

/** A name that stands for values in expressions, titles and links. */
export const variableSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('query'),
    ...common,
    ...choosing,
    source: variableSourceSchema,
    /**
     * Keeps the values that it finds; what its first group finds, or its groups `value` and `text`, stands in their place.
     * `/…/flags` or bare.
     */
    regex: z.string().max(1000).default(''),
    sort: variableSortSchema.default('none'),
  }),
  z.strictObject({
    kind: z.literal('custom'),
    ...common,
    ...choosing,
    options: z.array(optionSchema).max(1000).default([]),
  }),
  z.strictObject({
    kind: z.literal('interval'),
    ...common,
    choices: z.array(z.string().min(1).max(50)).min(1).max(100),
    /** Offers the range divided by `count` as well, but not less than `least`. */
    auto: z
      .strictObject({
        count: z.int().min(1).max(1000).default(30),
        least: z.string().max(50).default('10s'),
      })
      .nullable()
      .default(null),
    /** Empty: the first; `$__auto` for the divided range. */
    chosen: z.string().max(50).default(''),
  }),
  z.strictObject({ kind: z.literal('constant'), ...common, value: z.string().max(20_000).default('') }),
  /** Typed by the operator. */
  z.strictObject({ kind: z.literal('text'), ...common, value: z.string().max(5000).default('') }),
]);
export type Variable = z.output<typeof variableSchema>;

/** The chosen value of an interval variable that divides the range. */
export const AUTO_INTERVAL = '$__auto';

/** A value that can be chosen. */
export type VariableOption = z.output<typeof optionSchema>;
export { optionSchema as variableOptionSchema };
