import { basename } from 'node:path';
import { compareLabels, type Labels } from '#shared/domain/labels.ts';
import type { SampleBuffer } from '#shared/domain/samples.ts';
import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import { type ReadableDb, sqliteError } from '../storage/sqlite.ts';
import { decodeChunk } from './chunk/decode.ts';
import { DamagedChunk } from './chunk/format.ts';
import { ChunkCache, type StoredChunk } from './chunk-cache.ts';
import type { CompiledMatcher } from './matchers.ts';
import { CHUNK_STRIDE, IMPORTED_EPOCH, partitionMigrations } from './partition-schema.ts';
import { type OpenedSealed, openSealed } from './sealed-file.ts';
import { SealedIndex } from './sealed-index.ts';

type Row = { readonly id: number; readonly span: number; readonly data: Uint8Array };

/** The schema that brought the table `attribute`. */
const ATTRIBUTES_SINCE = 2;

/** What a partition says about itself in words; a key may have several values. */
type Attributes = ReadonlyMap<string, readonly string[]>;
const NO_ATTRIBUTES: Attributes = new Map();

function readAttributes(db: ReadableDb): Attributes {
  const attributes = new Map<string, string[]>();
  const rows = db.prepare<[], { key: string; value: string }>('SELECT key, value FROM attribute');
  for (const { key, value } of rows.iterate()) attributes.set(key, [...(attributes.get(key) ?? []), value]);
  return attributes;
}

/**
 * Chunks are cached by series and such a part of time. A read over more parts than that is a look at long times, which
 * comes seldom and would push everything else out.
 */
const PART_MS = 2 * 3_600_000;
const MOST_PARTS = 8;
/** Chunks are numbered below the stride, so a partition has fewer parts than this; and fewer series than that. */
const PARTS_A_SERIES = 32;
const SERIES_A_PARTITION = 2 ** 26;

/** Tells partitions apart in the cache, whatever becomes of their files. */
let opened = 0;

/** One sealed, never changing file of samples of [start, end). */
export class Partition {
  readonly path: string;
  /** Its file name. */
  readonly name: string;
  /** Name of the retention class of its series; '' is the ordinary one. */
  readonly retentionClass: string;
  /** Names of the files that it takes the place of. */
  readonly sources: readonly string[];
  readonly start: number;
  readonly end: number;
  readonly epoch: number;
  readonly seriesCount: number;
  readonly samples: number;
  readonly bytes: number;
  readonly #db: ReadableDb;
  readonly #index: SealedIndex;
  readonly #chunks;
  readonly #cache: ChunkCache;
  readonly #number = opened++;

  /**
   * Opens a partition of this schema or an older one, and checks that it is complete.
   *
   * @param cache where it keeps chunks that were read; without one it keeps none
   */
  static open(path: string, cache = new ChunkCache(0)): Result<Partition> {
    const opened = openSealed(path, { oldest: 0, newest: partitionMigrations.length }, damaged);
    if (!opened.ok) return opened;
    const { db, version } = opened.value;
    try {
      const attributes = version < ATTRIBUTES_SINCE ? NO_ATTRIBUTES : readAttributes(db);
      return ok(new Partition(path, opened.value, attributes, cache));
    } catch (thrown) {
      db.close();
      return err(sqliteError(path, thrown));
    }
  }

  private constructor(
    path: string,
    { db, meta, bytes }: OpenedSealed,
    attributes: Attributes,
    cache: ChunkCache,
  ) {
    this.path = path;
    this.#cache = cache;
    this.name = basename(path);
    this.retentionClass = attributes.get('class')?.[0] ?? '';
    this.sources = attributes.get('source') ?? [];
    this.#db = db;
    this.start = meta.get('start') ?? 0;
    this.end = meta.get('end') ?? 0;
    this.epoch = meta.get('epoch') ?? 0;
    this.seriesCount = meta.get('series') ?? 0;
    this.samples = meta.get('samples') ?? 0;
    this.bytes = bytes;
    this.#index = new SealedIndex(db, this.seriesCount, meta.get('index_sum') ?? -1);
    // Chunks of a series do not overlap, so the last that begins by then is the only one before it that counts.
    this.#chunks = db.prepare<[number, number, number, number], Row>(
      `SELECT id, span, data FROM chunk
       WHERE id >= coalesce((SELECT max(id) FROM chunk WHERE id >= ? AND id <= ?), ?) AND id < ?
       ORDER BY id`,
    );
  }

  /** Numbers of the series that satisfy every matcher. @throws when the file is damaged */
  select(matchers: readonly CompiledMatcher[]): readonly number[] {
    return this.#index.select(matchers);
  }

  labels(series: number): Labels {
    return this.#index.labels(series);
  }

  /** Names of the labels in this partition. */
  names(): Iterable<string> {
    return this.#index.names();
  }

  /** The number of the series with exactly these labels, or 0. */
  find(labels: Labels): number {
    // Series are numbered in the order of their labels.
    let low = 1;
    let high = this.seriesCount;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const order = compareLabels(this.labels(middle), labels);
      if (order === 0) return middle;
      if (order < 0) low = middle + 1;
      else high = middle - 1;
    }
    return 0;
  }

  /** Values that a label has in this partition. */
  values(name: string): Iterable<string> {
    return this.#index.values(name);
  }

  /**
   * Appends the samples of the chunks of a series that overlap [from, to] to `into`.
   *
   * @returns how many chunks were left out because their checksum is wrong
   * @throws what SQLite throws, when the file is damaged
   */
  read(series: number, from: number, to: number, into: SampleBuffer): number {
    const earliest = Math.max(0, from - this.start);
    const latest = Math.min(to, this.end) - this.start;
    if (latest < earliest) return 0;
    const firstPart = Math.floor(earliest / PART_MS);
    const lastPart = Math.floor(latest / PART_MS);
    if (lastPart - firstPart >= MOST_PARTS)
      return decodeAll(this.#stored(series, earliest, latest), from, to, into);
    let damagedChunks = 0;
    let before = Number.NEGATIVE_INFINITY;
    for (let part = firstPart; part <= lastPart; part++) {
      const chunks = this.#chunksOf(series, part);
      damagedChunks += decodeAll(chunks, from, to, into, before);
      // A chunk that reaches into the next part is found there too.
      before = chunks.at(-1)?.start ?? before;
    }
    return damagedChunks;
  }

  #chunksOf(series: number, part: number): readonly StoredChunk[] {
    const key = (this.#number * SERIES_A_PARTITION + series) * PARTS_A_SERIES + part;
    const begin = part * PART_MS;
    return this.#cache.get(key) ?? this.#cache.keep(key, this.#stored(series, begin, begin + PART_MS - 1));
  }

  /** The chunks of a series that overlap a span of time; both ends are inside, in milliseconds since the start. */
  #stored(series: number, earliest: number, latest: number): readonly StoredChunk[] {
    const first = series * CHUNK_STRIDE;
    const last = first + Math.min(latest, CHUNK_STRIDE - 1);
    const chunks: StoredChunk[] = [];
    for (const { id, span, data } of this.#chunks.all(first, first + earliest, first, last + 1))
      if (id - first + span >= earliest)
        chunks.push({ start: this.start + id - first, end: this.start + id - first + span, data });
    return chunks;
  }

  /** Whether it holds samples that were imported, not scraped. */
  get isImported(): boolean {
    return this.epoch === IMPORTED_EPOCH;
  }

  get isClosed(): boolean {
    return !this.#db.open;
  }

  close(): void {
    this.#db.close();
  }

  /** Gives back the memory of the label index until the next query. */
  forgetIndex(): void {
    this.#index.forget();
  }
}

/**
 * Appends the samples of the chunks that overlap [from, to] and begin after `before`.
 *
 * @returns how many were left out because their checksum is wrong
 */
function decodeAll(
  chunks: readonly StoredChunk[],
  from: number,
  to: number,
  into: SampleBuffer,
  before = Number.NEGATIVE_INFINITY,
): number {
  let damagedChunks = 0;
  for (const { start, end, data } of chunks) {
    if (end < from || start > to || start <= before) continue;
    try {
      decodeChunk(data, into);
    } catch (thrown) {
      if (!(thrown instanceof DamagedChunk)) throw thrown;
      damagedChunks++;
    }
  }
  return damagedChunks;
}

/** The error for the operator about a partition that was set aside. */
export function damaged(path: string, thrown: unknown) {
  const why = typeof thrown === 'string' ? thrown : describeThrown(thrown);
  return appError('METRICS_PARTITION_DAMAGED', { file: path, why });
}
