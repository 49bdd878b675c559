import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type AppError, appError } from '#shared/errors/index.ts';
import type { Logger } from '../platform/logger.ts';
import { damaged, Partition } from './partition.ts';

/** Names of finished partitions; what the file holds is said inside it, the name is for people. */
const PARTITION_NAME = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.\d+s(?:\.\d+)?\.db$/;
const TEMPORARY_NAME = /\.part(?:-wal|-shm|-journal)?$/;

/** The name of a partition of [start, end): its start in UTC and its length; `copy` tells apart those of one window. */
export function partitionName(start: number, end: number, copy = 1): string {
  const iso = new Date(start).toISOString().slice(0, 19).replaceAll(':', '-');
  return `${iso}Z.${(end - start) / 1000}s${copy === 1 ? '' : `.${copy}`}.db`;
}

/** Label indexes of partitions that are kept in memory: four days of them. */
const MOST_INDEXES = 48;

/** A partition as retention sees it. */
type Span = { readonly start: number; readonly end: number };

/**
 * Which partitions go: those behind newer partitions that together cover the retention time.
 *
 * Ages are not compared with the clock. A clock that jumps ahead therefore deletes nothing, and a console that was off
 * for months keeps its history until as much new history has been gathered.
 */
export function planRetention<P extends Span>(partitions: readonly P[], retentionMs: number): readonly P[] {
  const newestFirst = [...partitions].sort((a, b) => b.start - a.start);
  const gone: P[] = [];
  let covered = 0;
  for (const partition of newestFirst) {
    if (covered >= retentionMs) gone.push(partition);
    covered += partition.end - partition.start;
  }
  return gone;
}

/** The older first; of the same time, the one that was written first. */
function inOrder(a: Partition, b: Partition): number {
  return a.start - b.start || a.epoch - b.epoch;
}

/** The partition files of a folder, oldest first. */
export class PartitionFiles {
  readonly #folder: string;
  readonly #logger: Logger;
  #partitions: readonly Partition[] = [];
  /** Partitions whose label index is in memory, the least recently used first. */
  readonly #recent = new Set<Partition>();
  readonly #reported = new Set<Partition>();
  /** What was set aside since the start, for the operator. */
  readonly problems: AppError[] = [];

  /** Opens every partition of the folder. Leftovers are removed, damaged files are set aside. */
  constructor(folder: string, logger: Logger) {
    this.#folder = folder;
    this.#logger = logger;
    const found: Partition[] = [];
    for (const name of readdirSync(folder)) {
      if (TEMPORARY_NAME.test(name)) rmSync(join(folder, name), { force: true });
      if (!PARTITION_NAME.test(name)) continue;
      const opened = Partition.open(join(folder, name));
      if (opened.ok) found.push(opened.value);
      else this.#setAside(join(folder, name), opened.error);
    }
    this.#partitions = found.sort(inOrder);
  }

  get all(): readonly Partition[] {
    return this.#partitions;
  }

  /** Where a partition of [start, end) is built, and where it goes when it is finished. */
  paths(start: number, end: number): { readonly temporary: string; readonly path: string } {
    let copy = 1;
    while (existsSync(join(this.#folder, partitionName(start, end, copy)))) copy++;
    const path = join(this.#folder, partitionName(start, end, copy));
    return { temporary: `${path}.part`, path };
  }

  /** Takes up a file that was just published. */
  add(path: string): AppError | null {
    const opened = Partition.open(path);
    if (!opened.ok) return opened.error;
    this.#partitions = [...this.#partitions, opened.value].sort(inOrder);
    return null;
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
    if (!this.#partitions.includes(partition)) return;
    this.#partitions = this.#partitions.filter((one) => one !== partition);
    partition.close();
    this.#setAside(partition.path, damaged(partition.path, thrown));
  }

  /** Removes what retention no longer keeps. A file is removed whole; nothing is ever compacted. */
  retain(retentionMs: number): void {
    for (const partition of planRetention(this.#partitions, retentionMs)) {
      this.#partitions = this.#partitions.filter((one) => one !== partition);
      partition.close();
      rmSync(partition.path, { force: true });
      this.#logger.log('info', 'a partition is older than the retention and was removed', {
        file: partition.path,
      });
    }
  }

  close(): void {
    for (const partition of this.#partitions) partition.close();
    this.#partitions = [];
  }

  #setAside(path: string, found: AppError): void {
    const isDamaged = found.code === 'DATABASE_DAMAGED' || found.code === 'METRICS_PARTITION_DAMAGED';
    const error = found.code === 'DATABASE_DAMAGED' ? damaged(path, found.message.en) : found;
    this.problems.push(error);
    this.#logger.log('error', error.message.en, { code: error.code, detail: error.detail });
    // A file from the future or one that may not be read is not damaged; it stays where it is.
    if (!isDamaged) return;
    let aside = `${path}.damaged`;
    for (let n = 2; existsSync(aside); n++) aside = `${path}.damaged-${n}`;
    renameSync(path, aside);
  }
}
