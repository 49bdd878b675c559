import { readdirSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { type AppError, appError, err, ok, type Result } from '#shared/errors/index.ts';
import { openReadable, sqliteError } from '../storage/sqlite.ts';
import type { FilePosition, FormatSpec, StoredSource } from './model.ts';
import { dayName } from './model.ts';
import type { LineParser } from './parser.ts';
import { DayWriter, dayPath, type Segment } from './store-day.ts';

const OPEN_DAYS = 8;
const FULL_BELOW_BYTES = 512 * 1024;

/** The days that have a file, oldest first. */
export function listDays(folder: string): readonly string[] {
  return readdirSync(folder)
    .map((name) => /^(\d{4}-\d{2}-\d{2})\.db$/.exec(name)?.[1])
    .filter((day) => day !== undefined)
    .sort();
}

/** What the day files know about sources and log files. */
export type KnownFiles = {
  readonly positions: Map<string, FilePosition>;
  /** Sources whose files have been listed before. */
  readonly scanned: Set<string>;
};

/** Writes the day files of a folder. One instance a folder. */
export class StoreWriter {
  readonly #folder: string;
  readonly #parserOf: (format: FormatSpec) => LineParser;
  /** Open files, the one used longest ago first. */
  readonly #open = new Map<string, DayWriter>();

  constructor(folder: string, parserOf: (format: FormatSpec) => LineParser) {
    this.#folder = folder;
    this.#parserOf = parserOf;
  }

  /** Reads the positions of all log files: for each key the row that is farthest, the latest of equals. */
  known(): Result<KnownFiles> {
    const positions = new Map<string, FilePosition>();
    const scanned = new Set<string>();
    for (const day of listDays(this.#folder)) {
      // The writer's handle recovers a write-ahead log that a crash left behind; a reader alone could not.
      const writer = this.#day(day);
      if (!writer.ok) return writer;
      const opened = openReadable(dayPath(this.#folder, day));
      if (!opened.ok) return opened;
      for (const row of opened.value.prepare('SELECT * FROM file').all() as FileRow[]) {
        const position = positionOf(row);
        const other = positions.get(position.key);
        if (
          other === undefined ||
          position.offset > other.offset ||
          (position.offset === other.offset && position.mtimeMs >= other.mtimeMs)
        )
          positions.set(position.key, position);
      }
      for (const row of opened.value.prepare('SELECT id FROM source').all() as { id: string }[])
        scanned.add(row.id);
      opened.value.close();
    }
    return ok({ positions, scanned });
  }

  /** Stores segments of one day in one transaction. Nothing of them is stored when it fails. */
  commit(day: string, segments: readonly Segment[], nowMs: number): Result<object> {
    const writer = this.#day(day);
    if (!writer.ok) return err(this.#explain(day, writer.error));
    try {
      writer.value.commit(segments, nowMs);
      return ok({});
    } catch (thrown) {
      const error = sqliteError(dayPath(this.#folder, day), thrown);
      this.#drop(day);
      return err(this.#explain(day, error));
    }
  }

  /** Notes that a source's files have been listed, so that a restart does not take it for new. */
  noteScan(source: StoredSource, nowMs: number): Result<object> {
    const day = dayName(nowMs);
    const writer = this.#day(day);
    if (!writer.ok) return err(this.#explain(day, writer.error));
    try {
      writer.value.putSource(source, nowMs);
      return ok({});
    } catch (thrown) {
      this.#drop(day);
      return err(this.#explain(day, sqliteError(dayPath(this.#folder, day), thrown)));
    }
  }

  /** Turns the pending rows of days that are over into blocks, and closes those files. */
  sealBefore(day: string, nowMs: number): Result<object> {
    for (const open of [...this.#open.values()]) {
      if (open.day >= day) continue;
      try {
        open.seal(nowMs);
      } catch (thrown) {
        this.#drop(open.day);
        return err(this.#explain(open.day, sqliteError(open.path, thrown)));
      }
      this.#drop(open.day);
    }
    return ok({});
  }

  /** Deletes a day's file. */
  remove(day: string): void {
    this.#drop(day);
    for (const suffix of ['', '-wal', '-shm'])
      rmSync(`${dayPath(this.#folder, day)}${suffix}`, { force: true });
  }

  close(): void {
    for (const day of [...this.#open.keys()]) this.#drop(day);
  }

  #day(day: string): Result<DayWriter> {
    const open = this.#open.get(day);
    if (open) {
      this.#open.delete(day);
      this.#open.set(day, open);
      return ok(open);
    }
    const opened = DayWriter.open(this.#folder, day, this.#parserOf);
    if (!opened.ok) return opened;
    this.#open.set(day, opened.value);
    const oldest = this.#open.keys().next().value;
    if (this.#open.size > OPEN_DAYS && oldest !== undefined) this.#drop(oldest);
    return opened;
  }

  #drop(day: string): void {
    const open = this.#open.get(day);
    this.#open.delete(day);
    open?.close();
  }

  /** A full disk shows in several ways (no room for the shared-memory file, for instance); ask the disk itself. */
  #explain(day: string, error: AppError): AppError {
    if (error.code === 'DISK_FULL') return error;
    try {
      const stats = statfsSync(this.#folder);
      if (stats.bavail * stats.bsize < FULL_BELOW_BYTES)
        return appError('DISK_FULL', { file: join(this.#folder, `${day}.db`) }, { detail: error.message.en });
    } catch {
      // The folder itself is gone or unreadable: the first error says so already.
    }
    return error;
  }
}

type FileRow = {
  key: string;
  source: string;
  path: string;
  head_len: number;
  head_hash: Buffer;
  offset: number;
  tail_hash: Buffer;
  lines: number;
  mtime: number;
  finished: number;
  prev: string | null;
  place: string;
};

function positionOf(row: FileRow): FilePosition {
  return {
    key: row.key,
    sourceId: row.source,
    path: row.path,
    headLength: row.head_len,
    headHash: row.head_hash,
    offset: row.offset,
    tailHash: row.tail_hash,
    lines: row.lines,
    mtimeMs: row.mtime,
    finished: row.finished !== 0,
    prev: row.prev,
    place: row.place,
  };
}
