import * as z from 'zod';
import { timestamp } from './define.ts';

const count = z.int();

/** How many series may be written at the same time. */
export const seriesLimitsSchema = z.object({
  /** Samples that one scrape of a target may store; beyond it the scrape is refused whole. */
  perTarget: z.int().min(1_000).max(5_000_000),
  /** Series of the whole site; beyond it known series go on and new ones are not taken. */
  total: z.int().min(10_000).max(20_000_000),
});
export type SeriesLimits = z.infer<typeof seriesLimitsSchema>;

/** Who uses the space: the series that are written to now, by what they have in common; each list is cut to its top. */
export const metricsUsageSchema = z.object({
  at: timestamp,
  series: count,
  /** Series that began in the last hour, or since `newSince` if the engine has not run that long. */
  newSeries: count,
  newSince: timestamp,
  samples: count,
  bytes: z.number(),
  limits: seriesLimitsSchema,
  /** New series that were not taken because the site's limit is reached; null while it is not. */
  refused: z.object({ series: count, at: timestamp }).nullable(),
  metrics: z.array(z.object({ name: z.string(), series: count, newSeries: count })),
  metricsTotal: count,
  /** Names of labels by how many values they have. */
  labels: z.array(z.object({ name: z.string(), values: count, series: count })),
  labelsTotal: count,
  /** Labels with their value by how many series have them; the metric's name is not among them. */
  pairs: z.array(z.object({ name: z.string(), value: z.string(), series: count })),
  pairsTotal: count,
  /** Targets by how many series the head has of them; `refusal` says why the last scrape was not taken. */
  targets: z.array(
    z.object({
      job: z.string(),
      instance: z.string(),
      series: count,
      newSeries: count,
      refusal: z.object({ at: timestamp, limit: count, churn: z.boolean() }).nullable(),
    }),
  ),
  targetsTotal: count,
});
export type MetricsUsage = z.infer<typeof metricsUsageSchema>;
