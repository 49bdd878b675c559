import * as z from 'zod';
import { appErrorSchema } from '../errors/app-error.ts';
import { bilingual, done, id, nothing, request, timestamp } from './define.ts';
import { logFormatSchema, logLevelSchema, logSourceInputSchema } from './logs.ts';
import { logEncodingSchema, logMultilineSchema } from './logs-reading.ts';

/** An address, or a network such as `10.0.0.0/8`. */
const addressOrNetwork = z
  .string()
  .trim()
  .regex(/^[0-9A-Fa-f.:]{2,45}(?:\/\d{1,3})?$/);

/** A place that takes syslog messages (RFC 5424, RFC 3164) from the network. Off until it is switched on. */
export const logReceiverSchema = z.object({
  name: z.string().trim().min(1).max(100),
  enabled: z.boolean().default(false),
  /** TCP and TLS take messages framed by octet counting and by newlines, whichever comes (RFC 6587). */
  protocol: z.enum(['udp', 'tcp', 'tls']),
  /** The workstation's own address to listen on; `0.0.0.0` and `::` mean all of them. */
  address: z
    .string()
    .trim()
    .regex(/^[0-9A-Fa-f.:]{2,45}$/)
    .default('127.0.0.1'),
  /** 0 takes any free port (for tests). */
  port: z.int().min(0).max(65_535),
  /** IANA zone of time stamps that carry none; empty means the workstation's. */
  zone: z.string().max(64).default(''),
  /** What counts as the host of a message: the name in it, or the address it came from. */
  hostFrom: z.enum(['message', 'address']).default('message'),
  /** Who may send; empty means everyone who reaches the port. */
  allow: z.array(addressOrNetwork).max(100).default([]),
  /** PEM files; needed for `tls`. With `clientCaFile` senders must show a certificate that it signed. */
  tls: z
    .object({
      certFile: z.string().min(1).max(4096),
      keyFile: z.string().min(1).max(4096),
      clientCaFile: z.string().min(1).max(4096).nullable().default(null),
    })
    .nullable()
    .default(null),
  /** Longer messages are cut, counted and flagged. */
  maxMessageBytes: z.int().min(1024).max(1_048_576).default(65_536),
  maxConnections: z.int().min(1).max(10_000).default(200),
  /**
   * What comes faster over UDP is counted and left out; a TCP sender is made to wait.
   */
  maxMessagesPerSecond: z.int().min(1).max(200_000).default(20_000),
});
export type LogReceiverInput = z.input<typeof logReceiverSchema>;
export type LogReceiver = z.output<typeof logReceiverSchema>;

/** What a receiver counted since it was switched on. */
const logReceiverCountersSchema = z.object({
  messages: z.int(),
  bytes: z.number(),
  /** Without a `<PRI>` of syslog; kept, as plain text. */
  malformed: z.int(),
  /** Longer than `maxMessageBytes`; kept, cut. */
  cut: z.int(),
  /** Left out: came faster than allowed (UDP), or from somebody who may not send. */
  droppedRate: z.int(),
  droppedSender: z.int(),
  /** Left out because they could not be written; the reason stands in `error`. */
  droppedDisk: z.int(),
  /** Left out by the kernel before the console saw them (UDP socket buffer full); null where the system does not tell. */
  droppedKernel: z.int().nullable(),
  /** Connections that were turned away, and those ended because their framing was broken or they were silent too long. */
  refusedConnections: z.int(),
  brokenConnections: z.int(),
});
export type LogReceiverCounters = z.output<typeof logReceiverCountersSchema>;

const logReceiverStateSchema = logReceiverSchema.extend({
  id,
  state: z.enum(['off', 'listening', 'error']),
  error: appErrorSchema.nullable(),
  /** The port it really listens on; null while it does not. */
  boundPort: z.int().nullable(),
  since: timestamp.nullable(),
  connections: z.int(),
  counters: logReceiverCountersSchema,
  /** Most talkative first, at most 100. Each is a log source of its own. */
  senders: z.array(
    z.object({
      host: z.string(),
      /** Last address it came from. */
      address: z.string(),
      messages: z.int(),
      lastAt: timestamp.nullable(),
      sourceId: id,
    }),
  ),
  senderCount: z.int(),
});
export type LogReceiverState = z.output<typeof logReceiverStateSchema>;

/** One format that a source can be given. */
const logFormatInfoSchema = z.object({
  /** What is written into `format`. */
  name: z.string(),
  title: bilingual,
  /** What such lines are and what is read from them. */
  sentence: bilingual,
  example: z.string(),
});
export type LogFormatInfo = z.output<typeof logFormatInfoSchema>;

/** A field of a tested line. */
const testedFieldSchema = z.object({
  name: z.string(),
  value: z.string(),
  /** Where the value stands in the text, from 1; null when it is not there letter by letter. */
  column: z.int().nullable(),
});

/** What became of one event of a sample. */
const testedLineSchema = z.object({
  /** Number of its first line, from 1, and of how many lines it was joined. */
  line: z.int(),
  lines: z.int(),
  text: z.string(),
  matched: z.boolean(),
  /** Why it did not match, and from which column of the text (from 1); null when it did. */
  why: bilingual.nullable(),
  column: z.int().nullable(),
  /** The line's own time; null when it carries none. */
  time: timestamp.nullable(),
  level: logLevelSchema,
  message: z.string(),
  fields: z.array(testedFieldSchema),
  /** Its clock against the workstation's, and how it was read. */
  flags: z.array(z.enum(['no_time', 'future', 'late', 'truncated', 'not_utf8'])),
});
export type TestedLine = z.output<typeof testedLineSchema>;

export const logsSourcesRequests = {
  /** Changes a source in place; what it has read stays read, and it goes on where it stopped. */
  'logs.sources.update': request(logSourceInputSchema.extend({ id }), done),
  /**
   * Shows what a format makes of a pasted sample, or of the head of a file of this workstation. Stores nothing. A format
   * that cannot be used is answered as LOG_FORMAT_INVALID.
   */
  'logs.sources.test': request(
    z.object({
      format: logFormatSchema.default('auto'),
      zone: z.string().max(64).default(''),
      encoding: logEncodingSchema.default('auto'),
      multiline: logMultilineSchema.default({ kind: 'none' }),
      /** One of the two. */
      text: z.string().max(262_144).optional(),
      path: z.string().min(1).max(4096).optional(),
      /** How many events are shown. */
      limit: z.int().min(1).max(500).default(50),
    }),
    z.object({
      /** The format used: the detected one when `auto` was asked for. */
      format: z.string(),
      encoding: logEncodingSchema,
      /** Files that `path` names; the first is read. None while there is no such file yet. */
      files: z.array(z.string()),
      /** The first events; when all of those match, some that do not stand in for the last of them. */
      lines: z.array(testedLineSchema),
      /** Events of the whole sample, shown or not. */
      total: z.int(),
      matched: z.int(),
      /** Lines that do not match and look like part of the one before (a stack trace); 0 where lines are joined. */
      continued: z.int(),
      /** How well every built-in format fits, best first: share of the lines it matches, 0…1. */
      candidates: z.array(z.object({ format: z.string(), share: z.number() })),
    }),
  ),
  'logs.formats': request(
    nothing,
    z.object({
      formats: z.array(logFormatInfoSchema),
      /** Names to be used in `grok:%{NAME:field}`, with what they stand for. */
      grok: z.array(z.object({ name: z.string(), pattern: z.string() })),
    }),
  ),
  'logs.receivers.list': request(nothing, z.object({ receivers: z.array(logReceiverStateSchema) })),
  /** Adds a receiver, or changes the one with this id. */
  'logs.receivers.put': request(
    logReceiverSchema.extend({ id: id.nullable().default(null) }),
    z.object({ id }),
  ),
  /** Stops it; what it has received stays. */
  'logs.receivers.remove': request(z.object({ id }), done),
};

export const logsSourcesEvents = {
  'logs.receivers.changed': z.object({ ids: z.array(id) }),
};
