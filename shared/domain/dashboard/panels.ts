import * as z from 'zod';
import { calcSchema } from './calc-names.ts';
import { fieldSchema, linkSchema, overrideSchema } from './field.ts';
import { localized, titleSchema } from './text.ts';
import { transformationSchema } from './transformations.ts';

/** Columns of the grid. */
export const GRID_COLUMNS = 24;
/** Height of one row of the grid on the screen, and the space between panels, pixels. */
export const GRID_ROW_PX = 30;
export const GRID_GAP_PX = 8;

/** Where a panel stands in its row, in columns and grid rows. */
const placeSchema = z
  .strictObject({
    x: z
      .int()
      .min(0)
      .max(GRID_COLUMNS - 1),
    y: z.int().min(0).max(10_000),
    w: z.int().min(1).max(GRID_COLUMNS),
    h: z.int().min(1).max(200),
  })
  .refine(({ x, w }) => x + w <= GRID_COLUMNS, { message: 'reaches beyond the last column' });
export type Place = z.output<typeof placeSchema>;

/** One expression of a panel. */
export const targetSchema = z.strictObject({
  ref: z.string().min(1).max(100),
  /** PromQL; variables may stand in it. Empty: not written yet. */
  expr: z.string().max(20_000),
  /** `{{label}}` is that label's value; empty: what tells the series apart. */
  legend: z.string().max(1000).default(''),
  mode: z.enum(['range', 'instant']).default('range'),
  /** A duration such as `30s`, or a variable; empty: as fine as the panel is wide. */
  minStep: z.string().max(100).default(''),
  /** Buckets are series with `le`, which a heat map takes apart. */
  format: z.enum(['series', 'table', 'buckets']).default('series'),
  hidden: z.boolean().default(false),
});
export type Target = z.output<typeof targetSchema>;

const legendSchema = z.strictObject({
  shown: z.boolean().default(true),
  place: z.enum(['bottom', 'right']).default('bottom'),
  /** Columns beside the name. */
  calcs: z.array(calcSchema).max(12).default([]),
});

const common = {
  /** Unique in its dashboard. */
  id: z.int().min(1).max(1e9),
  title: titleSchema.default(''),
  description: localized(10_000).default(''),
  place: placeSchema,
  /** The panel stands once for each chosen value of a variable. */
  repeat: z
    .strictObject({
      variable: z.string().max(200),
      direction: z.enum(['across', 'down']).default('across'),
      /** Most beside each other. */
      most: z.int().min(1).max(GRID_COLUMNS).default(4),
    })
    .nullable()
    .default(null),
  links: z.array(linkSchema).max(50).default([]),
};

/** Of panels that ask for series. */
const asking = {
  ...common,
  targets: z.array(targetSchema).max(50).default([]),
  /** A span of its own that ends with the dashboard's, e.g. `7d`; and how far back all of it lies, e.g. `1d`. */
  span: z.string().max(100).default(''),
  shift: z.string().max(100).default(''),
  field: fieldSchema.default(() => fieldSchema.parse({})),
  overrides: z.array(overrideSchema).max(200).default([]),
  transformations: z.array(transformationSchema).max(50).default([]),
};

const orientation = z.enum(['auto', 'horizontal', 'vertical']).default('auto');
const calc = calcSchema.default('lastNotNull');

/** Every kind of panel with what is its own. */
export const panelSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('timeseries'),
    ...asking,
    legend: legendSchema.default(() => legendSchema.parse({})),
    tooltip: z.enum(['one', 'all']).default('all'),
  }),
  z.strictObject({
    kind: z.literal('stat'),
    ...asking,
    calc,
    /** A small line behind the value. */
    spark: z.boolean().default(false),
    show: z.enum(['auto', 'value', 'value-and-name', 'name']).default('auto'),
    colored: z.enum(['none', 'value', 'background']).default('value'),
    orientation,
  }),
  z.strictObject({ kind: z.literal('gauge'), ...asking, calc, orientation }),
  z.strictObject({ kind: z.literal('bar'), ...asking, calc, orientation }),
  z.strictObject({
    kind: z.literal('table'),
    ...asking,
    sort: z
      .array(z.strictObject({ column: z.string().max(1000), descending: z.boolean().default(false) }))
      .max(5)
      .default([]),
  }),
  z.strictObject({
    kind: z.literal('heatmap'),
    ...asking,
    /** What is counted: samples of series, put into buckets by the panel, or series that are buckets. */
    counts: z.enum(['buckets', 'samples']).default('buckets'),
    scale: z.enum(['linear', 'log2', 'log10']).default('linear'),
  }),
  z.strictObject({
    kind: z.literal('states'),
    ...asking,
    /** Equal values beside each other are one bar. */
    merged: z.boolean().default(true),
    showValue: z.enum(['auto', 'always', 'never']).default('auto'),
    legend: legendSchema.default(() => legendSchema.parse({})),
  }),
  z.strictObject({
    kind: z.literal('logs'),
    ...common,
    /** A search as on the logs page; variables may stand in it. */
    query: z.string().max(4000).default(''),
    limit: z.int().min(1).max(1000).default(100),
    oldestFirst: z.boolean().default(false),
    wrap: z.boolean().default(false),
  }),
  z.strictObject({
    kind: z.literal('alerts'),
    ...common,
    show: z.enum(['firing', 'all']).default('firing'),
    severities: z
      .array(z.enum(['critical', 'warning', 'info']))
      .max(3)
      .default(['critical', 'warning', 'info']),
    /** Labels that the alert must have; variables may stand in the values, which are regular expressions. */
    labels: z.record(z.string().max(200), z.string().max(1000)).default({}),
    /** A part of the alert's sentence, in any case. */
    contains: z.string().max(500).default(''),
    limit: z.int().min(1).max(500).default(20),
  }),
  z.strictObject({
    kind: z.literal('backups'),
    ...common,
    /** Names of plans; empty for all. */
    plans: z.array(z.string().max(200)).max(100).default([]),
  }),
  z.strictObject({
    kind: z.literal('text'),
    ...common,
    format: z.enum(['markdown', 'plain']).default('markdown'),
    content: localized(200_000).default(''),
  }),
]);
export type Panel = z.output<typeof panelSchema>;
export type PanelKind = Panel['kind'];
/** A panel of one kind. */
export type PanelOf<K extends PanelKind> = Extract<Panel, { readonly kind: K }>;
/** A panel that asks for series. */
export type AskingPanel = Extract<Panel, { readonly targets: readonly Target[] }>;

/** Whether a panel asks for series. */
export function isAsking(panel: Panel): panel is AskingPanel {
  return 'targets' in panel;
}
