import { statSync } from 'node:fs';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { freeNow } from '../../platform/large-buffers.ts';
import { openReadable, type ReadableDb, sqliteError } from '../../storage/sqlite.ts';
import type { FormatSpec, StoredLine } from '../model.ts';
import { LEVELS } from '../model.ts';
import { askSegments } from '../terms/segments.ts';
import { type BlockColumns, decodeColumns, knowsLayout, linesOf, textStart } from './block.ts';
import { unpack } from './codec.ts';
import { dayMigrations } from './day-schema.ts';
import { readOrigins } from './origins.ts';
import { dayPath, listDays } from './paths.ts';
import { type Origins, type PendingRow, pendingHeads } from './pending.ts';
import type { TermQuery } from './text-index.ts';

/** Where the lines of a block come from. */
export type LineOrigin = {
  readonly day: string;
  readonly fileKey: string;
  readonly path: string;
  readonly sourceId: string;
  readonly sourceName: string;
  readonly host: string;
  readonly format: FormatSpec;
  /** Name of the log stream; empty: the default stream. */
  readonly stream: string;
};

/** A block, unopened, or the pending lines of a log file, which are like an open one. */
export type BlockHead = {
  /** Number of the block in its day file, rising with the time of writing; null for pending lines. */
  readonly block: number | null;
  readonly origin: LineOrigin;
  readonly minTime: number;
  readonly maxTime: number;
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly events: number;
  /** How many lines have each level, by its number. */
  readonly levels: readonly number[];
  readonly open: () => Result<readonly StoredLine[]>;
  /** The decompressed bytes; null for pending lines, which are none. */
  readonly bytes: (() => Result<BlockBytes>) | null;
  /** The same, column by column over the decompressed bytes, without an object for each line. */
  readonly columns: () => Result<BlockColumns>;
};

/** The decompressed bytes of a block, which most searches need not take apart. */
export type BlockBytes = {
  readonly data: Buffer;
  /** Where the text begins, in which every line is followed by LF; null where it is not all there is to know of a line. */
  readonly text: () => number | null;
  readonly columns: () => BlockColumns;
};

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

/** What differs between the versions of day files, for reading; version 1 knew no streams. */
const READABLE: Readonly<Record<number, { readonly block: string; readonly pending: string }>> = {
  1: { block: '0 AS stream', pending: `0 AS stream, 0 AS "end", NULL AS changes` },
  2: { block: 'stream', pending: 'stream, end_offset AS "end", changes' },
};
const COLUMNS =
  'id, file, format, first_offset, last_offset, min_time, max_time, events, unknown, trace, debug, info, warn, error, fatal';

/** With fewer blocks than this to look at, each is fetched by its number. */
const FEW_BLOCKS = 200;

/**
 * SQLite would keep 16 MB of each file that it has open, and a search through many days opens them all, in each of its threads. What is
 * read again lies in the memory of the system anyway.
 */
const CACHE_KIB = 256;

/** Hears of segments of a day's index that are damaged; the search goes on without them. */
export type DamageListener = (day: string, segments: readonly number[]) => void;

/** A day file open for reading. Everything is read fresh: another thread writes the file. */
export class DayReader {
  readonly day: string;
  readonly path: string;
  readonly inode: string;
  readonly #db: ReadableDb;
  readonly #columns: string;
  readonly #pendingColumns: string;
  readonly #isIndexed: boolean;
  /** Kept, because a scan opens many blocks. */
  #blockData: ReturnType<ReadableDb['prepare']> | null = null;
  readonly #damaged: (segments: readonly number[]) => void;

  private constructor(
    day: string,
    path: string,
    inode: string,
    db: ReadableDb,
    version: number,
    onDamage: DamageListener,
  ) {
    this.#isIndexed = version > 1;
    this.#damaged = (segments) => onDamage(day, segments);
    this.day = day;
    this.path = path;
    this.inode = inode;
    this.#db = db;
    const readable = READABLE[version];
    this.#columns = `${COLUMNS}, ${readable?.block}`;
    this.#pendingColumns = `file, offset, format, time, level, flags, raw, ${readable?.pending}`;
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
    const known = dayMigrations.length;
    const close = <T>(result: T): T => {
      opened.value.close();
      return result;
    };
    try {
      opened.value.prepare(`PRAGMA cache_size = -${CACHE_KIB}`).run();
      const row = opened.value.prepare('PRAGMA user_version').get() as { user_version: number };
      const found = row.user_version;
      if (found > known) return close(err(appError('SCHEMA_FROM_FUTURE', { file: path, found, known })));
      return found === 0
        ? close(ok(null))
        : ok(new DayReader(day, path, inode, opened.value, found, onDamage));
    } catch (thrown) {
      return close(err(sqliteError(path, thrown)));
    }
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

  /** The range of times in the file; null while it holds no line. */
  range(): Result<{ readonly minTime: number; readonly maxTime: number } | null> {
    return this.#read(() => {
      const row = this.#db.prepare('SELECT min_time, max_time FROM summary').get() as
        | { min_time: number; max_time: number }
        | undefined;
      return row === undefined ? null : { minTime: row.min_time, maxTime: row.max_time };
    });
  }

  /**
   * The blocks that overlap a range of times and may hold what `terms` asks for (all blocks when it is null), newest
   * first, and the pending lines. Blocks and pending rows are of one state of the file, so that a line that is being
   * sealed is seen exactly once.
   */
  heads(start: number, end: number, terms: TermQuery | null): Result<readonly BlockHead[]> {
    return this.#read(() => {
      this.#db.prepare('BEGIN').run();
      try {
        const origins = readOrigins(this.#db, this.day, this.#isIndexed);
        const pending = this.#db
          .prepare(`SELECT ${this.#pendingColumns} FROM pending ORDER BY file, offset`)
          .all() as PendingRow[];
        return [
          ...pendingHeads(pending, origins).filter((head) => head.maxTime >= start && head.minTime <= end),
          ...this.#blockRows(start, end, terms).map((row) => this.#head(row, origins)),
        ];
      } finally {
        this.#db.prepare('COMMIT').run();
      }
    });
  }

  #blockRows(start: number, end: number, terms: TermQuery | null): readonly BlockRow[] {
    const within = `SELECT ${this.#columns} FROM block WHERE max_time >= ? AND min_time <= ?`;
    const all = (): BlockRow[] =>
      this.#db.prepare(`${within} ORDER BY max_time DESC`).all(start, end) as BlockRow[];
    if (terms === null || !this.#isIndexed) return all();
    const { last } = this.#db.prepare('SELECT max(id) AS last FROM block').get() as { last: number | null };
    const { may, listed, unknown, damaged } = askSegments(this.#db, terms, last ?? 0);
    if (damaged.length > 0) this.#damaged(damaged);
    if (listed.length > FEW_BLOCKS) return all().filter((row) => may(row.id));
    const one = this.#db.prepare(`${within} AND id = ?`);
    const range = this.#db.prepare(`${within} AND id BETWEEN ? AND ?`);
    const rows = [
      ...listed.map((block) => one.get(start, end, block)),
      ...unknown.flatMap(({ first, last: to }) => range.all(start, end, first, to)),
    ] as (BlockRow | undefined)[];
    return rows.filter((row) => row !== undefined).sort((a, b) => b.max_time - a.max_time);
  }

  /** The blocks (and pending lines) of a log file, in the order of the file, that overlap a range of offsets. */
  headsOfFile(key: string, fromOffset: number, toOffset: number): Result<readonly BlockHead[]> {
    return this.#read(() => {
      this.#db.prepare('BEGIN').run();
      try {
        const origins = readOrigins(this.#db, this.day, this.#isIndexed);
        const file = this.#db.prepare('SELECT id FROM file WHERE key = ?').get(key) as
          | { id: number }
          | undefined;
        if (file === undefined) return [];
        const rows = this.#db
          .prepare(
            `SELECT ${this.#columns} FROM block WHERE file = ? AND last_offset >= ? AND first_offset <= ? ORDER BY first_offset`,
          )
          .all(file.id, fromOffset, toOffset) as BlockRow[];
        const pending = this.#db
          .prepare(
            `SELECT ${this.#pendingColumns} FROM pending WHERE file = ? AND offset BETWEEN ? AND ? ORDER BY offset`,
          )
          .all(file.id, fromOffset, toOffset) as PendingRow[];
        return [...rows.map((row) => this.#head(row, origins)), ...pendingHeads(pending, origins)];
      } finally {
        this.#db.prepare('COMMIT').run();
      }
    });
  }

  /** The formats with which lines of this file were read. */
  formats(): Result<readonly FormatSpec[]> {
    return this.#read(() => this.#db.prepare('SELECT spec, zone FROM format').all() as FormatSpec[]);
  }

  /** The keys of a log file's neighbours under the same path: the one before it, and those that came after it. */
  neighbours(key: string): Result<{ readonly prev: string | null; readonly next: readonly string[] }> {
    return this.#read(() => {
      const row = this.#db.prepare('SELECT prev FROM file WHERE key = ?').get(key) as
        | { prev: string | null }
        | undefined;
      const next = this.#db.prepare('SELECT key FROM file WHERE prev = ?').all(key) as { key: string }[];
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
      this.#blockData ??= this.#db.prepare(
        'SELECT layout, codec, raw_bytes, crc, data FROM block_data WHERE id = ?',
      );
      return this.#blockData.get(row.id) as DataRow | undefined;
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

/** The day files of a folder for reading, kept open between searches. */
export class StoreReader {
  readonly #folder: string;
  readonly #open = new Map<string, DayReader>();
  readonly #onDamage: DamageListener;

  constructor(folder: string, onDamage: DamageListener = () => undefined) {
    this.#folder = folder;
    this.#onDamage = onDamage;
  }

  /** All days, newest first. */
  days(): Result<readonly DayReader[]> {
    const readers: DayReader[] = [];
    const days = listDays(this.#folder);
    for (const day of this.#open.keys()) if (!days.includes(day)) this.forget(day);
    for (const day of days) {
      const reader = this.day(day);
      if (!reader.ok) return reader;
      if (reader.value !== null) readers.push(reader.value);
    }
    return ok(readers.reverse());
  }

  /** One day; null when there is no file. */
  day(day: string): Result<DayReader | null> {
    const path = dayPath(this.#folder, day);
    const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
    const known = this.#open.get(day);
    if (stats === undefined) {
      this.forget(day);
      return ok(null);
    }
    const inode = `${stats.dev}:${stats.ino}`;
    if (known?.inode === inode) return ok(known);
    this.forget(day);
    const opened = DayReader.open(this.#folder, day, inode, this.#onDamage);
    if (opened.ok && opened.value !== null) this.#open.set(day, opened.value);
    return opened;
  }

  /** Closes a day's file, so that it can be deleted. */
  forget(day: string): void {
    this.#open.get(day)?.close();
    this.#open.delete(day);
  }

  close(): void {
    for (const day of [...this.#open.keys()]) this.forget(day);
  }
}
