import { closeSync, fsyncSync, openSync, rmSync } from 'node:fs';
import type { Labels } from '#shared/domain/labels.ts';
import { err, ok, type Result } from '#shared/errors/index.ts';
import { publishFile } from '../storage/durable.ts';
import { openWritable, sqliteError, type WritableDb } from '../storage/sqlite.ts';
import { ByteWriter } from './bytes.ts';
import { chunkCount } from './chunk/decode.ts';
import { crc32c } from './crc32c.ts';
import { CHUNK_STRIDE, PARTITION_PAGE_SIZE, partitionMigrations } from './partition-schema.ts';

/** A coded chunk and the times of its first and last sample. */
export type TimedChunk = { readonly start: number; readonly end: number; readonly data: Uint8Array };

/** The time that a partition covers, [start, end), and the epoch of the head that it was sealed from. */
export type PartitionSpan = { readonly start: number; readonly end: number; readonly epoch: number };

type Posting = {
  readonly id: number;
  readonly name: string;
  readonly value: string;
  readonly series: ByteWriter;
  last: number;
};

/**
 * Writes one partition file. It is built under a temporary name, which nothing reads, and gets its own name when it is
 * complete and on the disk; after that it never changes.
 */
export class PartitionWriter {
  readonly #db: WritableDb;
  readonly #temporary: string;
  readonly #span: PartitionSpan;
  readonly #labels = new Map<string, Map<string, Posting>>();
  readonly #addSeries;
  readonly #addChunk;
  #labelCount = 0;
  #series = 0;
  #chunks = 0;
  #samples = 0;
  #indexSum = 0;

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
    this.#addSeries = db.prepare<[number, Uint8Array]>('INSERT INTO series (id, labels) VALUES (?, ?)');
    this.#addChunk = db.prepare<[number, number, Uint8Array]>(
      'INSERT INTO chunk (id, span, data) VALUES (?, ?, ?)',
    );
  }

  /** Adds a series with its chunks in order of time; all of them begin inside the partition. */
  add(labels: Labels, chunks: readonly TimedChunk[]): Result<void> {
    const id = ++this.#series;
    const coded = new ByteWriter(32);
    for (let i = 0; i < labels.length; i += 2) {
      const posting = this.#posting(labels[i] ?? '', labels[i + 1] ?? '');
      coded.uvarint(posting.id);
      posting.series.uvarint(id - posting.last);
      posting.last = id;
    }
    try {
      const bytes = coded.take();
      this.#indexSum = (this.#indexSum + crc32c(bytes)) >>> 0;
      this.#addSeries.run(id, bytes);
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

  /** Writes the label index, syncs, and gives the file its name. */
  publish(path: string): Result<void> {
    try {
      const addLabel = this.#db.prepare<[number, string, string, Uint8Array]>(
        'INSERT INTO label (id, name, value, series) VALUES (?, ?, ?, ?)',
      );
      for (const values of this.#labels.values())
        for (const { id, name, value, series } of values.values()) {
          const bytes = series.take();
          this.#indexSum = (this.#indexSum + labelSum(name, value, bytes)) >>> 0;
          addLabel.run(id, name, value, bytes);
        }
      const setMeta = this.#db.prepare<[string, number]>('INSERT INTO meta (key, value) VALUES (?, ?)');
      setMeta.run('start', this.#span.start);
      setMeta.run('end', this.#span.end);
      setMeta.run('epoch', this.#span.epoch);
      setMeta.run('series', this.#series);
      setMeta.run('chunks', this.#chunks);
      setMeta.run('samples', this.#samples);
      setMeta.run('index_sum', this.#indexSum);
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

  #posting(name: string, value: string): Posting {
    let values = this.#labels.get(name);
    if (values === undefined) {
      values = new Map();
      this.#labels.set(name, values);
    }
    let posting = values.get(value);
    if (posting === undefined) {
      posting = { id: ++this.#labelCount, name, value, series: new ByteWriter(16), last: 0 };
      values.set(value, posting);
    }
    return posting;
  }
}

/** What one label adds to the index's checksum. */
export function labelSum(name: string, value: string, series: Uint8Array): number {
  return (crc32c(Buffer.from(`${name}=${value}`, 'utf8')) + crc32c(series)) >>> 0;
}
