import { closeSync, fsyncSync, openSync, rmSync } from 'node:fs';
import type { BucketBuffer } from '#shared/domain/buckets.ts';
import type { Labels } from '#shared/domain/labels.ts';
import { err, ok, type Result } from '#shared/errors/index.ts';
import { publishFile } from '../../storage/durable.ts';
import { openWritable, sqliteError, type WritableDb } from '../../storage/sqlite.ts';
import { SealedIndexWriter } from '../sealed-index.ts';
import { encodeBlock } from './block.ts';
import { ROLLUP_PAGE_SIZE, type RollupPart, type RollupSpan, rollupMigrations } from './schema.ts';

/**
 * Writes one roll-up file. It is built under a temporary name, which nothing reads, and gets its own name when it is
 * complete and on the disk; after that it never changes.
 */
export class RollupWriter {
  readonly #db: WritableDb;
  readonly #temporary: string;
  readonly #span: RollupSpan;
  readonly #index: SealedIndexWriter;
  readonly #addBlock;
  #samples = 0;

  /** Begins a file. */
  static create(temporary: string, span: RollupSpan): Result<RollupWriter> {
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${temporary}${suffix}`, { force: true });
    const opened = openWritable(temporary, {
      migrations: rollupMigrations,
      synchronous: 'NORMAL',
      prepareNew: (db) => db.pragma(`page_size = ${ROLLUP_PAGE_SIZE}`),
    });
    if (!opened.ok) return opened;
    try {
      return ok(new RollupWriter(opened.value, temporary, span));
    } catch (thrown) {
      opened.value.close();
      return err(sqliteError(temporary, thrown));
    }
  }

  private constructor(db: WritableDb, temporary: string, span: RollupSpan) {
    // Until it has its name the file is thrown away after a crash, so it needs no journal and no syncs in between.
    db.pragma('journal_mode = OFF');
    db.pragma('synchronous = OFF');
    db.exec('BEGIN');
    this.#db = db;
    this.#temporary = temporary;
    this.#span = span;
    this.#index = new SealedIndexWriter(db);
    this.#addBlock = db.prepare<[number, Uint8Array]>('INSERT INTO block (id, data) VALUES (?, ?)');
  }

  /** Adds a series with its buckets, at least one; series come in the order of their labels. */
  add(labels: Labels, buckets: BucketBuffer): Result<void> {
    try {
      this.#addBlock.run(this.#index.add(labels), encodeBlock(buckets, this.#span));
    } catch (thrown) {
      return err(sqliteError(this.#temporary, thrown));
    }
    const counts = buckets.column('count');
    for (let i = 0; i < buckets.length; i++) this.#samples += counts[i] ?? 0;
    return ok(undefined);
  }

  /** Writes the label index, syncs, and gives the file its name. */
  publish(path: string, sources: readonly RollupPart[]): Result<void> {
    try {
      this.#index.finish();
      const addSource = this.#db.prepare<[string, number, number]>(
        'INSERT INTO source (name, start, end) VALUES (?, ?, ?)',
      );
      for (const { name, start, end } of sources) addSource.run(name, start, end);
      const setMeta = this.#db.prepare<[string, number]>('INSERT INTO meta (key, value) VALUES (?, ?)');
      const { resolution, start, end, generation } = this.#span;
      setMeta.run('resolution', resolution);
      setMeta.run('start', start);
      setMeta.run('end', end);
      setMeta.run('generation', generation);
      setMeta.run('series', this.#index.series);
      setMeta.run('samples', this.#samples);
      setMeta.run('index_sum', this.#index.sum);
      this.#db.exec('COMMIT');
      this.#db.pragma('journal_mode = DELETE');
      this.#db.close();
      const handle = openSync(this.#temporary, 'r+');
      try {
        fsyncSync(handle);
      } finally {
        closeSync(handle);
      }
      publishFile(this.#temporary, path);
      return ok(undefined);
    } catch (thrown) {
      return err(sqliteError(path, thrown));
    }
  }

  /** Gives up and removes the temporary file. */
  abandon(): void {
    this.#db.close();
    rmSync(this.#temporary, { force: true });
  }
}
