import * as z from 'zod';

/** A condition on a label; all conditions of a class must hold. */
const classMatcherSchema = z.object({
  label: z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/),
  op: z.enum(['=', '!=', '=~', '!~']),
  value: z.string().max(500),
});

const days = z.int().min(1).max(3650);

/** Series with a retention of their own. Its name is part of file names. */
const retentionClassSchema = z.object({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,23}$/),
  matchers: z.array(classMatcherSchema).min(1).max(8),
  days,
});
export type RetentionClass = z.infer<typeof retentionClassSchema>;

/** Days that roll-ups of each resolution are kept. */
const rollupDaysSchema = z.object({ fiveMinutes: days, hours: days });
const DEFAULT_ROLLUP_DAYS: z.infer<typeof rollupDaysSchema> = { fiveMinutes: 365, hours: 1825 };

/** How long metrics are kept, and how much space they may take. */
export const metricsSettingsSchema = z.object({
  /** Days that samples are kept for which no class says otherwise. */
  days,
  /** The first class that fits a series counts. It takes effect for what is sealed from then on. */
  classes: z
    .array(retentionClassSchema)
    .max(8)
    .refine((classes) => new Set(classes.map(({ name }) => name)).size === classes.length, {
      message: 'two classes have the same name',
    }),
  rollupDays: rollupDaysSchema.default(DEFAULT_ROLLUP_DAYS),
  /** Whether queries leave a sample exactly at the older end of a range out, as Prometheus 3 does. */
  leftOpenRanges: z.boolean().default(false),
  /** Most bytes of all metrics; null is no limit. */
  maxBytes: z
    .int()
    .min(256 * 2 ** 20)
    .max(2 ** 50)
    .nullable(),
});
export type MetricsSettings = z.infer<typeof metricsSettingsSchema>;

/** What a fresh site has. */
export const DEFAULT_METRICS_SETTINGS: MetricsSettings = {
  days: 30,
  classes: [],
  rollupDays: DEFAULT_ROLLUP_DAYS,
  leftOpenRanges: false,
  maxBytes: null,
};

const forecastStreamSchema = z.object({
  kind: z.enum(['raw', 'imported', 'rollup']),
  /** The retention class, or the roll-up's resolution; '' is the ordinary class. */
  name: z.string(),
  bytes: z.number(),
  /** What a day adds; null before anything was sealed. */
  bytesPerDay: z.number().nullable(),
  bytesPerSample: z.number().nullable(),
  samplesPerSecond: z.number().nullable(),
  series: z.int().nullable(),
  keepDays: z.number().nullable(),
  /** Days of history that it has now. */
  coveredDays: z.number(),
  /** Days until its retention is full and it grows no more; 0 when it is. */
  fullInDays: z.number().nullable(),
  /** Its size from then on. */
  steadyBytes: z.number().nullable(),
});
export type ForecastStream = z.infer<typeof forecastStreamSchema>;

/** The space that metrics will need, if the site goes on as in the last days. */
export const metricsForecastSchema = z.object({
  streams: z.array(forecastStreamSchema),
  /** Bytes now, of which the changing head file. */
  bytes: z.number(),
  headBytes: z.number(),
  /** Bytes when every retention is full, and in how many days that is; null before anything was sealed. */
  steadyBytes: z.number().nullable(),
  fullInDays: z.number().nullable(),
  freeBytes: z.number(),
  /** Days until the disk is full; null when it will not be. */
  diskFullInDays: z.number().nullable(),
  /** Days until the size limit removes samples earlier than their retention; null when it will not. */
  limitInDays: z.number().nullable(),
});
export type MetricsForecast = z.infer<typeof metricsForecastSchema>;
