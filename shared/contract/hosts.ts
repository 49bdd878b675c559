import * as z from 'zod';
import {
  LONGEST_RELABEL_REGEX,
  MOST_RELABEL_RULES,
  RELABEL_ACTIONS,
  RELABEL_DEFAULTS,
} from '../domain/relabel/rule.ts';
import { appErrorSchema } from '../errors/app-error.ts';
import { done, id, nothing, request, timestamp } from './define.ts';
import { discoveryFileSchema } from './discovery.ts';
import { secretTextSchema } from './secrets.ts';

/** The four states of a host (N9); `not_watched` is never painted as up or down. */
export const hostStateSchema = z.enum(['up', 'down', 'unreachable', 'not_watched']);
export type HostState = z.infer<typeof hostStateSchema>;

/** The tiers of the HMTT architecture; `workstation` is the machine the console runs on. */
export const tierSchema = z.enum(['presentation', 'business', 'data', 'workstation', 'other']);
export type Tier = z.infer<typeof tierSchema>;

const name = z.string().trim().min(1).max(200);
/** Labels that a person gives; names as in Prometheus. */
export const labelsSchema = z.record(z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/), z.string().max(1024));

/** One rule of `metric_relabel_configs`; `checkRelabelRule` says whether its parts fit together. */
export const relabelRuleSchema = z.object({
  action: z.enum(RELABEL_ACTIONS).default(RELABEL_DEFAULTS.action),
  sourceLabels: z.array(z.string().max(1_000)).max(100).default([]),
  separator: z.string().max(1_000).default(RELABEL_DEFAULTS.separator),
  regex: z.string().max(LONGEST_RELABEL_REGEX).default(RELABEL_DEFAULTS.regex),
  targetLabel: z.string().max(1_000).default(RELABEL_DEFAULTS.targetLabel),
  replacement: z.string().max(10_000).default(RELABEL_DEFAULTS.replacement),
  modulus: z.int().min(0).default(RELABEL_DEFAULTS.modulus),
});

/**
 * A check that the console makes itself in place of a scrape. It leaves the series of the blackbox exporter
 * (`probe_success`, `probe_duration_seconds`, …); `up` says that the check was made, not what it found.
 */
const probeSchema = z.discriminatedUnion('kind', [
  /** A TCP connection is opened and closed: enough to know that a switch without exporter lives. */
  z.object({ kind: z.literal('tcp') }),
]);

/**
 * True for `host:port` that can be asked: a name, an IPv4 address or an IPv6 address in brackets, and a port. Of what looks like an
 * IPv4 address but is none, such as `10.0.0.300`, no request can be made.
 */
export function isTargetAddress(text: string): boolean {
  return (
    text.length <= 300 &&
    /^(\[[0-9a-fA-F:]+\]|[^\s:/?#@\\]+):\d{1,5}$/.test(text) &&
    URL.canParse(`http://${text}`)
  );
}

/**
 * How a stored target is scraped. An older version took addresses that are refused today; such a target is down and says why, and is
 * not lost.
 */
export const storedScrapeConfigSchema = z.object({
  job: name,
  scheme: z.enum(['http', 'https']).default('http'),
  /** `host:port`. */
  address: z.string().regex(/^(\[[0-9a-fA-F:]+\]|[^\s:/]+):\d{1,5}$/),
  metricsPath: z.string().startsWith('/').max(2000).default('/metrics'),
  params: z.record(z.string(), z.array(z.string())).default({}),
  intervalMs: z.int().min(1_000).max(86_400_000).default(15_000),
  timeoutMs: z.int().min(100).max(86_400_000).default(10_000),
  honorLabels: z.boolean().default(false),
  honorTimestamps: z.boolean().default(true),
  sampleLimit: z.int().min(0).default(0),
  /** Limits of a sample's labels after relabelling, target labels and name included; 0 is no limit. Lengths in bytes. */
  labelLimit: z.int().min(0).default(0),
  labelNameLengthLimit: z.int().min(0).default(0),
  labelValueLengthLimit: z.int().min(0).default(0),
  /** Most targets of the job; when there are more, none of them is scraped. 0 is no limit. */
  targetLimit: z.int().min(0).default(0),
  /** Largest accepted body in bytes after decompression; 0 means the engine's own bound of 64 MiB. */
  bodySizeLimit: z.int().min(0).default(0),
  basicAuth: z
    .object({
      username: z.string(),
      password: secretTextSchema.optional(),
      passwordFile: z.string().optional(),
    })
    .optional(),
  bearerToken: secretTextSchema.optional(),
  bearerTokenFile: z.string().optional(),
  tls: z
    .object({
      caFile: z.string().optional(),
      certFile: z.string().optional(),
      keyFile: z.string().optional(),
      /** The private key itself, as PEM, in place of a file. */
      key: secretTextSchema.optional(),
      serverName: z.string().optional(),
      insecureSkipVerify: z.boolean().default(false),
    })
    .optional(),
  labels: labelsSchema.default({}),
  /** A check in place of a scrape; then only `address`, times, labels and rules count. */
  probe: probeSchema.optional(),
  /**
   * In place of a scrape: the host's own figures, read over SSH by a login of the console, under node_exporter's names. Then only
   * `address`, times, labels, limits and rules count.
   */
  overSsh: z.object({ login: id }).optional(),
  /** Applied to every sample, after the target's labels were put on it. */
  metricRelabel: z.array(relabelRuleSchema).max(MOST_RELABEL_RULES).default([]),
});

/** How one target is scraped. Passwords, tokens and private keys are given as text and sealed, or named by file. */
export const scrapeConfigSchema = storedScrapeConfigSchema.extend({
  address: z.string().refine(isTargetAddress, { message: 'not host:port' }),
});
export type ScrapeConfig = z.infer<typeof scrapeConfigSchema>;

/** What the last scrapes of a target said. Secrets in `config` are shown as references (`secrets.ts`). */
export const targetSchema = z.object({
  id,
  hostId: id,
  url: z.string(),
  config: storedScrapeConfigSchema,
  health: z.enum(['up', 'down', 'unknown']),
  lastScrapeAt: timestamp.nullable(),
  lastDurationMs: z.number().nullable(),
  lastSamples: z.int().nullable(),
  lastError: appErrorSchema.nullable(),
  /** The job that it is made from, and the file that lists it, if one does; absent for one that was added by hand. */
  origin: z.object({ job: z.string(), file: z.string().nullable() }).optional(),
  /** Since when nothing lists it any more; it is not scraped, and its series have ended. */
  goneAt: timestamp.optional(),
});
export type Target = z.infer<typeof targetSchema>;

const hostSchema = z.object({
  id,
  name,
  address: z.string(),
  tier: tierSchema,
  labels: labelsSchema,
  /** True for the one host that is the machine the console runs on. */
  thisWorkstation: z.boolean(),
  state: hostStateSchema,
  stateSince: timestamp,
  targets: z.int(),
  /** Targets whose last scrape succeeded; on a host that is up, one that was not asked yet counts too. */
  targetsUp: z.int(),
  /** When a scrape of the host last succeeded. */
  lastSeenAt: timestamp.nullable(),
  lastError: appErrorSchema.nullable(),
  /** The file that lists targets of it, or did; then its address is the file's to change. */
  file: z.string().optional(),
  /** Why it is unreachable: the dead hosts and components on its way, root causes only. */
  causes: z.array(z.object({ kind: z.enum(['host', 'component']), id, name: z.string() })).optional(),
});
export type Host = z.infer<typeof hostSchema>;

/** One stretch of a host's state; `to` is null while it lasts. */
const stateSpanSchema = z.object({
  state: hostStateSchema,
  from: timestamp,
  to: timestamp.nullable(),
});
export type StateSpan = z.infer<typeof stateSpanSchema>;

export const hostInputSchema = z.object({
  name,
  address: z.string().trim().min(1).max(300),
  tier: tierSchema,
  labels: labelsSchema.default({}),
  scrapes: z.array(scrapeConfigSchema).min(1).max(50),
});
export type HostInput = z.input<typeof hostInputSchema>;

/** One step of "test this host": what was tried, how long it took, what came back. */
export const testStepSchema = z.object({
  step: z.enum(['resolve', 'connect', 'tls', 'request', 'parse']),
  ok: z.boolean(),
  durationMs: z.number(),
  /** What came back, untranslated: an address, a status line, a sample count. */
  detail: z.string(),
  error: appErrorSchema.nullable(),
});

/** What importing a prometheus.yml would do or did. */
const importSummarySchema = z.object({
  jobs: z.array(z.object({ name: z.string(), targets: z.int(), intervalMs: z.number(), line: z.int() })),
  /** The patterns of `rule_files`. */
  ruleFiles: z.array(z.string()),
  /** What was found of them. */
  rules: z.array(z.object({ file: z.string(), groups: z.int(), rules: z.int() })),
  /** Patterns that no file matches. */
  ruleFilesMissing: z.array(z.string()),
  /** Names of the `remote_write` entries. */
  remoteWrites: z.array(z.string()),
  hostsAdded: z.array(z.string()),
  targetsAdded: z.int(),
  /** Known targets (same labels) whose settings were brought up to date. */
  targetsChanged: z.int(),
  targetsUnchanged: z.int(),
  /** Targets that `relabel_configs` drop, as in Prometheus. */
  targetsDropped: z.int(),
  /** Targets of these jobs that were listed, and are not any more. */
  targetsGone: z.int(),
  /** What `file_sd_configs` found: files, and patterns without any. */
  discovery: z.array(discoveryFileSchema),
});
export type ImportSummary = z.infer<typeof importSummarySchema>;

export const hostsRequests = {
  /** All hosts, worst first. */
  'hosts.list': request(nothing, z.object({ hosts: z.array(hostSchema) })),
  'hosts.get': request(
    z.object({ id, start: timestamp.optional(), end: timestamp.optional() }),
    z.object({ host: hostSchema, targets: z.array(targetSchema), history: z.array(stateSpanSchema) }),
  ),
  'hosts.add': request(hostInputSchema, z.object({ id })),
  /** Changes what a person said of a host; its targets stay. HOST_NAME_TAKEN, HOST_IS_WORKSTATION */
  'hosts.update': request(hostInputSchema.omit({ scrapes: true }).extend({ id }), done),
  'hosts.remove': request(z.object({ id }), done),
  /** Tries a scrape now, without saving anything. */
  'hosts.test': request(
    z.object({ scrape: scrapeConfigSchema }),
    z.object({ steps: z.array(testStepSchema), samples: z.int(), sampleNames: z.array(z.string()) }),
  ),
  /** Imports the text of a prometheus.yml; `dryRun` only says what would happen. Refused whole when one line is wrong. */
  'hosts.importPrometheus': request(
    z.object({ fileName: z.string(), text: z.string().max(10_000_000), dryRun: z.boolean().default(false) }),
    importSummarySchema,
  ),
};

export const hostsEvents = {
  'hosts.changed': z.object({ ids: z.array(id) }),
};
