import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type AppError, appError } from '#shared/errors/index.ts';
import type { Logger } from '../platform/logger.ts';
import { ChunkCache } from './chunk-cache.ts';
import { rethrowBugs } from './damage.ts';
import { damaged, Partition } from './partition.ts';
import { setAsideDamaged } from './set-aside.ts';

/** Names of finished partitions; what the file holds is said inside it, the name is for people. */
const PARTITION_NAME = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.\d+s(?:\.[a-z][a-z0-9-]*)?(?:\.\d+)?\.db$/;
const TEMPORARY_NAME = /\.part(?:-wal|-shm|-journal)?$/;

/** A partition that is to be made. */
export type PartitionPlace = {
  readonly start: number;
  /** Excluded. */
  readonly end: number;
  readonly retentionClass?: string;
};

/** The name of a partition: its start in UTC, its length, and its class; `copy` tells apart those that share all that. */
export function partitionName({ start, end, retentionClass = '' }: PartitionPlace, copy = 1): string {
  const iso = new Date(start).toISOString().slice(0, 19).replaceAll(':', '-');
  const ofClass = retentionClass === '' ? '' : `.${retentionClass}`;
  return `${iso}Z.${(end - start) / 1000}s${ofClass}${copy === 1 ? '' : `.${copy}`}.db`;
}

/** Label indexes of partitions that are kept in memory: four days of them. */
const MOST_INDEXES = 48;

/** Memory for chunks that were read: what a wall of dashboards looks at, of some thousand series. */
const CHUNK_CACHE_BYTES = 24 * 1024 * 1024;

/**
 * Where two partitions have a sample of the same series and time, that of the first counts: the older epoch before the
 * newer one, what was scraped before what was imported, and of the same kind what was written first.
 */
function inOrder(a: Partition, b: Partition): number {
  return a.epoch - b.epoch || a.start - b.start || copyOf(a.name) - copyOf(b.name);
}

function copyOf(name: string): number {
  return Number(/\.(\d+)\.db$/.exec(name)?.[1] ?? 1);
}

/** The partition files of a folder, oldest first. */
export class PartitionFiles {
  readonly folder: string;
  readonly #logger: Logger;
  #partitions: readonly Partition[] = [];
  /** Partitions whose label index is in memory, the least recently used first. */
  readonly #recent = new Set<Partition>();
  readonly #reported = new Set<Partition>();
  readonly #cache = new ChunkCache(CHUNK_CACHE_BYTES);
  /** What was set aside since the start, for the operator. */
  readonly problems: AppError[] = [];

  /**
   * Opens every partition of the folder. Leftovers are removed, among them files whose content was merged into another one;
   * damaged files are set aside.
   */
  constructor(folder: string, logger: Logger) {
    this.folder = folder;
    this.#logger = logger;
    const found: Partition[] = [];
    for (const name of readdirSync(folder)) {
      if (TEMPORARY_NAME.test(name)) rmSync(join(folder, name), { force: true });
      if (!PARTITION_NAME.test(name)) continue;
      const opened = Partition.open(join(folder, name), this.#cache);
      if (opened.ok) found.push(opened.value);
      else this.#setAside(join(folder, name), opened.error);
    }
    const replaced = new Set(found.flatMap(({ sources }) => sources));
    for (const partition of found) if (replaced.has(partition.name)) this.#remove(partition);
    this.#partitions = found.filter(({ name }) => !replaced.has(name)).sort(inOrder);
  }

  /** All of them, the older epochs first; another array after each change. */
  get all(): readonly Partition[] {
    return this.#partitions;
  }

  /** Where a partition is built, and where it goes when it is finished. */
  paths(place: PartitionPlace): { readonly temporary: string; readonly path: string } {
    // The name of a file that was merged is not given again: the next start would take the new one for a leftover.
    const taken = new Set(this.#partitions.flatMap(({ sources }) => sources));
    let copy = 1;
    let name = partitionName(place);
    while (taken.has(name) || existsSync(join(this.folder, name))) name = partitionName(place, ++copy);
    const path = join(this.folder, name);
    return { temporary: `${path}.part`, path };
  }

  /** Takes up a file that was just published. */
  add(path: string): AppError | null {
    const opened = Partition.open(path, this.#cache);
    if (!opened.ok) return opened.error;
    this.#partitions = [...this.#partitions, opened.value].sort(inOrder);
    return null;
  }

  /** Puts a file that was just published in the place of those that it was merged from, and removes them. */
  replace(path: string, members: readonly Partition[]): AppError | null {
    const opened = Partition.open(path, this.#cache);
    if (!opened.ok) {
      this.#setAside(path, opened.error);
      return opened.error;
    }
    const left = this.#partitions.filter((one) => !members.includes(one));
    this.#partitions = [...left, opened.value].sort(inOrder);
    for (const member of members) this.#remove(member);
    return null;
  }

  /** Whether some samples of a partition were found to be damaged. */
  hasDamage(partition: Partition): boolean {
    return this.#reported.has(partition);
  }

  /** Notes that a query used a partition's label index; those not used for long give their memory back. */
  touch(partition: Partition): void {
    this.#recent.delete(partition);
    this.#recent.add(partition);
    const [oldest] = this.#recent;
    if (oldest === undefined || this.#recent.size <= MOST_INDEXES) return;
    oldest.forgetIndex();
    this.#recent.delete(oldest);
  }

  /** Tells the operator, once a partition, that some of its samples were left out. */
  reportDamagedChunk(partition: Partition): void {
    if (this.#reported.has(partition)) return;
    this.#reported.add(partition);
    const error = appError('METRICS_CHUNK_DAMAGED', { file: partition.path });
    this.problems.push(error);
    this.#logger.log('error', error.message.en, { code: error.code });
  }

  /** Takes a partition out of use because reading it failed; its file is kept under another name. */
  setAside(partition: Partition, thrown: unknown): void {
    rethrowBugs(thrown);
    if (!this.#partitions.includes(partition)) return;
    this.#partitions = this.#partitions.filter((one) => one !== partition);
    partition.close();
    this.#setAside(partition.path, damaged(partition.path, thrown));
  }

  /** Removes a file whole, and says why. */
  remove(partition: Partition, reason: string): void {
    if (!this.#partitions.includes(partition)) return;
    this.#partitions = this.#partitions.filter((one) => one !== partition);
    this.#remove(partition);
    this.#logger.log('info', 'a partition was removed by the retention', { file: partition.path, reason });
  }

  close(): void {
    for (const partition of this.#partitions) partition.close();
    this.#partitions = [];
  }

  #remove(partition: Partition): void {
    this.#recent.delete(partition);
    this.#reported.delete(partition);
    partition.close();
    rmSync(partition.path, { force: true });
  }

  #setAside(path: string, found: AppError): void {
    const isDamaged = found.code === 'DATABASE_DAMAGED' || found.code === 'METRICS_PARTITION_DAMAGED';
    const error = found.code === 'DATABASE_DAMAGED' ? damaged(path, found.message.en) : found;
    this.problems.push(error);
    this.#logger.log('error', error.message.en, { code: error.code, detail: error.detail });
    // A file from the future or one that may not be read is not damaged; it stays where it is.
    if (isDamaged) setAsideDamaged(path);
  }
}
