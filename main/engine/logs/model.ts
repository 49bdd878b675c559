import type { LogEvent, LogLevel } from '#shared/contract/logs.ts';
import type { EventChanges } from './stage.ts';

/** Levels by their stored number (docs/logs-format.md). */
export const LEVELS: readonly LogLevel[] = ['unknown', 'trace', 'debug', 'info', 'warn', 'error', 'fatal'];

/** The stored number of a level. */
export const LEVEL_CODE: Readonly<Record<LogLevel, number>> = {
  unknown: 0,
  trace: 1,
  debug: 2,
  info: 3,
  warn: 4,
  error: 5,
  fatal: 6,
};

/** Bits of a stored event's flags. */
export const FLAG = { noTime: 1, future: 2, late: 4, truncated: 8, notUtf8: 16, crlf: 32 } as const;

const SHOWN_FLAGS: readonly (readonly [number, LogEvent['flags'][number]])[] = [
  [FLAG.noTime, 'no_time'],
  [FLAG.future, 'future'],
  [FLAG.late, 'late'],
  [FLAG.truncated, 'truncated'],
  [FLAG.notUtf8, 'not_utf8'],
];

/** The flags of an event as they are shown. */
export function shownFlags(flags: number): LogEvent['flags'] {
  return SHOWN_FLAGS.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => name);
}

/** At most this many bytes of one line are kept. */
export const MAX_LINE_BYTES = 1024 * 1024;
/** Lines of one block. */
export const BLOCK_EVENTS = 512;
/** A block is closed when its lines reach this many bytes. */
export const BLOCK_BYTES = 1024 * 1024;
/** A clock is called off when it differs by more than this. */
export const CLOCK_OFF_MS = 10 * 60_000;
export const DAY_MS = 86_400_000;

/** One line (or event of several joined lines) as it is stored. */
export type StoredLine = {
  /** Byte offset in the log file at which the event starts. */
  readonly offset: number;
  /** Byte offset in the log file behind the event and its line end; `raw` may be shorter or longer than the file's bytes. */
  readonly end: number;
  /** UTC milliseconds. */
  readonly time: number;
  /** Number of the level. */
  readonly level: number;
  readonly flags: number;
  /** Name of the log stream; empty: the default stream. */
  readonly stream: string;
  /** What a pipeline changed beyond what the format reads from `raw`; null for most. */
  readonly changes: EventChanges | null;
  /** The text as it is stored: masked where masking is in force, else as it came. */
  readonly raw: Buffer;
};

/** With what a line was read: needed again to compute its message and fields. */
export type FormatSpec = {
  /** `json`, `logfmt`, `syslog`, `time-level`, `plain`, or a pattern. Never `auto`. */
  readonly spec: string;
  /** IANA zone of time stamps that carry none. */
  readonly zone: string;
};

/** What the store needs to know about a source. */
export type StoredSource = { readonly id: string; readonly name: string; readonly host: string };

/** A log file's identity and how far it is stored (docs/logs-format.md, "Identity of a log file"). */
export type FilePosition = {
  /** 16 characters, made once. */
  readonly key: string;
  readonly sourceId: string;
  readonly path: string;
  readonly headLength: number;
  readonly headHash: Buffer;
  /** First byte that is not stored yet. */
  readonly offset: number;
  readonly tailHash: Buffer;
  /** Lines stored of this file. */
  readonly lines: number;
  /** When it was last modified, by the file system's clock, as of the last reading. */
  readonly mtimeMs: number;
  /** Read to its end after its writer had left it. */
  readonly finished: boolean;
  /** The file that stood under the same path before, by key. */
  readonly prev: string | null;
  /** Device and inode when last seen, `dev:ino`; a hint where to look first, and the tie-breaker of short files. */
  readonly place: string;
};

/** The name of a UTC day, `2026-11-22`. */
export function dayName(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** The first millisecond of a day by its name. */
export function dayStart(day: string): number {
  return Date.parse(`${day}T00:00:00.000Z`);
}

/** The identifier of an event: day file, file key and offset. */
export function eventId(day: string, key: string, offset: number): string {
  return `${day.replaceAll('-', '')}-${key}-${offset.toString(36)}`;
}

/** Takes an identifier apart; null when it is not one. */
export function parseEventId(id: string): { day: string; key: string; offset: number } | null {
  const match = /^(\d{4})(\d{2})(\d{2})-([0-9a-z]{16})-([0-9a-z]{1,11})$/.exec(id);
  if (!match) return null;
  return {
    day: `${match[1]}-${match[2]}-${match[3]}`,
    key: match[4] ?? '',
    offset: Number.parseInt(match[5] ?? '', 36),
  };
}
