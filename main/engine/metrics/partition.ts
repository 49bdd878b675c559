import { statSync } from 'node:fs';
import type { Labels } from '#shared/domain/labels.ts';
import type { SampleBuffer } from '#shared/domain/samples.ts';
import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import { openReadable, openWritable, type ReadableDb, sqliteError } from '../storage/sqlite.ts';
import { ByteReader } from './bytes.ts';
import { decodeChunk } from './chunk/decode.ts';
import { DamagedChunk } from './chunk/format.ts';
import { crc32c } from './crc32c.ts';
import type { CompiledMatcher } from './matchers.ts';
import { CHUNK_STRIDE, partitionMigrations } from './partition-schema.ts';
import { labelSum } from './partition-writer.ts';

type Label = { readonly name: string; readonly value: string; readonly series: Uint8Array };

/** The label index of a partition in memory; read at the first query, and again after it was forgotten. */
type Index = {
  readonly labels: readonly (Label | undefined)[];
  readonly byName: ReadonlyMap<string, readonly Label[]>;
};

/** There may be hundreds of partitions open, and the operating system caches files already. */
const CACHE_KIB = 128;

/** One sealed, never changing file of samples of [start, end). */
export class Partition {
  readonly path: string;
  readonly start: number;
  readonly end: number;
  readonly epoch: number;
  readonly seriesCount: number;
  readonly samples: number;
  readonly bytes: number;
  readonly #db: ReadableDb;
  readonly #meta: ReadonlyMap<string, number>;
  #index: Index | null = null;
  #verified = false;
  readonly #chunks;
  readonly #series;

  /** Opens a partition and checks that it is complete; migrates it when it is of an older schema. */
  static open(path: string): Result<Partition> {
    const opened = openReadable(path);
    if (!opened.ok) return opened;
    const db = opened.value;
    try {
      const found = db.prepare('PRAGMA user_version').pluck().get() as number;
      const known = partitionMigrations.length;
      if (found > known) {
        db.close();
        return err(appError('SCHEMA_FROM_FUTURE', { file: path, found, known }));
      }
      if (found < known) {
        db.close();
        const migrated = openWritable(path, { migrations: partitionMigrations, synchronous: 'FULL' });
        if (!migrated.ok) return migrated;
        migrated.value.pragma('journal_mode = DELETE');
        migrated.value.close();
        return Partition.open(path);
      }
      const pages = db.prepare('PRAGMA page_count').pluck().get() as number;
      const pageSize = db.prepare('PRAGMA page_size').pluck().get() as number;
      const bytes = statSync(path).size;
      const rows = db.prepare<[], { key: string; value: number }>('SELECT key, value FROM meta').all();
      const meta = new Map(rows.map(({ key, value }) => [key, value]));
      if (bytes !== pages * pageSize || !meta.has('index_sum')) {
        db.close();
        return err(damaged(path, 'the file is not complete'));
      }
      return ok(new Partition(path, db, meta, bytes));
    } catch (thrown) {
      db.close();
      return err(sqliteError(path, thrown));
    }
  }

  private constructor(path: string, db: ReadableDb, meta: ReadonlyMap<string, number>, bytes: number) {
    this.path = path;
    this.#db = db;
    this.#meta = meta;
    this.start = meta.get('start') ?? 0;
    this.end = meta.get('end') ?? 0;
    this.epoch = meta.get('epoch') ?? 0;
    this.seriesCount = meta.get('series') ?? 0;
    this.samples = meta.get('samples') ?? 0;
    this.bytes = bytes;
    db.prepare(`PRAGMA cache_size = -${CACHE_KIB}`).run();
    this.#series = db.prepare<[number], Uint8Array>('SELECT labels FROM series WHERE id = ?').pluck();
    this.#chunks = db.prepare<[number, number], { id: number; span: number; data: Uint8Array }>(
      'SELECT id, span, data FROM chunk WHERE id >= ? AND id < ? ORDER BY id',
    );
  }

  /** Numbers of the series that satisfy every matcher. @throws when the file is damaged */
  select(matchers: readonly CompiledMatcher[]): readonly number[] {
    const index = this.#loaded();
    let chosen: Set<number> | null = null;
    const excluded: Label[] = [];
    for (const matcher of matchers) {
      const labels = index.byName.get(matcher.name) ?? [];
      if (matcher.test('')) {
        // The series without the label match, so those with a value that does not match are taken away.
        for (const label of labels) if (!matcher.test(label.value)) excluded.push(label);
        continue;
      }
      const found = new Set<number>();
      for (const label of labels)
        if (matcher.test(label.value))
          for (const id of readPostings(label.series)) if (chosen === null || chosen.has(id)) found.add(id);
      chosen = found;
    }
    if (chosen === null) chosen = new Set(Array.from({ length: this.seriesCount }, (_, i) => i + 1));
    for (const label of excluded) for (const id of readPostings(label.series)) chosen.delete(id);
    return [...chosen];
  }

  labels(series: number): Labels {
    const index = this.#loaded();
    const reader = new ByteReader(this.#series.get(series) ?? new Uint8Array(0));
    const labels: string[] = [];
    while (reader.at < reader.end) {
      const label = index.labels[reader.uvarint()];
      if (label !== undefined) labels.push(label.name, label.value);
    }
    return labels;
  }

  /** Names of the labels in this partition. */
  names(): Iterable<string> {
    return this.#loaded().byName.keys();
  }

  /** Values that a label has in this partition. */
  values(name: string): Iterable<string> {
    return (this.#loaded().byName.get(name) ?? []).map((label) => label.value);
  }

  /**
   * Appends the samples of the chunks of a series that overlap [from, to] to `into`.
   *
   * @returns how many chunks were left out because their checksum is wrong
   * @throws what SQLite throws, when the file is damaged
   */
  read(series: number, from: number, to: number, into: SampleBuffer): number {
    const first = series * CHUNK_STRIDE;
    const latest = Math.min(to, this.end) - this.start;
    let damagedChunks = 0;
    if (latest < 0) return damagedChunks;
    for (const { id, span, data } of this.#chunks.iterate(first, first + latest + 1)) {
      if (this.start + (id - first) + span < from) continue;
      try {
        decodeChunk(data, into);
      } catch (thrown) {
        if (!(thrown instanceof DamagedChunk)) throw thrown;
        damagedChunks++;
      }
    }
    return damagedChunks;
  }

  get isClosed(): boolean {
    return !this.#db.open;
  }

  close(): void {
    this.#db.close();
  }

  /** Gives back the memory of the label index until the next query. */
  forgetIndex(): void {
    this.#index = null;
  }

  #loaded(): Index {
    this.#index ??= this.#load();
    return this.#index;
  }

  #load(): Index {
    const labels: (Label | undefined)[] = [];
    const byName = new Map<string, Label[]>();
    const rows = this.#db.prepare<[], Label & { readonly id: number }>(
      'SELECT id, name, value, series FROM label ORDER BY id',
    );
    for (const row of rows.iterate()) {
      labels[row.id] = row;
      const there = byName.get(row.name);
      if (there === undefined) byName.set(row.name, [row]);
      else there.push(row);
    }
    if (!this.#verified) this.#verify(labels);
    return { labels, byName };
  }

  /** Compares the index with its checksum; once, at the first query. */
  #verify(labels: readonly (Label | undefined)[]): void {
    let sum = 0;
    for (const label of labels)
      if (label !== undefined) sum = (sum + labelSum(label.name, label.value, label.series)) >>> 0;
    const rows = this.#db.prepare<[], Uint8Array>('SELECT labels FROM series').pluck();
    for (const row of rows.iterate()) sum = (sum + crc32c(row)) >>> 0;
    if (sum !== this.#meta.get('index_sum'))
      throw new DamagedPartition('the checksum of the index does not match');
    this.#verified = true;
  }
}

/** A partition that cannot be trusted. */
export class DamagedPartition extends Error {}

/** The error for the operator about a partition that was set aside. */
export function damaged(path: string, thrown: unknown) {
  const why = typeof thrown === 'string' ? thrown : describeThrown(thrown);
  return appError('METRICS_PARTITION_DAMAGED', { file: path, why });
}

function* readPostings(bytes: Uint8Array): Iterable<number> {
  const reader = new ByteReader(bytes);
  let id = 0;
  while (reader.at < reader.end) {
    id += reader.uvarint();
    yield id;
  }
}
