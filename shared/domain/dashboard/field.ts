import * as z from 'zod';
import { titleSchema } from './text.ts';

/**
 * What a value is coloured with: a state of the console's own palette, which is told by shape and word as well, a place in the
 * charts' palette, or a colour of the operator's own.
 */
export const colorSchema = z.union([
  z.enum(['ok', 'warning', 'critical', 'unknown', 'neutral', 'accent']),
  z.string().regex(/^palette-([0-9]|1[0-9])$/),
  z.string().regex(/^#[0-9a-fA-F]{6}$/),
]);
export type DashboardColor = z.output<typeof colorSchema>;

const finite = z.number();

/** From a value on, a colour. The first step has no value: it holds from below everything. */
const thresholdsSchema = z.strictObject({
  /** `percent` counts between the field's least and greatest value. */
  mode: z.enum(['absolute', 'percent']).default('absolute'),
  steps: z
    .array(z.strictObject({ from: finite.nullable(), color: colorSchema }))
    .max(50)
    .default([]),
});
export type Thresholds = z.output<typeof thresholdsSchema>;

const mappedTo = {
  text: titleSchema.optional(),
  color: colorSchema.optional(),
};

/** What is shown in a value's place. The first that fits holds. */
export const mappingSchema = z.discriminatedUnion('of', [
  /** A value as it is written, e.g. `1` or `up`. */
  z.strictObject({ of: z.literal('value'), value: z.string().max(1000), ...mappedTo }),
  /** Both ends inside; null is open. */
  z.strictObject({ of: z.literal('range'), from: finite.nullable(), to: finite.nullable(), ...mappedTo }),
  z.strictObject({ of: z.literal('regex'), pattern: z.string().max(1000), ...mappedTo }),
  z.strictObject({
    of: z.literal('special'),
    match: z.enum(['null', 'nan', 'null+nan', 'true', 'false', 'empty']),
    ...mappedTo,
  }),
]);
export type Mapping = z.output<typeof mappingSchema>;

/** Where a link leads. The console goes nowhere outside itself: an address of the world is shown, to be copied. */
export const linkSchema = z.strictObject({
  title: titleSchema.default(''),
  to: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('dashboard'), uid: z.string().max(200) }),
    /** All dashboards that have all of these tags. */
    z.strictObject({ kind: z.literal('tags'), tags: z.array(z.string().max(100)).max(20) }),
    /** An address inside the app, e.g. `/hosts/app-2`; variables may stand in it. */
    z.strictObject({ kind: z.literal('app'), path: z.string().max(2000) }),
    z.strictObject({ kind: z.literal('url'), url: z.string().max(4000) }),
  ]),
  keepTime: z.boolean().default(false),
  keepVariables: z.boolean().default(false),
});
export type DashboardLink = z.output<typeof linkSchema>;

/** How a series is drawn over time. */
const drawShape = {
  style: z.enum(['line', 'bars', 'points']),
  line: z.enum(['linear', 'smooth', 'step-before', 'step-after']),
  /** Pixels. */
  width: z.number().min(0).max(20),
  dash: z.boolean(),
  /** Percent. */
  fill: z.number().min(0).max(100),
  points: z.enum(['auto', 'always', 'never']),
  stack: z.enum(['none', 'normal', 'percent']),
  axis: z.enum(['left', 'right', 'hidden']),
  axisLabel: z.string().max(200),
  scale: z.enum(['linear', 'log2', 'log10']),
  /** Gaps are gaps, unless somebody asks for lines over them: all of them, or those up to so many milliseconds. */
  overGaps: z.union([z.boolean(), z.int().min(1)]),
  thresholds: z.enum(['off', 'line', 'area']),
  /** Below the axis: shown with the sign turned round. */
  mirrored: z.boolean(),
};

export const drawSchema = z.strictObject({
  style: drawShape.style.default('line'),
  line: drawShape.line.default('linear'),
  width: drawShape.width.default(1.5),
  dash: drawShape.dash.default(false),
  fill: drawShape.fill.default(0),
  points: drawShape.points.default('auto'),
  stack: drawShape.stack.default('none'),
  axis: drawShape.axis.default('left'),
  axisLabel: drawShape.axisLabel.default(''),
  scale: drawShape.scale.default('linear'),
  overGaps: drawShape.overGaps.default(false),
  thresholds: drawShape.thresholds.default('off'),
  mirrored: drawShape.mirrored.default(false),
});
export type Draw = z.output<typeof drawSchema>;

const colorModeSchema = z.discriminatedUnion('mode', [
  /** The charts' palette, by place. */
  z.strictObject({ mode: z.literal('palette') }),
  z.strictObject({ mode: z.literal('thresholds') }),
  z.strictObject({ mode: z.literal('fixed'), color: colorSchema }),
  /** From the least to the greatest value. */
  z.strictObject({ mode: z.literal('scale'), from: colorSchema, to: colorSchema }),
]);

const fieldShape = {
  /** An id of `shared/units/display.ts`; '' is a bare number. */
  unit: z.string().max(100),
  /** Null: as many as the value needs. */
  decimals: z.int().min(0).max(15).nullable(),
  min: finite.nullable(),
  max: finite.nullable(),
  /** In the place of the series' name; variables and `${__field.labels.x}` may stand in it. */
  name: z.string().max(500),
  /** In the place of nothing. */
  noValue: titleSchema,
  mappings: z.array(mappingSchema).max(500),
  thresholds: thresholdsSchema,
  color: colorModeSchema,
  links: z.array(linkSchema).max(20),
};

/** How a table shows a column. */
const columnShape = {
  hidden: z.boolean(),
  /** Pixels; null leaves it to the table. */
  width: z.int().min(10).max(5000).nullable(),
  cell: z.enum(['text', 'color-text', 'color-cell', 'bar']),
  align: z.enum(['auto', 'left', 'center', 'right']),
};

/** How the values of a panel are shown. */
export const fieldSchema = z.strictObject({
  unit: fieldShape.unit.default(''),
  decimals: fieldShape.decimals.default(null),
  min: fieldShape.min.default(null),
  max: fieldShape.max.default(null),
  name: fieldShape.name.default(''),
  noValue: fieldShape.noValue.default(''),
  mappings: fieldShape.mappings.default([]),
  thresholds: thresholdsSchema.default({ mode: 'absolute', steps: [] }),
  color: colorModeSchema.default({ mode: 'palette' }),
  links: fieldShape.links.default([]),
  draw: drawSchema.default(() => drawSchema.parse({})),
});
export type FieldOptions = z.output<typeof fieldSchema>;

/** Which series or columns an override means. */
const fieldMatchSchema = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('name'), name: z.string().max(1000) }),
  z.strictObject({ by: z.literal('regex'), pattern: z.string().max(1000) }),
  /** All that one target gives. */
  z.strictObject({ by: z.literal('target'), ref: z.string().max(100) }),
  z.strictObject({ by: z.literal('type'), type: z.enum(['number', 'text', 'time']) }),
]);

/** Other settings for some of the series; what is not named stays as the panel has it. */
export const overrideSchema = z.strictObject({
  match: fieldMatchSchema,
  set: z.strictObject({ ...fieldShape, ...columnShape, draw: z.strictObject(drawShape).partial() }).partial(),
});
export type FieldOverride = z.output<typeof overrideSchema>;
