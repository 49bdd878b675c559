import * as z from 'zod';
import { checkRelabelRule } from '../domain/relabel/check.ts';
import { MOST_RELABEL_RULES } from '../domain/relabel/rule.ts';
import { appErrorSchema } from '../errors/app-error.ts';
import { done, id, nothing, request, timestamp } from './define.ts';
import { relabelRuleSchema, scrapeConfigSchema } from './hosts.ts';

/** An address of a server, without a login in it: that has fields of its own. */
const serverUrl = z
  .string()
  .trim()
  .max(2000)
  .regex(/^https?:\/\/[^\s/@]+(\/\S*)?$/i)
  .refine((text) => URL.canParse(text), 'not a URL');

/** How a server is reached: login and TLS as for scrapes. */
const connection = {
  url: serverUrl,
  basicAuth: scrapeConfigSchema.shape.basicAuth,
  bearerToken: scrapeConfigSchema.shape.bearerToken,
  bearerTokenFile: scrapeConfigSchema.shape.bearerTokenFile,
  tls: scrapeConfigSchema.shape.tls,
};

/** An address that samples are sent to with Prometheus's remote write protocol 1.0. */
export const remoteEndpointSchema = z.object({
  name: z.string().trim().min(1).max(80),
  ...connection,
  /** Added to every series that has not the label itself. */
  externalLabels: z
    .record(z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/), z.string().min(1).max(1024))
    .default({}),
  /** Rules that change or drop series before they are sent, external labels included. */
  writeRelabel: z
    .array(
      relabelRuleSchema.superRefine((rule, context) => {
        const fault = checkRelabelRule(rule);
        if (fault !== null) context.addIssue({ code: 'custom', path: [fault.field], message: fault.why.en });
      }),
    )
    .max(MOST_RELABEL_RULES)
    .default([]),
  /** Most samples of one request; a scrape that has more is sent whole. */
  maxSamples: z.int().min(1).max(50_000).default(5_000),
  /** How long a sample waits for company before it is sent. */
  flushMs: z.int().min(100).max(60_000).default(2_000),
  /** How long one request may take. */
  timeoutMs: z.int().min(100).max(600_000).default(30_000),
});
export type RemoteEndpoint = z.infer<typeof remoteEndpointSchema>;

/** A server that answers Prometheus's HTTP API: Prometheus itself, VictoriaMetrics, Thanos, Mimir. */
export const remoteServerSchema = z.object({
  ...connection,
  timeoutMs: z.int().min(100).max(600_000).default(30_000),
});
export type RemoteServer = z.infer<typeof remoteServerSchema>;

/** Where the pages and the command line read metrics from. Conditions and alerts always use the local store. */
export const dataSourceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('local') }),
  z.object({ kind: z.literal('server'), server: remoteServerSchema }),
]);
export type DataSource = z.infer<typeof dataSourceSchema>;

/** How sending to one endpoint goes. Counts are since the endpoint was added. */
const remoteStateSchema = z.object({
  id,
  /** Without passwords and tokens. */
  endpoint: remoteEndpointSchema,
  /** `sending`: keeps up or catches up. `retrying`: the last attempt failed and is repeated. */
  state: z.enum(['sending', 'retrying', 'stopped']),
  /** Samples that wait. */
  backlogSamples: z.int(),
  /** Time of the oldest sample that waits, or null. */
  backlogSince: timestamp.nullable(),
  samplesPerSecond: z.number(),
  lastSentAt: timestamp.nullable(),
  /** Why the last attempt failed; null after a success. */
  lastError: appErrorSchema.nullable(),
  nextAttemptAt: timestamp.nullable(),
  samplesSent: z.int(),
  bytesSent: z.int(),
  requestsFailed: z.int(),
  /** Samples that the server refused for good. */
  samplesRefused: z.int(),
  /** Samples given up because the backlog passed its bound. */
  samplesGivenUp: z.int(),
  lastRefusal: z.object({ at: timestamp, error: appErrorSchema }).nullable(),
  lastGivenUpAt: timestamp.nullable(),
});
export type RemoteState = z.infer<typeof remoteStateSchema>;

/** Bounds of what waits on the disk for all endpoints together. */
export const remoteLimitsSchema = z.object({
  maxBytes: z
    .int()
    .min(1 << 20)
    .max(2 ** 42)
    .default(2 * 2 ** 30),
  maxAgeMs: z
    .int()
    .min(60_000)
    .max(366 * 86_400_000)
    .default(15 * 86_400_000),
});
export type RemoteLimits = z.infer<typeof remoteLimitsSchema>;

const remoteStatusSchema = z.object({
  endpoints: z.array(remoteStateSchema),
  limits: remoteLimitsSchema,
  /** Bytes on the disk of what waits; what is still in the head file of the series store is not counted. */
  queueBytes: z.int(),
  /** Where metrics are read from; without passwords and tokens. */
  source: dataSourceSchema,
});
export type RemoteStatus = z.infer<typeof remoteStatusSchema>;

export const remoteRequests = {
  'remote.status': request(nothing, remoteStatusSchema),
  'remote.add': request(remoteEndpointSchema, z.object({ id })),
  'remote.remove': request(z.object({ id }), done),
  /** Sends one sample (`hmtt_remote_write_test`) without saving anything. */
  'remote.testSend': request(remoteEndpointSchema, z.object({ tookMs: z.number(), status: z.int() })),
  'remote.setLimits': request(remoteLimitsSchema, done),
  'remote.setSource': request(dataSourceSchema, done),
  /** Asks a server what it is, without saving anything. */
  'remote.testSource': request(
    remoteServerSchema,
    z.object({ tookMs: z.number(), version: z.string(), metrics: z.int() }),
  ),
};

export const remoteEvents = {
  /** Endpoints, limits or the source of the pages' data changed. */
  'remote.changed': z.object({ source: dataSourceSchema }),
};
