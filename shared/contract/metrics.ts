import * as z from 'zod';
import { METRIC_TYPES } from '../domain/metric-types.ts';
import { bilingual, done, nothing, request, timestamp } from './define.ts';
import { metricsForecastSchema, metricsSettingsSchema } from './metrics-settings.ts';
import { metricsUsageSchema, seriesLimitsSchema } from './metrics-usage.ts';

const labelSet = z.record(z.string(), z.string());
export type LabelSet = z.infer<typeof labelSet>;

/** A PromQL expression; bounded, so that a hostile one costs nothing to refuse. */
export const expressionSchema = z.string().min(1).max(20_000);

/** `[unix seconds, "value"]`, as Prometheus' HTTP API writes a sample. */
const apiSample = z.tuple([z.number(), z.string()]);

/** The `data` member of Prometheus' query API. */
const queryDataSchema = z.discriminatedUnion('resultType', [
  z.object({ resultType: z.literal('scalar'), result: apiSample }),
  z.object({ resultType: z.literal('string'), result: apiSample }),
  z.object({
    resultType: z.literal('vector'),
    result: z.array(z.object({ metric: labelSet, value: apiSample })),
  }),
  z.object({
    resultType: z.literal('matrix'),
    result: z.array(z.object({ metric: labelSet, values: z.array(apiSample) })),
  }),
]);
export type QueryData = z.infer<typeof queryDataSchema>;

/** A range result column-wise, for charts: one time axis, one value column a series, null where there is no sample. */
const columnsSchema = z.object({
  /** UTC milliseconds, ascending. */
  times: z.array(timestamp),
  series: z.array(z.object({ labels: labelSet, values: z.array(z.number().nullable()) })),
  /** Series that matched but were left out because of `maxSeries`. */
  seriesOmitted: z.int(),
  /** What the user must know about an answer that is not exact. */
  notes: z.array(bilingual).optional(),
  tookMs: z.number(),
});
export type Columns = z.infer<typeof columnsSchema>;

export const metricNameSchema = z.object({
  name: z.string(),
  type: z.enum(METRIC_TYPES),
  help: z.string(),
  series: z.int(),
});

/** What the series store holds, for the status page and for benchmarks. */
const metricsStatsSchema = z.object({
  series: z.int(),
  headSamples: z.int(),
  sealedSamples: z.int(),
  bytes: z.number(),
  partitions: z.array(
    z.object({
      file: z.string(),
      start: timestamp,
      end: timestamp,
      series: z.int(),
      samples: z.int(),
      bytes: z.number(),
    }),
  ),
  retentionMs: z.number(),
  /** One for each resolution, the finer first; their bytes are in `bytes` too. */
  rollups: z.array(
    z.object({
      resolutionMs: z.number(),
      bytes: z.number(),
      /** Days that are rolled up. */
      days: z.int(),
      keepMs: z.number(),
    }),
  ),
});

/** What an exposition said about one metric or family. */
const metricMetadataSchema = metricNameSchema
  .pick({ name: true, type: true, help: true })
  .extend({ unit: z.string() });
export type MetricMetadata = z.infer<typeof metricMetadataSchema>;

/** A selector as PromQL writes it, such as `up{job="node"}`; several are joined by "or". */
const selectorSchema = expressionSchema;
const MOST_SELECTORS = 100;

/** UTC milliseconds, both ends inside; all of time where they are left out. */
const span = { start: timestamp.optional(), end: timestamp.optional() };

/** Which labels are meant: of all series when no selector is given; `contains` is a part of the text in any case. */
const choice = {
  matchers: z.array(selectorSchema).max(MOST_SELECTORS).default([]),
  ...span,
  contains: z.string().max(200).default(''),
};

const maxStepMs = 86_400_000 * 31;

export const metricsRequests = {
  /** Parses and checks an expression without evaluating it; PROMQL_INVALID with its column when it is refused. */
  'metrics.check': request(z.object({ expr: expressionSchema }), done),
  /** Evaluates at one time (default now). */
  'metrics.query': request(z.object({ expr: expressionSchema, time: timestamp.optional() }), queryDataSchema),
  'metrics.queryRange': request(
    z.object({
      expr: expressionSchema,
      start: timestamp,
      end: timestamp,
      stepMs: z.int().min(1).max(maxStepMs),
    }),
    queryDataSchema,
  ),
  /** The same evaluation as `queryRange`, in the form that charts take. */
  'metrics.columns': request(
    z.object({
      expr: expressionSchema,
      start: timestamp,
      end: timestamp,
      stepMs: z.int().min(1).max(maxStepMs),
      maxSeries: z.int().min(1).max(10_000).default(200),
    }),
    columnsSchema,
  ),
  'metrics.names': request(
    z.object({
      contains: z.string().max(200).default(''),
      limit: z.int().min(1).max(20_000).default(500),
    }),
    z.object({ names: z.array(metricNameSchema), total: z.int() }),
  ),
  /** The series of which one of the selectors is true and that have a sample in the span; in order of their labels. */
  'metrics.series': request(
    z.object({
      matchers: z.array(selectorSchema).min(1).max(MOST_SELECTORS),
      ...span,
      limit: z.int().min(1).max(100_000).default(1_000),
    }),
    z.object({ series: z.array(labelSet), total: z.int() }),
  ),
  /** Names of labels, of all series or of those that the selectors choose; in order. */
  'metrics.labelNames': request(
    z.object({ ...choice, limit: z.int().min(1).max(20_000).default(1_000) }),
    z.object({ names: z.array(z.string()), total: z.int() }),
  ),
  /** Values of one label, of all series or of those that the selectors choose; in order. */
  'metrics.labelValues': request(
    z.object({
      label: z.string().min(1).max(1000),
      ...choice,
      limit: z.int().min(1).max(100_000).default(10_000),
    }),
    z.object({ values: z.array(z.string()), total: z.int() }),
  ),
  /** What expositions said about metrics or families, by name; of one, or of all in order of name. */
  'metrics.metadata': request(
    z.object({
      metric: z.string().max(1000).optional(),
      limit: z.int().min(1).max(100_000).default(10_000),
    }),
    z.object({ metrics: z.array(metricMetadataSchema), total: z.int() }),
  ),
  'metrics.stats': request(nothing, metricsStatsSchema),
  'metrics.settings.get': request(nothing, metricsSettingsSchema),
  'metrics.settings.set': request(metricsSettingsSchema, done),
  /** The space that metrics will need, if the site goes on as it does. */
  'metrics.forecast': request(nothing, metricsForecastSchema),
  /** Who uses the space: metrics, labels and targets with the most series. */
  'metrics.usage': request(z.object({ limit: z.int().min(1).max(1_000).default(100) }), metricsUsageSchema),
  'metrics.limits.set': request(seriesLimitsSchema, done),
};

export const metricsEvents = {};
