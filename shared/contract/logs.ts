import * as z from 'zod';
import { appErrorSchema } from '../errors/app-error.ts';
import { done, id, nothing, request, timestamp } from './define.ts';
import { logEncodingSchema, logMultilineSchema, logOriginSchema, logReadingFields } from './logs-reading.ts';

/** Levels, from the least to the most severe; `unknown` when a line carries none. */
export const logLevelSchema = z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'unknown']);
export type LogLevel = z.infer<typeof logLevelSchema>;

/** Built-in line shapes; `plain` keeps the whole line as the message. A pattern is a regular expression with named groups. */
export const logFormatSchema = z.string().min(1).max(2000);

export const logSourceInputSchema = z.object({
  name: z.string().trim().min(1).max(100).optional(),
  /** Path, folder or glob; of the host's files when `remote` says which. */
  path: z.string().min(1).max(4096),
  /** `auto`, a name of `logs.formats`, `grok:` and a grok pattern, or a pattern with named groups time, level, message. */
  format: logFormatSchema.default('auto'),
  host: z.string().max(200).default('localhost'),
  /** IANA zone of time stamps that carry none; empty means the workstation's. */
  zone: z.string().max(64).default(''),
  from: z.enum(['beginning', 'end']).default('beginning'),
  ...logReadingFields,
});
export type LogSourceInput = z.input<typeof logSourceInputSchema>;

const logFileStateSchema = z.object({
  path: z.string(),
  sizeBytes: z.number(),
  offset: z.number(),
  lines: z.int(),
  state: z.enum(['following', 'rotated', 'gone', 'error']),
  error: appErrorSchema.nullable(),
});

const logSourceSchema = z.object({
  id,
  name: z.string(),
  path: z.string(),
  format: z.string(),
  /** The shape found by sample when `format` is `auto`; null until enough lines were seen. */
  detectedFormat: z.string().nullable(),
  host: z.string(),
  zone: z.string(),
  more: z.array(z.string()),
  exclude: z.array(z.string()),
  encoding: logEncodingSchema,
  multiline: logMultilineSchema,
  origin: logOriginSchema,
  state: z.enum(['ok', 'waiting', 'error']),
  error: appErrorSchema.nullable(),
  files: z.array(logFileStateSchema),
  lines: z.int(),
  lastEventAt: timestamp.nullable(),
  lagBytes: z.number(),
});
export type LogSource = z.infer<typeof logSourceSchema>;

export const logEventSchema = z.object({
  /** Stable address of the event inside the store. */
  id,
  /** As the host wrote it. */
  time: timestamp,
  /** By this workstation's clock, where the host's was off by a known offset; found when it is read, never stored. */
  correctedTime: timestamp.optional(),
  level: logLevelSchema,
  source: z.string(),
  host: z.string(),
  message: z.string(),
  fields: z.record(z.string(), z.string()),
  /** The original line, as read (decoded as UTF-8, replacement characters where it was not). */
  raw: z.string(),
  /** `no_time`: stamped with the time of the line before it that arrived with it, else on arrival; `future`/`late`: kept, but its clock is off; `truncated`: the line was longer than the bound. */
  flags: z.array(z.enum(['no_time', 'future', 'late', 'truncated', 'not_utf8'])),
  /** Name of the log stream a pipeline put it in; empty: the default stream. */
  stream: z.string(),
  /** Tags that a pipeline added, in the order in which they were added. */
  tags: z.array(z.string()),
});
export type LogEvent = z.infer<typeof logEventSchema>;

/** Whose lines are shown around an event. */
export const logContextScopeSchema = z.enum(['log', 'host', 'all']);
export type LogContextScope = z.infer<typeof logContextScopeSchema>;

/** Where the lines around an event end on one side, and whether there is more beyond; true where nobody looked. */
const logContextEdgeSchema = z.object({ cursor: z.string(), more: z.boolean() });

const searchWindow = {
  /** Words, "phrases", `level:error`, `source:NAME`, `host:NAME`, AND OR NOT, parentheses. Empty finds everything. */
  query: z.string().max(4000).default(''),
  start: timestamp.optional(),
  end: timestamp.optional(),
};

export const logsRequests = {
  'logs.sources.list': request(nothing, z.object({ sources: z.array(logSourceSchema) })),
  'logs.sources.add': request(logSourceInputSchema, z.object({ id })),
  'logs.sources.remove': request(z.object({ id }), done),
  /** Reads what is there now, once; answers when it is searchable. */
  'logs.sync': request(nothing, z.object({ lines: z.int(), bytes: z.number(), files: z.int() })),
  /**
   * Newest first; `cursor` continues with older events, null at the end. With `count: 'later'` it answers as soon as the
   * page is full, and `total` is then what was counted so far, a lower bound unless `exact`; `logs.count` tells the rest.
   */
  'logs.search': request(
    z.object({
      ...searchWindow,
      searchId: z.string().min(1).max(100).optional(),
      count: z.enum(['wait', 'later']).default('wait'),
      limit: z.int().min(1).max(10_000).default(500),
      cursor: z.string().max(500).optional(),
    }),
    z.object({
      events: z.array(logEventSchema),
      total: z.int(),
      exact: z.boolean(),
      cursor: z.string().nullable(),
      tookMs: z.number(),
    }),
  ),
  /** Counts all; with a `searchId`, `logs.progress` tells the caller how many there are at least. */
  'logs.count': request(
    z.object({ ...searchWindow, searchId: z.string().min(1).max(100).optional() }),
    z.object({ total: z.int() }),
  ),
  /** Counts per bucket and level; buckets are aligned to `bucketMs`. */
  'logs.histogram': request(
    z.object({
      ...searchWindow,
      start: timestamp,
      end: timestamp,
      buckets: z.int().min(1).max(500).default(60),
      /** Lines of hosts whose clocks were off are counted where they belong by this workstation's clock. */
      corrected: z.boolean().default(false),
    }),
    z.object({
      bucketMs: z.number(),
      buckets: z.array(
        // Buckets begin at round times, so the first may begin before the range.
        z.object({ time: z.int(), counts: z.partialRecord(logLevelSchema, z.int()) }),
      ),
    }),
  ),
  /**
   * The lines around an event, oldest first: as they stood in its log, over rotations, or those of its host or of all logs by
   * time (of one millisecond: by log file, then by place). With a cursor of an earlier answer, those beyond it.
   */
  'logs.context': request(
    z.object({
      id,
      before: z.int().min(0).max(1000),
      after: z.int().min(0).max(1000),
      of: logContextScopeSchema.default('log'),
      /** Of a host or of all logs: in the order of this workstation's clock, where a host's was off by a known offset. */
      corrected: z.boolean().default(true),
      cursor: z.string().max(500).optional(),
    }),
    z.object({
      events: z.array(logEventSchema),
      /** Null in an answer that went on in the other direction. */
      earlier: logContextEdgeSchema.nullable(),
      later: logContextEdgeSchema.nullable(),
      /** Days of the store of which something could not be read: lines may be missing. */
      unread: z.array(z.object({ day: z.string(), error: appErrorSchema })),
    }),
  ),
  /** Starts a live tail for this connection; matching events arrive as `logs.tail`. It ends with the connection. */
  'logs.tail.start': request(z.object({ query: searchWindow.query }), z.object({ tailId: id })),
  'logs.tail.stop': request(z.object({ tailId: id }), done),
};

export const logsEvents = {
  'logs.tail': z.object({
    tailId: id,
    events: z.array(logEventSchema),
    /** Matching events that were left out because they came faster than a screen can show; they are searchable. */
    skipped: z.int(),
  }),
  'logs.sources.changed': z.object({ ids: z.array(id) }),
};
