import * as z from 'zod';
import { appErrorSchema } from '../errors/app-error.ts';
import { bilingual, done, id, nothing, request, timestamp } from './define.ts';

const path = z.string().startsWith('/').max(4096);
const host = z.string().regex(/^[^\s/@]{1,253}$/);
const port = z.int().min(1).max(65_535);
/** A name in the console's sealed store; never the secret itself. */
const secretRef = z.string().min(1).max(200);
/** An RE2 expression: matched in linear time, anywhere in the text. */
const pattern = z.string().min(1).max(2_000);
const text = z.string().max(10_000);

/** Certificates of a connection. Without a CA file those of the runtime count. */
const checkTlsSchema = z.object({
  caFile: path.optional(),
  certFile: path.optional(),
  keyFile: path.optional(),
  serverName: z.string().max(253).optional(),
  /** Measures a certificate that nobody vouches for, instead of refusing the connection. */
  insecureSkipVerify: z.boolean().default(false),
});
export type CheckTls = z.output<typeof checkTlsSchema>;

/** What a text must be like. Every expectation that is given must hold. */
const expectationSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('contains'), text: text.min(1) }),
  z.object({ kind: z.literal('lacks'), text: text.min(1) }),
  z.object({ kind: z.literal('matches'), pattern }),
  z.object({ kind: z.literal('matches_not'), pattern }),
  /** RFC 9535; the first value found must be there, and be `equals` (as JSON writes it, or its plain text) when that is given. */
  z.object({
    kind: z.literal('json'),
    path: z.string().min(1).max(1_000),
    equals: text.nullable().default(null),
  }),
]);
export type Expectation = z.output<typeof expectationSchema>;

/** A range as Nagios plugins know it: `10`, `10:`, `~:10`, `10:20`, `@10:20`; a value outside of it (with `@`: inside) is bad. */
const thresholdRange = z
  .string()
  .regex(/^@?(~|-?\d+(\.\d+)?)?:?(-?\d+(\.\d+)?)?$/)
  .min(1)
  .max(60);

/** A measured figure that must stay within ranges. */
const thresholdSchema = z.object({
  /** `seconds`, `value`, `certificate_days`, `loss_percent`, a label of performance data, a Zabbix key … */
  measure: z.string().min(1).max(300),
  warn: thresholdRange.nullable().default(null),
  crit: thresholdRange.nullable().default(null),
});
export type Threshold = z.output<typeof thresholdSchema>;

const database = {
  host,
  user: z.string().min(1).max(128),
  password: secretRef.nullable().default(null),
  database: z.string().max(128).default(''),
  tls: checkTlsSchema.nullable().default(null),
  /** Run read-only; the first column of the first row is the value. */
  query: z.string().min(1).max(10_000).default('SELECT 1'),
  /** What the value must be, as text; null compares nothing. */
  expect: text.nullable().default(null),
};
const httpUrl = z.url({ protocol: /^https?$/ }).max(2_000);

/** What is asked, by kind. */
const checkWhatSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('http'),
    url: httpUrl,
    method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']).default('GET'),
    headers: z
      .record(z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/), z.string().max(8_000))
      .default({}),
    body: z.string().max(1_000_000).default(''),
    /** `200`, `200-299`; one of them must fit. */
    statuses: z
      .array(z.string().regex(/^[1-5]\d\d(-[1-5]\d\d)?$/))
      .min(1)
      .max(20)
      .default(['200-299']),
    expect: z.array(expectationSchema).max(20).default([]),
    redirects: z.int().min(0).max(20).default(10),
    username: z.string().max(200).nullable().default(null),
    password: secretRef.nullable().default(null),
    bearer: secretRef.nullable().default(null),
    tls: checkTlsSchema.nullable().default(null),
  }),
  z.object({
    kind: z.literal('tcp'),
    host,
    port,
    tls: checkTlsSchema.nullable().default(null),
    /** Sent once connected; `\r`, `\n` and `\t` are written as two characters. */
    send: z.string().max(10_000).default(''),
    /** What the other side must say, within its first 64 KiB. */
    expect: z.array(expectationSchema).max(20).default([]),
  }),
  z.object({
    kind: z.literal('dns'),
    name: z.string().min(1).max(253),
    type: z.enum(['A', 'AAAA', 'CNAME', 'MX', 'NS', 'PTR', 'SOA', 'SRV', 'TXT']).default('A'),
    /** `ADDRESS` or `ADDRESS:PORT` of the server to ask; null asks those of this machine. */
    server: z.string().max(300).nullable().default(null),
    /** Answers that must be among those given, as `dig +short` writes them. */
    answers: z.array(z.string().min(1).max(1_000)).max(50).default([]),
  }),
  z.object({ kind: z.literal('icmp'), host, packets: z.int().min(1).max(20).default(3) }),
  z.object({ kind: z.literal('postgresql'), ...database, port: port.default(5_432) }),
  z.object({ kind: z.literal('mysql'), ...database, port: port.default(3_306) }),
  z.object({
    kind: z.literal('redis'),
    host,
    port: port.default(6_379),
    user: z.string().max(128).nullable().default(null),
    password: secretRef.nullable().default(null),
    database: z.int().min(0).max(10_000).default(0),
    tls: checkTlsSchema.nullable().default(null),
    /** A read-only command and its arguments. */
    command: z.array(z.string().max(1_000)).min(1).max(50).default(['PING']),
    expect: text.nullable().default(null),
  }),
  z.object({
    kind: z.literal('sqlite'),
    file: path,
    query: z.string().min(1).max(10_000).default('PRAGMA quick_check'),
    expect: text.nullable().default(null),
  }),
  z.object({
    kind: z.literal('haproxy'),
    /** `…;csv` of the statistics page, or the Prometheus endpoint. */
    url: httpUrl,
    username: z.string().max(200).nullable().default(null),
    password: secretRef.nullable().default(null),
    tls: checkTlsSchema.nullable().default(null),
  }),
  z.object({
    kind: z.literal('nginx'),
    /** The address of `stub_status`. */
    url: httpUrl,
    username: z.string().max(200).nullable().default(null),
    password: secretRef.nullable().default(null),
    tls: checkTlsSchema.nullable().default(null),
  }),
  z.object({
    kind: z.literal('nagios'),
    /** The plugin's file; it is run as it is, without a shell. */
    file: path,
    args: z.array(z.string().max(4_000)).max(100).default([]),
  }),
  z.object({
    kind: z.literal('zabbix'),
    host,
    port: port.default(10_050),
    /** Pre-shared key: its identity, and the key (hexadecimal) in the sealed store. */
    psk: z
      .object({ identity: z.string().min(1).max(128), key: secretRef })
      .nullable()
      .default(null),
    tls: checkTlsSchema.nullable().default(null),
    /** Items to ask, e.g. `system.cpu.load[all,avg1]`. */
    items: z.array(z.string().min(1).max(2_048)).max(500).default([]),
    /** Also the starter set, under node_exporter's names. */
    starter: z.boolean().default(false),
    /** Discovery items, and what is asked for each thing found, with its macros such as `{#FSNAME}`. */
    discover: z
      .array(
        z.object({ key: z.string().min(1).max(2_048), items: z.array(z.string().min(1).max(2_048)).max(50) }),
      )
      .max(20)
      .default([]),
  }),
]);
export type CheckWhat = z.output<typeof checkWhatSchema>;
export type CheckKind = CheckWhat['kind'];
/** What one kind is asked with. */
export type CheckOf<K extends CheckKind> = Extract<CheckWhat, { readonly kind: K }>;
export const CHECK_KINDS: readonly CheckKind[] = checkWhatSchema.options.map(
  (option) => option.shape.kind.value,
);

/** A check as it is entered. */
export const checkSchema = z.object({
  name: z.string().trim().min(1).max(200),
  hostId: id,
  what: checkWhatSchema,
  enabled: z.boolean().default(true),
  intervalMs: z.int().min(1_000).max(86_400_000).default(30_000),
  timeoutMs: z.int().min(100).max(600_000).default(10_000),
  /** How many further attempts must fail as well before people are told. */
  retries: z.int().min(0).max(20).default(1),
  /** From the beginning of a failed attempt to the next one. */
  retryAfterMs: z.int().min(1_000).max(3_600_000).default(5_000),
  thresholds: z.array(thresholdSchema).max(50).default([]),
});
export type Check = z.output<typeof checkSchema>;
export type CheckInput = z.input<typeof checkSchema>;

/** `pending`: never made since it was added or changed. */
const checkStateSchema = z.enum(['pending', 'ok', 'warning', 'critical', 'unknown']);
export type CheckState = z.output<typeof checkStateSchema>;

/** One part of making a check: what was tried, how long it took, what came back. */
const checkStepSchema = z.object({
  /** What was tried. */
  step: bilingual,
  ok: z.boolean(),
  durationMs: z.number(),
  /** What came back, untranslated. */
  detail: z.string(),
});
export type CheckStep = z.output<typeof checkStepSchema>;

/** What one attempt found. */
const checkResultSchema = z.object({
  state: checkStateSchema.exclude(['pending']),
  /** One sentence for people. */
  sentence: bilingual,
  /** Why it failed, with what to do; null when it passed. */
  error: appErrorSchema.nullable(),
  at: timestamp,
  durationMs: z.number(),
  steps: z.array(checkStepSchema),
  /** Figures that thresholds can name. */
  measures: z.record(z.string(), z.number()),
  /** What the other side said, cut to 8 KiB. */
  output: z.string(),
});
export type CheckResult = z.output<typeof checkResultSchema>;

/** A check with how it stands. */
const checkViewSchema = checkSchema.extend({
  id,
  state: checkStateSchema,
  /** Since when it is in this state; null while it is pending. */
  since: timestamp.nullable(),
  /** What the last attempt found, without steps and output. */
  last: checkResultSchema.omit({ steps: true, output: true }).nullable(),
  /** Attempts that failed in a row without having changed the state yet. */
  failedAttempts: z.int(),
});
export type CheckView = z.output<typeof checkViewSchema>;

/** One stretch of a check's state; `to` is null while it lasts. */
const checkSpanSchema = z.object({
  state: checkStateSchema.exclude(['pending']),
  from: timestamp,
  to: timestamp.nullable(),
  sentence: bilingual,
});
export type CheckSpan = z.output<typeof checkSpanSchema>;

/** What was made of one check, or of one scraped target of the host. */
const checkRunSchema = checkResultSchema.extend({
  /** Null for one that is not saved, and for a scraped target. */
  checkId: id.nullable(),
  name: z.string(),
  kind: z.string(),
});
export type CheckRun = z.output<typeof checkRunSchema>;

/** Something of an imported file that the console cannot take, and why. */
const notTakenSchema = z.object({ line: z.int(), what: z.string(), why: bilingual });

/** What importing checks would do or did. */
const checkImportSchema = z.object({
  /** Hosts that must be in the inventory and are not; their checks are not taken. */
  hostsUnknown: z.array(z.string()),
  added: z.array(z.object({ host: z.string(), name: z.string(), kind: z.string() })),
  /** Checks of the same host and name that were brought up to date. */
  changed: z.int(),
  unchanged: z.int(),
  /** Alert rules made of simple triggers, as a rule file of Prometheus; empty when there are none. */
  rules: z.string(),
  notTaken: z.array(notTakenSchema),
});
export type CheckImport = z.output<typeof checkImportSchema>;

/** How far the clock of a host is off. */
const clockOffsetSchema = z.object({
  hostId: id,
  /** Seconds that the host is ahead of this workstation. */
  offsetSeconds: z.number(),
  /** The true offset is at most this far from `offsetSeconds`. */
  errorSeconds: z.number(),
  /** By what: `http_date`, `node_time`, `zabbix`. */
  by: z.string(),
  at: timestamp,
});
export type ClockOffset = z.output<typeof clockOffsetSchema>;

export const checksRequests = {
  /** Of one host or of all, worst first. */
  'checks.list': request(z.object({ hostId: id.optional() }), z.object({ checks: z.array(checkViewSchema) })),
  /** Adds a check, or changes the one with this id. */
  'checks.put': request(checkSchema.extend({ id: id.nullable().default(null) }), z.object({ id })),
  'checks.remove': request(z.object({ id }), done),
  /** "Test this host": makes all its checks and scrapes now and shows every step; stores nothing. */
  'checks.run': request(z.object({ hostId: id }), z.object({ runs: z.array(checkRunSchema) })),
  /** Makes one check now, saved or not, and stores nothing. */
  'checks.try': request(z.object({ check: checkSchema }), checkRunSchema),
  /** Newest first. */
  'checks.history': request(
    z.object({ id, start: timestamp.optional(), end: timestamp.optional() }),
    z.object({ spans: z.array(checkSpanSchema) }),
  ),
  /** The text of Nagios object files; refused whole when a line is wrong. */
  'checks.importNagios': request(
    z.object({
      files: z
        .array(z.object({ name: z.string().max(4096), text: z.string().max(10_000_000) }))
        .min(1)
        .max(200),
      /** What `$USER1$` stands for. */
      pluginFolder: path.default('/usr/lib/nagios/plugins'),
      dryRun: z.boolean().default(false),
    }),
    checkImportSchema,
  ),
  /** A template export of Zabbix (YAML) for one host. */
  'checks.importZabbix': request(
    z.object({
      fileName: z.string().max(4096),
      text: z.string().max(10_000_000),
      hostId: id,
      /** Where its agent listens; the host's address when left out. */
      agent: z
        .object({ host, port: port.default(10_050) })
        .nullable()
        .default(null),
      dryRun: z.boolean().default(false),
    }),
    checkImportSchema,
  ),
  /** The clock of each host that says what time it is. */
  'checks.clocks': request(nothing, z.object({ clocks: z.array(clockOffsetSchema) })),
};

export const checksEvents = {
  'checks.changed': z.object({ ids: z.array(id) }),
};
