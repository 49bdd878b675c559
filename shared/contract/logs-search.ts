import * as z from 'zod';
import { done, id, nothing, request, timestamp } from './define.ts';
import { logEventSchema, logLevelSchema } from './logs.ts';

/** What is searched, and when; `start` and `end` are included. The language of `query` stands in docs/log-search.md. */
const logWindowSchema = {
  query: z.string().max(4000).default(''),
  start: timestamp.optional(),
  end: timestamp.optional(),
};

/** Made by the caller; `logs.progress` of a call carries it. Left out: nobody wants to hear. */
const searchId = z.string().min(1).max(100).optional();

/** One value of a field, and in how many of the events it stands. */
const logFieldValueSchema = z.object({ value: z.string(), count: z.int() });

/** What the values of one field are like, over all events that a search finds. */
const logFieldSchema = z.object({
  /** Name as it stands in the events; `level`, `host`, `source`, `stream` and `tag` come first and are always there. */
  name: z.string(),
  /** Events that have the field. */
  count: z.int(),
  /** Most frequent first. */
  top: z.array(logFieldValueSchema),
  /** How many different values there are; a lower bound when `exact` is false. */
  distinct: z.int(),
  /** False: so many different values were seen that rare ones were let go; counts of `top` may then be a little low. */
  exact: z.boolean(),
  /** Of values that are numbers; null when none is. Percentiles are within one percent of the value. */
  numbers: z
    .object({
      count: z.int(),
      min: z.number(),
      max: z.number(),
      mean: z.number(),
      p50: z.number(),
      p90: z.number(),
      p95: z.number(),
      p99: z.number(),
    })
    .nullable(),
});
export type LogField = z.output<typeof logFieldSchema>;

/** Lines that say the same with other values. */
const logPatternSchema = z.object({
  /** The same for the same template, also after a restart. */
  id,
  /** Words as they stand; `<*>` for what varies, `<num>`, `<ip>`, `<id>`, `<time>`, `<path>` where it is known what. */
  template: z.string(),
  count: z.int(),
  counts: z.partialRecord(logLevelSchema, z.int()),
  sources: z.array(z.string()),
  firstTime: timestamp,
  lastTime: timestamp,
  /** A line as an example. */
  sample: logEventSchema,
  /** When the console saw this template for the first time, whatever the window; null when it keeps no memory of it. */
  knownSince: timestamp.nullable(),
  /** A query that finds lines of this pattern (and perhaps a few others). */
  query: z.string(),
  /** Events per part of the window, oldest first: a small chart. */
  spark: z.array(z.int()),
});
export type LogPattern = z.output<typeof logPatternSchema>;

/** A search that is kept under a name. */
const savedLogSearchSchema = z.object({
  id,
  name: z.string(),
  query: z.string(),
  note: z.string(),
  /** True: matches are counted as they arrive, as the series `hmtt_log_matches_total{query="NAME"}` (docs/log-search.md). */
  counted: z.boolean(),
  createdAt: timestamp,
  changedAt: timestamp,
});
export type SavedLogSearch = z.output<typeof savedLogSearchSchema>;

export const logExportFormatSchema = z.enum(['csv', 'ndjson', 'text']);
export type LogExportFormat = z.output<typeof logExportFormatSchema>;

export const logsSearchRequests = {
  /** Statistics of the fields of all events that a search finds. Cancellable; `logs.progress` tells how far it is. */
  'logs.fields': request(
    z.object({
      ...logWindowSchema,
      searchId,
      /** Only these fields; left out: all, the most frequent first, 200 at most. */
      fields: z.array(z.string().min(1).max(200)).max(50).optional(),
      /** Values of each field. */
      top: z.int().min(1).max(1000).default(10),
    }),
    z.object({
      events: z.int(),
      fields: z.array(logFieldSchema),
      /** Fields that were seen but not listed. */
      more: z.int(),
    }),
  ),
  /** Clusters of the events that a search finds, the most frequent first. */
  'logs.patterns': request(
    z.object({
      ...logWindowSchema,
      searchId,
      limit: z.int().min(1).max(1000).default(100),
      /** Only templates that the console saw for the first time at or after this moment. */
      newSince: timestamp.optional(),
    }),
    z.object({
      events: z.int(),
      patterns: z.array(logPatternSchema),
      /** Patterns that were found but not listed, and the events in them. */
      more: z.object({ patterns: z.int(), events: z.int() }),
      /** Since when the console remembers templates; null while it does not. */
      rememberedSince: timestamp.nullable(),
    }),
  ),
  /** Names and values to complete a query with, the most frequent of late first. */
  'logs.completion': request(
    z.object({
      kind: z.enum(['field', 'value', 'host', 'source', 'stream', 'tag', 'saved']),
      /** With `value`: the field whose values are wanted. */
      field: z.string().max(200).optional(),
      prefix: z.string().max(200).default(''),
      limit: z.int().min(1).max(200).default(30),
    }),
    z.object({ values: z.array(logFieldValueSchema) }),
  ),
  'logs.saved.list': request(nothing, z.object({ searches: z.array(savedLogSearchSchema) })),
  /** Without `id` a new one. Names are unique; a query that cannot be parsed is refused. */
  'logs.saved.save': request(
    z.object({
      id: id.optional(),
      name: z.string().trim().min(1).max(100),
      query: z.string().max(4000),
      note: z.string().max(1000).default(''),
      counted: z.boolean().default(false),
    }),
    savedLogSearchSchema,
  ),
  'logs.saved.remove': request(z.object({ id }), done),
  /**
   * Writes all events that a search finds into a file, however many: a job (`jobs.get`) of kind `export`, whose
   * `progress.done` counts lines and whose result is the file. The file has its name only when it is complete.
   */
  'logs.export': request(
    z.object({
      ...logWindowSchema,
      format: logExportFormatSchema.default('ndjson'),
      /** Absolute path on the machine of the engine. A file that is there is refused unless `overwrite`. */
      file: z.string().min(1).max(4096),
      overwrite: z.boolean().default(false),
      /** Lines before and after each hit, in the order of their files; overlapping ones are written once. */
      before: z.int().min(0).max(1000).default(0),
      after: z.int().min(0).max(1000).default(0),
      /** Masks what the rules for export say (docs/log-pipelines.md); false needs somebody who wants the plain text. */
      masked: z.boolean().default(true),
      order: z.enum(['newest', 'oldest']).default('newest'),
    }),
    z.object({ jobId: id }),
  ),
};

export const logsSearchEvents = {
  /** How far a call with a `searchId` is; sent to its caller only, at most ten times a second. */
  'logs.progress': z.object({
    searchId: z.string(),
    /** Matches so far: at least so many there are. */
    found: z.int(),
    /** 0 … 1, of what has to be looked at. */
    share: z.number(),
    /** Of a search: events found so far that `logs.progress` did not carry yet, newest first; they stand in the answer again. */
    events: z.array(logEventSchema),
  }),
  'logs.saved.changed': z.object({ ids: z.array(id) }),
};
