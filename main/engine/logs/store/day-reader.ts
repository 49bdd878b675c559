import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { freeNow } from '../../platform/large-buffers.ts';
import { openReadable, type ReadableDb, sqliteError } from '../../storage/sqlite.ts';
import { type FormatSpec, LEVELS } from '../model.ts';
import { askSegments } from '../terms/segments.ts';
import { type BlockColumns, decodeColumns, knowsLayout, linesOf, textStart } from './block.ts';
import { unpack } from './codec.ts';
import { dayMigrations } from './day-schema.ts';
import { DayState, type DayTimes } from './day-state.ts';
import type { BlockBytes, BlockHead } from './heads.ts';
import { dayPath } from './paths.ts';
import { type Origins, type PendingRow, pendingHeads } from './pending.ts';
import { Statements } from './statements.ts';
import type { TermQuery } from './text-index.ts';

type BlockRow = {
  id: number;
  file: number;
  stream: number;
  format: number;
  first_offset: number;
  last_offset: number;
  min_time: number;
  max_time: number;
  events: number;
} & Record<(typeof LEVELS)[number], number>;

type DataRow = { layout: number; codec: number; raw_bytes: number; crc: number; data: Buffer };

/** Which blocks near a time are wanted; times in UTC milliseconds, both included. */
export type NearRequest = {
  readonly start: number;
  readonly end: number;
  /** `after`: looked at from the start, else from the end. */
  readonly side: 'before' | 'after';
  /** Null: of all hosts. */
  readonly host: string | null;
  /** Of blocks; -1: none. */
  readonly limit: number;
};

/** What was found near a time. */
export type NearHeads = {
  readonly heads: readonly BlockHead[];
  /** Where the limit left blocks out: their first time (looked at from the start) or last one lies here or beyond. */
  readonly cutAt: number | null;
};

const FILES_OF_HOST = `SELECT file.id FROM file LEFT JOIN source ON source.id = file.source WHERE coalesce(source.host, '') = ?`;

/** With fewer blocks than this to look at, each is fetched by its number. */
const FEW_BLOCKS = 200;

/**
 * SQLite would keep 16 MB of each file that it has open, and a search through many days opens them all, in each of its threads. What is
 * read again lies in the memory of the system anyway.
 */
const CACHE_KIB = 256;

/** Hears of segments of a day's index that are damaged; the search goes on without them. */
export type DamageListener = (day: string, segments: readonly number[]) => void;

/**
 * A day file open for reading, while another thread writes it. What was learnt of it is kept for as long as SQLite says that the file
 * is unchanged, so that asking one more day for a rare word costs little more than looking up the word.
 */
export class DayReader {
  readonly day: string;
  readonly path: string;
  readonly inode: string;
  readonly #db: ReadableDb;
  readonly #statements: Statements;
  readonly #damaged: (segments: readonly number[]) => void;
  #state: DayState | null = null;

  private constructor(day: string, path: string, inode: string, db: ReadableDb, onDamage: DamageListener) {
    this.#damaged = (segments) => onDamage(day, segments);
    this.day = day;
    this.path = path;
    this.inode = inode;
    this.#db = db;
    this.#statements = new Statements(db);
  }

  /** Opens a day's file; null while the writer has not finished making it. */
  static open(
    folder: string,
    day: string,
    inode: string,
    onDamage: DamageListener = () => undefined,
  ): Result<DayReader | null> {
    const path = dayPath(folder, day);
    const opened = openReadable(path);
    if (!opened.ok) return opened;
    const reader = new DayReader(day, path, inode, opened.value, onDamage);
    const asked = reader.#read(() => {
      opened.value.prepare(`PRAGMA cache_size = -${CACHE_KIB}`).run();
      return reader.#version();
    });
    const version = asked.ok ? asked.value : asked;
    if (version.ok && version.value > 0) return ok(reader);
    reader.close();
    return version.ok ? ok(null) : version;
  }

  /** False once the file was closed, because its day was deleted; reading it is a mistake from then on. */
  get isOpen(): boolean {
    return this.#db.open;
  }

  close(): void {
    this.#db.close();
  }

  /** Runs a reading, turning what SQLite throws into a value. */
  #read<T>(work: () => T): Result<T> {
    try {
      return ok(work());
    } catch (thrown) {
      return err(sqliteError(this.path, thrown));
    }
  }

  /** Runs a reading in which everything is of one state of the file: a line that is being sealed is seen exactly once. */
  #look<T>(work: (state: DayState) => T): Result<T> {
    const looked = this.#read((): Result<T> => {
      this.#statements.of('BEGIN').run();
      try {
        const state = this.#present();
        return state.ok ? ok(work(state.value)) : state;
      } finally {
        this.#statements.of('COMMIT').run();
      }
    });
    return looked.ok ? looked.value : looked;
  }

  /** The state that the present transaction sees: the one that is known, unless the file has changed since. */
  #present(): Result<DayState> {
    const dataVersion = this.#statements.number('PRAGMA data_version') ?? 0;
    if (this.#state?.dataVersion === dataVersion) return ok(this.#state);
    // The writer may have migrated the file since it was opened.
    const version = this.#version();
    if (!version.ok) return version;
    this.#state = new DayState(this.#statements, this.day, version.value, dataVersion);
    return ok(this.#state);
  }

  /** The version of the file's schema; 0 for a file that is being made. */
  #version(): Result<number> {
    const known = dayMigrations.length;
    const found = this.#statements.number('PRAGMA user_version') ?? 0;
    return found > known ? err(appError('SCHEMA_FROM_FUTURE', { file: this.path, found, known })) : ok(found);
  }

  /** The times of the first and last line in the file; null while it holds none. */
  times(): Result<DayTimes | null> {
    return this.#look((state) => state.times());
  }

  /**
   * The blocks that overlap a range of times and may hold what `terms` asks for (all blocks when it is null), newest
   * first, and before them the pending lines.
   */
  heads(start: number, end: number, terms: TermQuery | null): Result<readonly BlockHead[]> {
    return this.#look((state) => {
      const pending = state.pending().filter((head) => head.maxTime >= start && head.minTime <= end);
      const rows = this.#blockRows(state, start, end, terms);
      if (rows.length === 0) return pending;
      const origins = state.origins();
      return [...pending, ...rows.map((row) => this.#head(row, origins))];
    });
  }

  /** The lines that are not in a block yet. */
  pendingHeads(): Result<readonly BlockHead[]> {
    return this.#look((state) => state.pending());
  }

  /** The blocks that overlap a range of times, those nearest to the end of it from which somebody looks first. */
  headsNear(request: NearRequest): Result<NearHeads> {
    const { start, end, side, host, limit } = request;
    return this.#look((state) => {
      const order = side === 'after' ? 'min_time' : 'max_time DESC';
      const rows = this.#statements
        .of(
          `SELECT ${state.blockColumns} FROM block WHERE max_time >= ? AND min_time <= ?
           ${host === null ? '' : `AND file IN (${FILES_OF_HOST})`} ORDER BY ${order} LIMIT ?`,
        )
        .all(start, end, ...(host === null ? [] : [host]), limit) as BlockRow[];
      const last = rows.length === limit ? rows.at(-1) : undefined;
      const cutAt = last === undefined ? null : side === 'after' ? last.min_time : last.max_time;
      const origins = state.origins();
      return { heads: rows.map((row) => this.#head(row, origins)), cutAt };
    });
  }

  #blockRows(state: DayState, start: number, end: number, terms: TermQuery | null): readonly BlockRow[] {
    const within = `SELECT ${state.blockColumns} FROM block WHERE max_time >= ? AND min_time <= ?`;
    const all = (): BlockRow[] =>
      this.#statements.of(`${within} ORDER BY max_time DESC`).all(start, end) as BlockRow[];
    const segments = terms === null ? null : state.segments();
    if (terms === null || segments === null) return all();
    const { may, listed, unknown, damaged } = askSegments(this.#statements, segments, terms);
    if (damaged.length > 0) this.#damaged(damaged);
    if (listed.length === 0 && unknown.length === 0) return [];
    if (listed.length > FEW_BLOCKS) return all().filter((row) => may(row.id));
    const one = this.#statements.of(`${within} AND id = ?`);
    const range = this.#statements.of(`${within} AND id BETWEEN ? AND ?`);
    const rows = [
      ...listed.map((block) => one.get(start, end, block)),
      ...unknown.flatMap(({ first, last: to }) => range.all(start, end, first, to)),
    ] as (BlockRow | undefined)[];
    return rows.filter((row) => row !== undefined).sort((a, b) => b.max_time - a.max_time);
  }

  /** The blocks (and pending lines) of a log file, in the order of the file, that overlap a range of offsets. */
  headsOfFile(key: string, fromOffset: number, toOffset: number): Result<readonly BlockHead[]> {
    return this.#look((state) => {
      const file = this.#statements.of('SELECT id FROM file WHERE key = ?').get(key) as
        | { id: number }
        | undefined;
      if (file === undefined) return [];
      const rows = this.#statements
        .of(
          `SELECT ${state.blockColumns} FROM block WHERE file = ? AND last_offset >= ? AND first_offset <= ? ORDER BY first_offset`,
        )
        .all(file.id, fromOffset, toOffset) as BlockRow[];
      const pending = this.#statements
        .of(
          `SELECT ${state.pendingColumns} FROM pending WHERE file = ? AND offset BETWEEN ? AND ? ORDER BY offset`,
        )
        .all(file.id, fromOffset, toOffset) as PendingRow[];
      const origins = state.origins();
      return [...rows.map((row) => this.#head(row, origins)), ...pendingHeads(pending, origins)];
    });
  }

  /** The formats with which lines of this file were read. */
  formats(): Result<readonly FormatSpec[]> {
    return this.#look((state) => state.formats());
  }

  /** The keys of a log file's neighbours under the same path: the one before it, and those that came after it. */
  neighbours(key: string): Result<{ readonly prev: string | null; readonly next: readonly string[] }> {
    return this.#read(() => {
      const row = this.#statements.of('SELECT prev FROM file WHERE key = ?').get(key) as
        | { prev: string | null }
        | undefined;
      const next = this.#statements.of('SELECT key FROM file WHERE prev = ?').all(key) as { key: string }[];
      return { prev: row?.prev ?? null, next: next.map((other) => other.key) };
    });
  }

  #head(row: BlockRow, origins: Origins): BlockHead {
    const origin = origins(row);
    const bytes = (): Result<BlockBytes> => this.#openBlock(row, origin.stream);
    const columns = (): Result<BlockColumns> => {
      const opened = bytes();
      return opened.ok ? ok(opened.value.columns()) : opened;
    };
    return {
      block: row.id,
      origin,
      minTime: row.min_time,
      maxTime: row.max_time,
      firstOffset: row.first_offset,
      lastOffset: row.last_offset,
      events: row.events,
      levels: LEVELS.map((level) => row[level]),
      bytes,
      columns,
      open: () => {
        const opened = columns();
        return opened.ok ? ok(linesOf(opened.value)) : opened;
      },
    };
  }

  #openBlock(row: BlockRow, stream: string): Result<BlockBytes> {
    const found = this.#read(() => {
      const statement = this.#statements.of(
        'SELECT layout, codec, raw_bytes, crc, data FROM block_data WHERE id = ?',
      );
      return statement.get(row.id) as DataRow | undefined;
    });
    if (!found.ok) return found;
    const data = found.value;
    const place = { file: this.path, block: row.id };
    if (data === undefined || !knowsLayout(data.layout))
      return err(appError('LOG_BLOCK_DAMAGED', { ...place, why: `layout ${data?.layout ?? '-'}` }));
    const raw = unpack(place, {
      codec: data.codec,
      data: data.data,
      rawBytes: data.raw_bytes,
      crc: data.crc,
    });
    if (!raw.ok) return raw;
    if (raw.value !== data.data) freeNow(data.data);
    const { events, first_offset: firstOffset, min_time: minTime } = row;
    const frame = { layout: data.layout, events, firstOffset, minTime, stream };
    return ok({
      data: raw.value,
      text: () => textStart(raw.value, frame),
      columns: () => decodeColumns(raw.value, frame),
    });
  }
}
