import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AppError } from '#shared/errors/index.ts';
import { flushFiles } from './flush.ts';
import type { LaneShare } from './lane-share.ts';
import { createPlacer, itemFailure, type Placer } from './place-item.ts';
import type { Mark, PlanBasis, PlanStore, StoredItem, WorkKind } from './plan-store.ts';
import type { SeqRange } from './ranges.ts';
import { RunStopped } from './run-stopped.ts';
import { createSafekeeper, type Keeping, NOTHING_KEPT, type Safekeeper } from './safekeeper.ts';
import type { TargetWatch } from './target-watch.ts';
import { carriedError, type PointReader } from './types.ts';
import { verifyItem } from './verify.ts';
import { clear, publish } from './write-entry.ts';
import { writeXattrs } from './xattrs.ts';

/** What a lane works with. */
export type LaneParts = {
  readonly store: PlanStore;
  readonly basis: PlanBasis;
  readonly reader: PointReader;
  readonly targets: TargetWatch;
  readonly share: LaneShare;
  readonly signal: AbortSignal;
  /** Short unique text of the restore, part of temporary names. */
  readonly mark: string;
  readonly owners: boolean;
  /** Hears what is worked on now. */
  readonly tell: (phase: LanePhase, current: string) => void;
};

/** What lanes do. */
export type LanePhase = 'writing' | 'verifying';

const PARALLEL = 8;
/** So often the thread hears of a pause, a cancel, another lane's end: nothing else in it waits for anything. */
const TURN_MS = 50;
/** Progress is told this often; a message for each small file took a tenth of the time. */
const TELL_MS = 50;
/** A target is looked at this often while files are written; folders and names are only made after a look. */
const LOOK_MS = 5;

/**
 * One thread's share of a run. Lanes take ranges of the plan's items in turn, and each has its own way to the plan, to the archive and to the
 * safety copies; what one marks is never marked by another. Two lanes use two processors, and one writes while the other
 * waits for the disk.
 */
export class Lane {
  readonly #parts: LaneParts;
  readonly #placer: Placer;
  readonly #keeper: Safekeeper | null;
  #marks: Mark[] = [];
  #turnAt = performance.now();
  #toldAt = Number.NEGATIVE_INFINITY;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #paused: Promise<void> | null = null;
  #unpause: () => void = () => undefined;

  constructor(parts: LaneParts) {
    const { basis, store, signal } = parts;
    this.#parts = parts;
    this.#placer = createPlacer(parts);
    this.#keeper = basis.safetyDir === undefined ? null : createSafekeeper(store, basis.safetyDir, signal);
    signal.addEventListener('abort', () => this.#unpause(), { once: true });
  }

  setPaused(paused: boolean): void {
    if (!paused) {
      this.#unpause();
      this.#paused = null;
    } else if (this.#paused === null) {
      this.#paused = new Promise((resolve) => {
        this.#unpause = resolve;
      });
    }
  }

  /** Comes before anything is done: waits while paused; throws when the run is cancelled or the target gone. */
  async checkpoint(isLookDue = true): Promise<void> {
    const { signal, targets } = this.#parts;
    const now = performance.now();
    if (now - this.#turnAt >= TURN_MS) {
      await nextTurn();
      this.#turnAt = now;
    }
    if (this.#paused) await this.#paused;
    signal.throwIfAborted();
    if (!isLookDue && now - this.#lookedAt < LOOK_MS) return;
    targets.check();
    this.#lookedAt = now;
  }

  /** Remembers how an item ended; {@link flush} writes it down. */
  mark(item: StoredItem, error: AppError | null, state: 'done' | 'verified' = 'done'): void {
    this.#marks.push({ seq: item.seq, ...(error === null ? { state } : { state: 'failed', error }) });
  }

  flush(): void {
    const marks = this.#marks;
    this.#marks = [];
    if (marks.length > 0) this.#parts.store.mark(marks);
  }

  /** Keeps what the items are about to replace. */
  async keep(items: readonly StoredItem[]): Promise<Keeping> {
    await this.checkpoint();
    return this.#keeper === null ? NOTHING_KEPT : this.#keeper.keep(items);
  }

  tell(phase: LanePhase, current: string): void {
    const now = performance.now();
    if (now - this.#toldAt < TELL_MS) return;
    this.#toldAt = now;
    this.#parts.tell(phase, current);
  }

  /** Writes ranges of items until none is left; failed ones are tried again. */
  async write(ranges: readonly SeqRange[], kind: WorkKind): Promise<void> {
    const { share, store } = this.#parts;
    for (let range = share.take(ranges); range !== undefined; range = share.take(ranges)) {
      await this.#writeBatch(store.within(['pending', 'failed'], range, kind));
      this.flush();
    }
  }

  /** Reads ranges of items back from the disk and compares them with the archive's hashes. */
  async verify(ranges: readonly SeqRange[]): Promise<void> {
    const { share, signal, store } = this.#parts;
    try {
      for (let range = share.take(ranges); range !== undefined; range = share.take(ranges)) {
        for (const item of store.within(['done'], range, 'all')) {
          await this.checkpoint(false);
          this.mark(item, await verifyItem(item, signal), 'verified');
          if (item.entry.type === 'file') share.addBytes(item.entry.size);
          share.addFile();
          this.tell('verifying', item.entry.path);
        }
        this.flush();
      }
    } finally {
      this.flush();
    }
  }

  /** Writes items beside their targets, several at a time, flushes them to the disk at once, and then gives the names. */
  async #writeBatch(items: readonly StoredItem[]): Promise<void> {
    const running = new Set<Promise<void>>();
    const prepared: StoredItem[] = [];
    const { refused, absent } = await this.keep(items);
    try {
      for (const item of items) {
        const isFile = item.entry.type === 'file';
        await this.checkpoint(!isFile);
        const why = refused.get(item.seq);
        if (why !== undefined) {
          this.mark(item, why);
          continue;
        }
        const work = this.#writeOne(item, prepared, absent.has(item.seq)).finally(() => running.delete(work));
        running.add(work);
        // A folder is made before what is in it.
        if (!isFile) await work;
        else if (running.size >= PARALLEL) await Promise.race(running);
      }
      await Promise.all(running);
      await this.#publishAll(prepared.splice(0));
    } catch (thrown) {
      await Promise.allSettled(running);
      for (const item of prepared) await clear(this.#placer.temporary(item)).catch(() => undefined);
      throw thrown;
    }
  }

  async #writeOne(item: StoredItem, prepared: StoredItem[], isAbsent: boolean): Promise<void> {
    const { reader, share, signal } = this.#parts;
    this.tell('writing', item.entry.path);
    let written = 0;
    const onBytes = (bytes: number): void => {
      written += bytes;
      share.addBytes(bytes);
    };
    try {
      const placed = await this.#placer.place(item, onBytes, isAbsent);
      if (placed === 'beside') prepared.push(item);
      else if (placed !== 'in place') this.mark(item, placed);
      // A folder is done when its contents are in place and its own mode and time are set.
      else if (item.entry.type !== 'directory') this.mark(item, null);
      if (placed === 'in place' && item.entry.type !== 'directory') share.addFile();
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      share.addBytes(-written);
      const carried = carriedError(thrown);
      // A medium that was pulled would fail every further file; it can be put in again.
      if (carried !== null && (await reader.isGone?.()) === true) throw new RunStopped(carried);
      this.mark(item, itemFailure(item, thrown));
    }
  }

  /** Gives items their names, once all of them are known to be on the disk. */
  async #publishAll(items: readonly StoredItem[]): Promise<void> {
    if (items.length === 0) return;
    const { owners, share, targets } = this.#parts;
    const beside = items.map((item) => ({ path: this.#placer.temporary(item), entry: item.entry }));
    share.addAttributesMissing(await writeXattrs(beside, owners));
    await flushFiles(items.map(this.#placer.temporary));
    targets.check();
    for (const item of items) {
      const temporary = this.#placer.temporary(item);
      try {
        await publish(temporary, targets.anchored(item.target), item.before === null);
        this.mark(item, null);
        share.addFile();
      } catch (thrown) {
        await clear(temporary);
        share.addBytes(-item.entry.size);
        this.mark(item, itemFailure(item, thrown));
      }
    }
  }
}
