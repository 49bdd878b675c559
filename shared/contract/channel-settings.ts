import * as z from 'zod';
import { scrapeConfigSchema } from './hosts.ts';
import { secretTextSchema } from './secrets.ts';

/** The language of what a channel says; `both` is Chinese first, English after it. */
const channelLanguageSchema = z.enum(['zh', 'en', 'both']);
export type ChannelLanguage = z.infer<typeof channelLanguageSchema>;

/** A time of day, `HH:MM`. */
export const timeOfDaySchema = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be HH:MM');

/** One e-mail address, without a display name and without anything that could end a header or a command. */
export const mailAddressSchema = z
  .string()
  .trim()
  .max(320)
  .regex(/^[^\s@<>()[\],;:\\"]+@[^\s@<>()[\],;:\\"]+$/, 'not an e-mail address');

const host = z
  .string()
  .trim()
  .min(1)
  .max(253)
  .regex(/^[^\s/@[\]]+$/, 'must be a host name or an address');
const port = z.int().min(1).max(65_535);
const file = z.string().min(1).max(4096);
/** How long one attempt may take, all together. */
const timeoutMs = z.int().min(100).max(600_000);
const { tls, bearerToken, bearerTokenFile } = scrapeConfigSchema.shape;

/** Certificates, as for scrapes. */
const tlsSchema = tls;

/** A login whose password is sealed, or in a file. */
const loginSchema = z
  .object({
    username: z.string(),
    password: secretTextSchema.min(1).optional(),
    passwordFile: z.string().min(1).optional(),
  })
  .strict()
  .refine(
    ({ password, passwordFile }) => (password === undefined) !== (passwordFile === undefined),
    'a password, or the file that holds it',
  )
  .optional();

/** An address of a server, without a login in it: that has fields of its own. */
const urlSchema = z
  .string()
  .trim()
  .max(2000)
  .regex(/^https?:\/\/[^\s/@]+(\/\S*)?$/i, 'not an http or https address')
  .refine((text) => URL.canParse(text), 'not a URL');

/** Headers of a request. Logins are not among them: what is here is shown, and a secret is given by file. */
const headersSchema = z
  .record(
    z
      .string()
      .max(200)
      .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'not a header name')
      .refine((name) => !/^(proxy-)?authorization$|^cookie$/i.test(name), 'a login has fields of its own'),
    z
      .string()
      .max(4000)
      .regex(/^[ -~]*$/, 'only printable ASCII'),
  )
  .default({});

/** How loud a severity is on this workstation. */
export const soundSchema = z.enum(['none', 'notice', 'warning', 'critical']);
export type Sound = z.infer<typeof soundSchema>;

/** This workstation: the system's notifications, the tray, and a sound. */
export const desktopSettingsSchema = z
  .object({
    type: z.literal('desktop'),
    sounds: z
      .object({
        critical: soundSchema.default('critical'),
        warning: soundSchema.default('warning'),
        info: soundSchema.default('none'),
      })
      .prefault({}),
    /** From 0 (mute) to 1. */
    volume: z.number().min(0).max(1).default(1),
    /** No sound at these hours, by this machine's clock; what is critical sounds all the same unless told not to. */
    quietHours: z
      .object({
        from: timeOfDaySchema,
        /** Before or at `from`: the next day. */
        to: timeOfDaySchema,
        silenceCritical: z.boolean().default(false),
      })
      .nullable()
      .default(null),
  })
  .strict();

/** E-mail, through a relay of the site. */
const smtpSettingsSchema = z
  .object({
    type: z.literal('smtp'),
    host,
    port: port.default(25),
    /** `starttls` is required, never given up on: a server that does not offer it is refused. */
    security: z.enum(['none', 'starttls', 'tls']).default('starttls'),
    login: loginSchema,
    tls: tlsSchema,
    from: mailAddressSchema,
    /** Who gets what a route sends to this channel without naming anybody. */
    to: z.array(mailAddressSchema).max(100).default([]),
    language: channelLanguageSchema.default('both'),
    timeoutMs: timeoutMs.default(30_000),
  })
  .strict();

/** The JSON that Alertmanager's webhooks send (version 4), so that what people have for it works. */
const webhookSettingsSchema = z
  .object({
    type: z.literal('webhook'),
    url: urlSchema,
    headers: headersSchema,
    basicAuth: loginSchema,
    bearerToken,
    bearerTokenFile,
    tls: tlsSchema,
    /** Most alerts of one message; 0: all. What is left out is counted in `truncatedAlerts`. */
    maxAlerts: z.int().min(0).max(10_000).default(0),
    /** Language of the annotations of built-in conditions. */
    language: channelLanguageSchema.default('zh'),
    timeoutMs: timeoutMs.default(10_000),
  })
  .strict();

/** A real Alertmanager, told as Prometheus tells it. */
const alertmanagerSettingsSchema = z
  .object({
    type: z.literal('alertmanager'),
    /** Its base address; `/api/v2/alerts` is added. */
    url: urlSchema,
    basicAuth: loginSchema,
    bearerToken,
    bearerTokenFile,
    tls: tlsSchema,
    /** Put on every alert, so that several consoles can be told apart. An alert's own label goes before it. */
    labels: z.record(z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/), z.string().min(1).max(1024)).default({}),
    /** How often alerts that fire are sent again; Alertmanager ends what it has not heard of for four times as long. */
    resendMs: z.int().min(1_000).max(3_600_000).default(60_000),
    language: channelLanguageSchema.default('zh'),
    timeoutMs: timeoutMs.default(10_000),
  })
  .strict();

/** Facilities of RFC 5424, in the order of their numbers. */
export const SYSLOG_FACILITIES = [
  'kern',
  'user',
  'mail',
  'daemon',
  'auth',
  'syslog',
  'lpr',
  'news',
  'uucp',
  'cron',
  'authpriv',
  'ftp',
  'ntp',
  'audit',
  'alert',
  'clock',
  'local0',
  'local1',
  'local2',
  'local3',
  'local4',
  'local5',
  'local6',
  'local7',
] as const;

/** One message of RFC 5424 for every alert. */
const syslogSettingsSchema = z
  .object({
    type: z.literal('syslog'),
    transport: z.enum(['udp', 'tcp', 'tls']).default('tcp'),
    host,
    port: port.default(514),
    tls: tlsSchema,
    facility: z.enum(SYSLOG_FACILITIES).default('local0'),
    language: channelLanguageSchema.default('zh'),
    timeoutMs: timeoutMs.default(10_000),
  })
  .strict();

/** A program of the site that gets the notice as JSON on its standard input. */
const commandSettingsSchema = z
  .object({
    type: z.literal('command'),
    /** The program and its arguments, handed over as they are: no shell reads them. */
    argv: z
      .array(z.string().max(8_000))
      .min(1)
      .max(100)
      .refine((argv) => argv[0] !== '', 'no program'),
    cwd: file.nullable().default(null),
    timeoutMs: timeoutMs.default(30_000),
  })
  .strict();

/** How a channel sends: one kind of settings for each type. Secrets are given as text and sealed, or named by file. */
export const channelSettingsSchema = z.discriminatedUnion('type', [
  desktopSettingsSchema,
  smtpSettingsSchema,
  webhookSettingsSchema,
  alertmanagerSettingsSchema,
  syslogSettingsSchema,
  commandSettingsSchema,
]);
export type ChannelSettings = z.infer<typeof channelSettingsSchema>;
export type ChannelType = ChannelSettings['type'];
/** The settings of one type. */
export type SettingsOf<T extends ChannelType> = Extract<ChannelSettings, { readonly type: T }>;
