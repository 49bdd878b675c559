import * as z from 'zod';
import { appErrorSchema } from '../errors/app-error.ts';
import { id, timestamp } from './define.ts';

/** How the bytes of a file become text. `auto` looks at each file: a byte order mark, else what its bytes look like. */
export const logEncodingSchema = z.enum(['auto', 'utf-8', 'utf-16le', 'utf-16be', 'gb18030']);
export type LogEncoding = z.output<typeof logEncodingSchema>;

const bounds = {
  /** An event of more lines or bytes is cut into several. */
  maxLines: z.int().min(2).max(10_000).default(1000),
  maxBytes: z.int().min(1024).max(1_048_576).default(262_144),
  /** An event is complete when nothing followed it for so long. */
  flushMs: z.int().min(100).max(60_000).default(2000),
};

/** How lines become events. */
export const logMultilineSchema = z.discriminatedUnion('kind', [
  /** Each line is an event. */
  z.object({ kind: z.literal('none') }),
  /** A line that matches the pattern (RE2) begins an event; all others belong to the one before. */
  z.object({ kind: z.literal('start'), pattern: z.string().min(1).max(1000), ...bounds }),
  /** Lines that are indented, and those that go on with a stack trace (`Caused by:`, `Traceback` …), belong to the one before. */
  z.object({ kind: z.literal('indent'), ...bounds }),
  /** A line that begins with a time stamp, bare or in brackets, begins an event. */
  z.object({ kind: z.literal('time'), ...bounds }),
]);
export type LogMultiline = z.output<typeof logMultilineSchema>;

/** Files of a host that is reached over SSH; read by SFTP, nothing is installed there. */
const logRemoteSchema = z.object({
  /** A login of `ssh.logins.list`. */
  login: id,
  /** How often the host is asked. */
  everyMs: z.int().min(1000).max(3_600_000).default(10_000),
  /** Bytes fetched at most each time, so that a slow line is not filled by a log with a long past. */
  maxBytesPerPoll: z.int().min(65_536).max(1_073_741_824).default(8_388_608),
});
export type LogRemote = z.output<typeof logRemoteSchema>;

/** What a source may say beyond its path; all of it has defaults. */
export const logReadingFields = {
  /** Further paths, folders or globs of the same source. */
  more: z.array(z.string().min(1).max(4096)).max(50).default([]),
  /** Globs of files that are left out although a path names them; a pattern without a slash is compared with the name alone. */
  exclude: z.array(z.string().min(1).max(4096)).max(50).default([]),
  encoding: logEncodingSchema.default('auto'),
  multiline: logMultilineSchema.default({ kind: 'none' }),
  /** Null: files of this workstation. */
  remote: logRemoteSchema.nullable().default(null),
};

/** Where a source comes from, and how a remote one fares. */
export const logOriginSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('files') }),
  z.object({
    kind: z.literal('remote'),
    login: id,
    state: z.enum(['ok', 'waiting', 'error']),
    error: appErrorSchema.nullable(),
    /** When the host last answered. */
    lastPollAt: timestamp.nullable(),
    /** Bytes that are still on the host. */
    behindBytes: z.number(),
  }),
  /** Made by a receiver, one per sender; changed and removed with it. */
  z.object({ kind: z.literal('receiver'), receiver: id }),
]);
export type LogOrigin = z.output<typeof logOriginSchema>;
