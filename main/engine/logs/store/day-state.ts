import { type FormatSpec, LEVELS } from '../model.ts';
import { readSegments, type Segments } from '../terms/segments.ts';
import type { BlockHead } from './heads.ts';
import { type OriginTables, originsOf } from './origins.ts';
import { type Origins, type PendingRow, pendingHeads } from './pending.ts';
import type { Statements } from './statements.ts';

/** What differs between the versions of day files, for reading; version 1 knew no streams and no index of ours. */
const READABLE: Readonly<Record<number, { readonly block: string; readonly pending: string }>> = {
  1: { block: '0 AS stream', pending: `0 AS stream, 0 AS "end", NULL AS changes` },
  2: { block: 'stream', pending: 'stream, end_offset AS "end", changes' },
};
const BLOCK_COLUMNS = `id, file, format, first_offset, last_offset, min_time, max_time, events, ${LEVELS.join(', ')}`;

/** Pending lines that take more memory than this are read again for each search: a state may be kept for months. */
const KEPT_PENDING_BYTES = 64 * 1024;
/** What a pending line takes besides its text, about: the object, its fields and the headers of its buffers. */
const PENDING_ROW_BYTES = 200;

/** The times of the first and last line, in UTC milliseconds. */
export type DayTimes = { readonly minTime: number; readonly maxTime: number };

/**
 * One state of a day file: what every search wants to know of it, each thing read when it is first wanted and kept for the next
 * search. That is about a kilobyte for a day, besides the pending lines of a day that is not over.
 *
 * Its methods are called in a transaction that sees this state, and throw what SQLite throws.
 */
export class DayState {
  /** SQLite's number of the state: it differs when another connection has changed the file (`PRAGMA data_version`). */
  readonly dataVersion: number;
  /** The columns of blocks, for a SELECT. */
  readonly blockColumns: string;
  /** The columns of pending rows, for a SELECT. */
  readonly pendingColumns: string;
  readonly #statements: Statements;
  readonly #day: string;
  readonly #version: number;
  #times: DayTimes | null | undefined;
  #tables: OriginTables | undefined;
  #segments: Segments | undefined;
  #pending: readonly BlockHead[] | undefined;

  constructor(statements: Statements, day: string, version: number, dataVersion: number) {
    this.dataVersion = dataVersion;
    this.#statements = statements;
    this.#day = day;
    this.#version = version;
    const readable = READABLE[version];
    this.blockColumns = `${BLOCK_COLUMNS}, ${readable?.block}`;
    this.pendingColumns = `file, offset, format, time, level, flags, raw, ${readable?.pending}`;
  }

  /** Null while the file holds no line. */
  times(): DayTimes | null {
    if (this.#times === undefined) {
      const row = this.#statements.of('SELECT min_time, max_time FROM summary').get() as
        | { min_time: number; max_time: number }
        | undefined;
      this.#times = row === undefined ? null : { minTime: row.min_time, maxTime: row.max_time };
    }
    return this.#times;
  }

  /** The formats with which lines of this file were read. */
  formats(): readonly FormatSpec[] {
    return [...this.#originTables().formats.values()];
  }

  /** Says where lines come from. Remembers for one reading only: a file may know of thousands of log files. */
  origins(): Origins {
    return originsOf(this.#statements, this.#day, this.#originTables());
  }

  /** The index of the file; null for version 1, whose index is not read. */
  segments(): Segments | null {
    if (this.#version === 1) return null;
    this.#segments ??= readSegments(
      this.#statements,
      this.#statements.number('SELECT max(id) FROM block') ?? 0,
    );
    return this.#segments;
  }

  /** The lines that are not in a block yet. */
  pending(): readonly BlockHead[] {
    if (this.#pending !== undefined) return this.#pending;
    const rows = this.#statements
      .of(`SELECT ${this.pendingColumns} FROM pending ORDER BY file, offset`)
      .all() as PendingRow[];
    const heads = rows.length === 0 ? [] : pendingHeads(rows, this.origins());
    const bytes = rows.reduce(
      (sum, { raw, changes }) => sum + PENDING_ROW_BYTES + raw.length + (changes?.length ?? 0),
      0,
    );
    if (bytes <= KEPT_PENDING_BYTES) this.#pending = heads;
    return heads;
  }

  #originTables(): OriginTables {
    if (this.#tables === undefined) {
      type Format = FormatSpec & { readonly id: number };
      const formats = this.#statements.of('SELECT id, spec, zone FROM format').all() as Format[];
      const streams =
        this.#version === 1
          ? []
          : (this.#statements.of('SELECT id, name FROM stream').all() as { id: number; name: string }[]);
      this.#tables = {
        formats: new Map(formats.map(({ id, spec, zone }) => [id, { spec, zone }])),
        streams: new Map(streams.map(({ id, name }) => [id, name])),
      };
    }
    return this.#tables;
  }
}
