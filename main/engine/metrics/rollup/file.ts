import { basename } from 'node:path';
import type { BucketBuffer } from '#shared/domain/buckets.ts';
import type { Labels } from '#shared/domain/labels.ts';
import { type AppError, appError, describeThrown, ok, type Result } from '#shared/errors/index.ts';
import type { ReadableDb } from '../../storage/sqlite.ts';
import type { CompiledMatcher } from '../matchers.ts';
import { type OpenedSealed, openSealed } from '../sealed-file.ts';
import { DamagedIndex, SealedIndex } from '../sealed-index.ts';
import { decodeBlock, isIntact } from './block.ts';
import { type RollupPart, type RollupSpan, rollupMigrations } from './schema.ts';

/** One finished, never changing file of buckets. */
export class RollupFile implements RollupSpan {
  readonly path: string;
  readonly name: string;
  readonly resolution: number;
  readonly start: number;
  readonly end: number;
  readonly generation: number;
  readonly seriesCount: number;
  readonly samples: number;
  readonly bytes: number;
  readonly sources: readonly RollupPart[];
  readonly #db: ReadableDb;
  readonly #index: SealedIndex;
  readonly #block;
  /** Blocks whose checksum was compared already, a bit each. */
  readonly #verified: Uint8Array;

  /**
   * Opens a file and checks that it is complete.
   *
   * @returns SCHEMA_FROM_FUTURE, METRICS_ROLLUP_DAMAGED, DATABASE_DAMAGED, FILE_UNREADABLE
   */
  static open(path: string): Result<RollupFile> {
    const known = rollupMigrations.length;
    const opened = openSealed(path, { oldest: known, newest: known }, damagedRollup);
    return opened.ok ? ok(new RollupFile(path, opened.value)) : opened;
  }

  private constructor(path: string, { db, meta, bytes }: OpenedSealed) {
    this.path = path;
    this.name = basename(path);
    this.resolution = meta.get('resolution') ?? 0;
    this.start = meta.get('start') ?? 0;
    this.end = meta.get('end') ?? 0;
    this.generation = meta.get('generation') ?? 1;
    this.seriesCount = meta.get('series') ?? 0;
    this.samples = meta.get('samples') ?? 0;
    this.bytes = bytes;
    this.sources = db.prepare<[], RollupPart>('SELECT name, start, end FROM source').all();
    this.#db = db;
    this.#index = new SealedIndex(db, this.seriesCount, meta.get('index_sum') ?? -1);
    this.#block = db.prepare<[number], Uint8Array>('SELECT data FROM block WHERE id = ?').pluck();
    this.#verified = new Uint8Array(Math.ceil((this.seriesCount + 1) / 8));
  }

  /** Numbers of the series that satisfy every matcher. @throws when the file is damaged */
  select(matchers: readonly CompiledMatcher[]): readonly number[] {
    return this.#index.select(matchers);
  }

  labels(series: number): Labels {
    return this.#index.labels(series);
  }

  /** The number of the series with exactly these labels, or 0. */
  find(labels: Labels): number {
    return this.#index.find(labels);
  }

  /**
   * Appends the buckets of a series that end in [from, to] to `into`, with the columns of the mask.
   *
   * @throws when the file is damaged
   */
  read(series: number, from: number, to: number, mask: number, into: BucketBuffer): void {
    const block = this.#block.get(series);
    if (block === undefined) throw new DamagedIndex(`series ${series} has no block`);
    const bit = 1 << (series & 7);
    if (((this.#verified[series >>> 3] ?? 0) & bit) === 0) {
      if (!isIntact(block)) throw new DamagedIndex(`the checksum of block ${series} does not match`);
      this.#verified[series >>> 3] = (this.#verified[series >>> 3] ?? 0) | bit;
    }
    decodeBlock(block, this, from, to, mask, into);
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

/** The error for the operator about a roll-up file that was set aside. */
export function damagedRollup(path: string, thrown: unknown): AppError {
  const why = typeof thrown === 'string' ? thrown : describeThrown(thrown);
  return appError('METRICS_ROLLUP_DAMAGED', { file: path, why });
}
