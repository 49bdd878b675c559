import { rmSync, statSync } from 'node:fs';
import { type AppError, appError, err, ok, type Result } from '#shared/errors/index.ts';
import { publishFile, syncFile } from '../storage/durable.ts';
import { writeError } from '../storage/io-error.ts';
import type { Migration } from '../storage/migrations.ts';
import {
  openReadable,
  openWritable,
  type ReadableDb,
  sqliteError,
  type WritableDb,
} from '../storage/sqlite.ts';
import { SealedIndexWriter } from './sealed-index.ts';

/** Hundreds of sealed files may be open, and the operating system caches files already. */
const CACHE_KIB = 128;

/** What tells one kind of sealed file from another. */
export type SealedKind = { readonly migrations: readonly Migration[]; readonly pageSize: number };

/**
 * A SQLite file that is written once, with the label index of its series, and never changes (docs/metrics-format.md). It is
 * built under a temporary name, which nothing reads, and gets its own name when it is complete and on the disk.
 */
export class SealedFile {
  readonly db: WritableDb;
  readonly index: SealedIndexWriter;
  readonly #temporary: string;

  /** Begins a file; what an earlier attempt left under the name is removed. */
  static create(temporary: string, { migrations, pageSize }: SealedKind): Result<SealedFile> {
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${temporary}${suffix}`, { force: true });
    const opened = openWritable(temporary, {
      migrations,
      synchronous: 'NORMAL',
      prepareNew: (db) => db.pragma(`page_size = ${pageSize}`),
    });
    if (!opened.ok) return opened;
    try {
      return ok(new SealedFile(opened.value, temporary));
    } catch (thrown) {
      opened.value.close();
      return err(sqliteError(temporary, thrown));
    }
  }

  private constructor(db: WritableDb, temporary: string) {
    // Until it has its name the file is thrown away after a crash, so it needs no journal and no syncs in between.
    db.pragma('journal_mode = OFF');
    db.pragma('synchronous = OFF');
    db.exec('BEGIN');
    this.db = db;
    this.#temporary = temporary;
    this.index = new SealedIndexWriter(db);
  }

  /** Does a piece of the writing. */
  write(work: () => void): Result<void> {
    try {
      work();
      return ok(undefined);
    } catch (thrown) {
      return err(sqliteError(this.#temporary, thrown));
    }
  }

  /**
   * Writes the label index and the facts about the file and closes it. It is whole then, but not on the disk and without its
   * name.
   *
   * @param meta what the table `meta` says besides the number of series and the index's checksum
   */
  complete(meta: Readonly<Record<string, number>>): Result<void> {
    return this.write(() => {
      this.index.finish();
      const setMeta = this.db.prepare<[string, number]>('INSERT INTO meta (key, value) VALUES (?, ?)');
      for (const [key, value] of Object.entries(meta)) setMeta.run(key, value);
      setMeta.run('series', this.index.series);
      setMeta.run('index_sum', this.index.sum);
      this.db.exec('COMMIT');
      this.db.pragma('journal_mode = DELETE');
      this.db.close();
    });
  }

  /** Brings a complete file to the disk and gives it its name. */
  publish(path: string): Result<void> {
    try {
      syncFile(this.#temporary);
      publishFile(this.#temporary, path);
      return ok(undefined);
    } catch (thrown) {
      return err(writeError(path, thrown));
    }
  }

  /** Gives up and removes the temporary file. */
  abandon(): void {
    this.db.close();
    rmSync(this.#temporary, { force: true });
  }
}

/** An open sealed file: its schema version, what `meta` says, and its size. */
export type OpenedSealed = {
  readonly db: ReadableDb;
  readonly version: number;
  readonly meta: ReadonlyMap<string, number>;
  readonly bytes: number;
};

/**
 * Opens a sealed file and checks that it is complete.
 *
 * @param versions the oldest and the newest schema that can be read
 * @param damaged makes the error for a file that is not complete
 * @returns SCHEMA_FROM_FUTURE, DATABASE_DAMAGED, FILE_UNREADABLE, or what `damaged` makes
 */
export function openSealed(
  path: string,
  versions: { readonly oldest: number; readonly newest: number },
  damaged: (path: string, why: string) => AppError,
): Result<OpenedSealed> {
  const opened = openReadable(path);
  if (!opened.ok) return opened;
  const db = opened.value;
  const refuse = (error: AppError): Result<never> => {
    db.close();
    return err(error);
  };
  try {
    const version = db.prepare('PRAGMA user_version').pluck().get() as number;
    if (version > versions.newest)
      return refuse(appError('SCHEMA_FROM_FUTURE', { file: path, found: version, known: versions.newest }));
    const pages = db.prepare('PRAGMA page_count').pluck().get() as number;
    const pageSize = db.prepare('PRAGMA page_size').pluck().get() as number;
    const bytes = statSync(path).size;
    if (version < versions.oldest || bytes !== pages * pageSize)
      return refuse(damaged(path, 'the file is not complete'));
    const rows = db.prepare<[], { key: string; value: number }>('SELECT key, value FROM meta').all();
    const meta = new Map(rows.map(({ key, value }) => [key, value]));
    if (!meta.has('index_sum')) return refuse(damaged(path, 'the file does not say what it holds'));
    db.prepare(`PRAGMA cache_size = -${CACHE_KIB}`).run();
    return ok({ db, version, meta, bytes });
  } catch (thrown) {
    return refuse(sqliteError(path, thrown));
  }
}
