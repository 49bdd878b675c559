import { closeSync, fsyncSync, openSync, rmSync } from 'node:fs';
import type { Labels } from '#shared/domain/labels.ts';
import { type AppError, err, ok, type Result } from '#shared/errors/index.ts';
import { publishFile } from '../storage/durable.ts';
import { openWritable, sqliteError, type WritableDb } from '../storage/sqlite.ts';
import { ioError } from './backfill/io-error.ts';
import type { TimedChunk } from './chunk/cut.ts';
import { chunkCount } from './chunk/decode.ts';
import { CHUNK_STRIDE, PARTITION_PAGE_SIZE, partitionMigrations } from './partition-schema.ts';
import { SealedIndexWriter } from './sealed-index.ts';

export type { TimedChunk } from './chunk/cut.ts';

/** What a partition is for. */
export type PartitionSpan = {
  /** The time that it covers, [start, end), and the epoch of the head that it was sealed from. */
  readonly start: number;
  readonly end: number;
  readonly epoch: number;
  /** Name of the retention class of its series; '' is the ordinary one. */
  readonly retentionClass?: string;
  /** Names of the files that it takes the place of. */
  readonly sources?: readonly string[];
};

/**
 * Writes one partition file. It is built under a temporary name, which nothing reads, and gets its own name when it is
 * complete and on the disk; after that it never changes.
 */
export class PartitionWriter {
  readonly #db: WritableDb;
  readonly #temporary: string;
  readonly #span: PartitionSpan;
  readonly #index: SealedIndexWriter;
  readonly #addChunk;
  #chunks = 0;
  #samples = 0;

  /** Begins a partition. */
  static create(temporary: string, span: PartitionSpan): Result<PartitionWriter> {
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${temporary}${suffix}`, { force: true });
    const opened = openWritable(temporary, {
      migrations: partitionMigrations,
      synchronous: 'NORMAL',
      prepareNew: (db) => db.pragma(`page_size = ${PARTITION_PAGE_SIZE}`),
    });
    if (!opened.ok) return opened;
    try {
      return ok(new PartitionWriter(opened.value, temporary, span));
    } catch (thrown) {
      opened.value.close();
      return err(sqliteError(temporary, thrown));
    }
  }

  private constructor(db: WritableDb, temporary: string, span: PartitionSpan) {
    // Until it has its name the file is thrown away after a crash, so it needs no journal and no syncs in between.
    db.pragma('journal_mode = OFF');
    db.pragma('synchronous = OFF');
    db.exec('BEGIN');
    this.#db = db;
    this.#temporary = temporary;
    this.#span = span;
    this.#index = new SealedIndexWriter(db);
    this.#addChunk = db.prepare<[number, number, Uint8Array]>(
      'INSERT INTO chunk (id, span, data) VALUES (?, ?, ?)',
    );
  }

  /** Adds a series with its chunks in order of time; all of them begin inside the partition. */
  add(labels: Labels, chunks: readonly TimedChunk[]): Result<void> {
    try {
      const id = this.#index.add(labels);
      for (const { start, end, data } of chunks) {
        this.#addChunk.run(id * CHUNK_STRIDE + (start - this.#span.start), end - start, data);
        this.#samples += chunkCount(data);
      }
      this.#chunks += chunks.length;
      return ok(undefined);
    } catch (thrown) {
      return err(sqliteError(this.#temporary, thrown));
    }
  }

  /** Samples that were added. */
  get samples(): number {
    return this.#samples;
  }

  /** Writes the label index, syncs, and gives the file its name. */
  publish(path: string): Result<void> {
    const complete = this.complete();
    if (!complete.ok) return complete;
    try {
      syncFile(this.#temporary);
      publishFile(this.#temporary, path);
      return ok(undefined);
    } catch (thrown) {
      return err(writeError(path, thrown));
    }
  }

  /** Writes the label index and closes the file, which is whole then, but not on the disk and without its name. */
  complete(): Result<void> {
    try {
      this.#index.finish();
      const setMeta = this.#db.prepare<[string, number]>('INSERT INTO meta (key, value) VALUES (?, ?)');
      setMeta.run('start', this.#span.start);
      setMeta.run('end', this.#span.end);
      setMeta.run('epoch', this.#span.epoch);
      setMeta.run('series', this.#index.series);
      setMeta.run('chunks', this.#chunks);
      setMeta.run('samples', this.#samples);
      setMeta.run('index_sum', this.#index.sum);
      const { retentionClass = '', sources = [] } = this.#span;
      const addAttribute = this.#db.prepare<[string, string]>(
        'INSERT INTO attribute (key, value) VALUES (?, ?)',
      );
      if (retentionClass !== '') addAttribute.run('class', retentionClass);
      for (const source of sources) addAttribute.run('source', source);
      this.#db.exec('COMMIT');
      this.#db.pragma('journal_mode = DELETE');
      this.#db.close();
      return ok(undefined);
    } catch (thrown) {
      return err(sqliteError(this.#temporary, thrown));
    }
  }

  /** Gives up and removes the temporary file. */
  abandon(): void {
    this.#db.close();
    rmSync(this.#temporary, { force: true });
  }
}

/** Flushes a finished file's content to the disk. */
export function syncFile(path: string): void {
  const handle = openSync(path, 'r+');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** What SQLite or the file system threw while a partition was written, for an operator. */
export function writeError(path: string, thrown: unknown): AppError {
  const { code } = thrown as { readonly code?: unknown };
  return typeof code === 'string' && code.startsWith('SQLITE_')
    ? sqliteError(path, thrown)
    : ioError(path, thrown);
}
