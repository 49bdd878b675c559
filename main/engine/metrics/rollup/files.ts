import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { AppError } from '#shared/errors/index.ts';
import type { Logger } from '../../platform/logger.ts';
import { rethrowBugs } from '../damage.ts';
import { setAsideDamaged } from '../set-aside.ts';
import type { PlacedOrder, RollupOrder } from './build.ts';
import { damagedRollup, RollupFile } from './file.ts';
import { isRollupName, rollupName } from './schema.ts';

const TEMPORARY_NAME = /\.part(?:-wal|-shm|-journal)?$/;

/** Label indexes of roll-up files that are kept in memory: those of a month of days. */
const MOST_INDEXES = 32;

/** The roll-up files of a folder. */
export class RollupFiles {
  readonly #folder: string;
  readonly #logger: Logger;
  #files: readonly RollupFile[] = [];
  /** Files whose label index is in memory, the least recently used first. */
  readonly #recent = new Set<RollupFile>();
  /** What was set aside since the start, for the operator. */
  readonly problems: AppError[] = [];

  /** Opens every file of the folder, which is made when there is none. Leftovers are removed, damaged files set aside. */
  constructor(folder: string, logger: Logger) {
    this.#folder = folder;
    this.#logger = logger;
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(folder)) {
      if (TEMPORARY_NAME.test(name)) rmSync(join(folder, name), { force: true });
      if (isRollupName(name)) this.add(join(folder, name));
    }
  }

  /** All of them; another array after each change. */
  get all(): readonly RollupFile[] {
    return this.#files;
  }

  get bytes(): number {
    return this.#files.reduce((total, { bytes }) => total + bytes, 0);
  }

  /** Gives a file that is to be built its path; one that is there already under that name is not touched. */
  place(order: RollupOrder): PlacedOrder {
    let { generation } = order;
    const pathOf = (): string => join(this.#folder, rollupName({ ...order, generation }));
    while (existsSync(pathOf())) generation++;
    return { ...order, generation, path: pathOf() };
  }

  /** Takes up a file; of two generations the older one is removed. A damaged one is set aside. */
  add(path: string): void {
    const opened = RollupFile.open(path);
    if (!opened.ok) {
      this.#report(path, opened.error);
      return;
    }
    const file = opened.value;
    const same = this.#files.find(
      ({ resolution, start }) => resolution === file.resolution && start === file.start,
    );
    if (same !== undefined && same.generation > file.generation) {
      file.close();
      rmSync(path, { force: true });
      return;
    }
    const left = this.#files.filter((one) => one !== same);
    this.#files = [...left, file].sort((a, b) => b.resolution - a.resolution || a.start - b.start);
    if (same !== undefined) this.#drop(same);
  }

  /** Removes files that are no longer kept, and says why. */
  remove(gone: readonly string[], reason: string): void {
    for (const file of this.#files.filter(({ path }) => gone.includes(path))) {
      this.#files = this.#files.filter((one) => one !== file);
      this.#drop(file);
      this.#logger.log('info', 'a roll-up was removed by the retention', { file: file.path, reason });
    }
  }

  /** Takes a file out of use because reading it failed; it is kept under another name. */
  setAside(path: string, thrown: unknown): void {
    rethrowBugs(thrown);
    const file = this.#files.find((one) => one.path === path);
    if (file === undefined) return;
    this.#files = this.#files.filter((one) => one !== file);
    this.#recent.delete(file);
    file.close();
    this.#report(path, damagedRollup(path, thrown));
  }

  /** Notes that a query used a file's label index; those not used for long give their memory back. */
  touch(file: RollupFile): void {
    this.#recent.delete(file);
    this.#recent.add(file);
    const [oldest] = this.#recent;
    if (oldest === undefined || this.#recent.size <= MOST_INDEXES) return;
    oldest.forgetIndex();
    this.#recent.delete(oldest);
  }

  close(): void {
    for (const file of this.#files) file.close();
    this.#files = [];
  }

  #drop(file: RollupFile): void {
    this.#recent.delete(file);
    file.close();
    rmSync(file.path, { force: true });
  }

  #report(path: string, found: AppError): void {
    const isDamaged = found.code === 'DATABASE_DAMAGED' || found.code === 'METRICS_ROLLUP_DAMAGED';
    const error = found.code === 'DATABASE_DAMAGED' ? damagedRollup(path, found.message.en) : found;
    this.problems.push(error);
    this.#logger.log('error', error.message.en, { code: error.code, detail: error.detail });
    // A file from the future or one that may not be read is not damaged; it stays where it is.
    if (isDamaged) setAsideDamaged(path);
  }
}
