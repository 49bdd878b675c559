import * as z from 'zod';
import { appErrorSchema } from '../errors/app-error.ts';
import { done, id, nothing, request, timestamp } from './define.ts';
import { scrapeConfigSchema } from './hosts.ts';

const connection = {
  /** `http://` or `https://` addresses; one after the other is tried. */
  servers: z
    .array(
      z
        .string()
        .trim()
        .max(2000)
        .regex(/^https?:\/\/[^\s/@?#]+(\/[^\s?#]*)?$/i)
        .refine((text) => URL.canParse(text), 'not a URL'),
    )
    .min(1)
    .max(10),
  basicAuth: scrapeConfigSchema.shape.basicAuth,
  bearerToken: scrapeConfigSchema.shape.bearerToken,
  /** `id:key` in base64, as Elasticsearch gives it. */
  apiKey: z.string().max(1000).optional(),
  tls: scrapeConfigSchema.shape.tls,
  timeoutMs: z.int().min(100).max(600_000).default(30_000),
};

/** An Elasticsearch or OpenSearch server that events are sent to by its bulk API. */
export const logOutputSchema = z.object({
  name: z.string().trim().min(1).max(80),
  ...connection,
  /** Streams that are sent; empty: all. The default stream is ''. */
  streams: z.array(z.string().max(100)).max(100).default([]),
  /** `%{stream}` is the event's stream (`hmtt-logs` for the default one), `%{+YYYY.MM.dd}` the UTC day of its time. */
  index: z.string().trim().min(1).max(250).default('%{stream}-%{+YYYY.MM.dd}'),
  /** Where to begin when the output is added. */
  from: z.enum(['beginning', 'now']).default('beginning'),
  /** Most events and bytes of one request. */
  maxEvents: z.int().min(1).max(10_000).default(1_000),
  maxBytes: z.int().min(10_000).max(50_000_000).default(5_000_000),
});
export type LogOutput = z.infer<typeof logOutputSchema>;
export type LogOutputInput = z.input<typeof logOutputSchema>;

/** How sending goes. Counts are since the output was added. */
const logOutputStateSchema = z.object({
  id,
  /** Without passwords, tokens and keys. */
  output: logOutputSchema,
  state: z.enum(['sending', 'retrying', 'paused', 'stopped']),
  /** Events that wait, as far as it was counted. */
  backlogEvents: z.int(),
  /** Time of the oldest event that waits, or null. */
  backlogSince: timestamp.nullable(),
  eventsPerSecond: z.number(),
  eventsSent: z.int(),
  bytesSent: z.int(),
  requestsFailed: z.int(),
  /** Events that the server refused for good; the newest of them are listed by `logs.outputs.refused`. */
  eventsRefused: z.int(),
  /** Events that retention removed before they could be sent. */
  eventsGivenUp: z.int(),
  lastSentAt: timestamp.nullable(),
  lastError: appErrorSchema.nullable(),
  nextAttemptAt: timestamp.nullable(),
});
export type LogOutputState = z.infer<typeof logOutputStateSchema>;

/** An event that a server refused for good: its mapping does not fit, for instance. */
const refusedEventSchema = z.object({
  eventId: id,
  index: z.string(),
  at: timestamp,
  status: z.int(),
  why: z.string(),
});
export type RefusedEvent = z.infer<typeof refusedEventSchema>;

/** A server whose events the log page searches instead of the local ones. */
export const remoteLogServerSchema = z.object({
  ...connection,
  /** Index names with wildcards, several with commas. */
  indices: z
    .string()
    .trim()
    .min(1)
    .max(500)
    .regex(/^[^\s/\\?"<>|#]+$/)
    .default('hmtt-*'),
});
export type RemoteLogServer = z.infer<typeof remoteLogServerSchema>;

/** Where the log page and `hmtt logs search` read from. Alerts and rotation always use the local store. */
export const logSearchSourceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('local') }),
  z.object({ kind: z.literal('server'), server: remoteLogServerSchema }),
]);
export type LogSearchSource = z.infer<typeof logSearchSourceSchema>;

export const logsOutputsRequests = {
  'logs.outputs.list': request(nothing, z.object({ outputs: z.array(logOutputStateSchema) })),
  /** Adds (no id) or replaces one; secrets that are left out of a replacement are kept. */
  'logs.outputs.put': request(z.object({ id: id.optional(), output: logOutputSchema }), z.object({ id })),
  'logs.outputs.remove': request(z.object({ id }), done),
  'logs.outputs.pause': request(z.object({ id, paused: z.boolean() }), done),
  /** Asks the server who it is, without sending an event. */
  'logs.outputs.test': request(
    logOutputSchema,
    z.object({ tookMs: z.number(), product: z.string(), version: z.string() }),
  ),
  'logs.outputs.refused': request(
    z.object({ id, limit: z.int().min(1).max(1000).default(100) }),
    z.object({ refused: z.array(refusedEventSchema), total: z.int() }),
  ),
  'logs.remote.get': request(nothing, z.object({ source: logSearchSourceSchema })),
  'logs.remote.set': request(logSearchSourceSchema, done),
  'logs.remote.test': request(
    remoteLogServerSchema,
    z.object({ tookMs: z.number(), product: z.string(), version: z.string(), events: z.int() }),
  ),
};
