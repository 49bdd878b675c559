import { type AppError, appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import type { TaskContext } from '../platform/worker-tasks.ts';
import { openAnyCopy } from './any-copy.ts';
import { entryMtimeNs, MTIME_TOLERANCE_NS } from './decide.ts';
import { setExactTimes } from './exact-time.ts';
import { flushFiles } from './flush.ts';
import { createPlacer, itemFailure, type Placer } from './place-item.ts';
import {
  type ItemState,
  openPlanStore,
  type PlanBasis,
  type PlanStore,
  type StoredItem,
} from './plan-store.ts';
import { removeItem } from './remove-item.ts';
import { RunStopped } from './run-stopped.ts';
import { createSafekeeper, type Safekeeper } from './safekeeper.ts';
import { standingAt } from './saved.ts';
import { type TargetWatch, watchTargets } from './target-watch.ts';
import { carriedError, type OpenPoint, type PointKey, type PointReader } from './types.ts';
import { undoReader } from './undo-reader.ts';
import { verifyItems } from './verify.ts';
import { applyMetadata, clear, publish } from './write-entry.ts';
import { writeXattrs } from './xattrs.ts';

/** What a run is started with. */
export type RunTaskData = {
  readonly file: string;
  /** Short unique text of this restore, part of temporary names. */
  readonly mark: string;
  readonly owners: boolean;
  readonly key?: PointKey | null;
};

/** How far a run is, posted to the starter. */
export type RunTaskProgress = {
  readonly phase: 'writing' | 'verifying';
  readonly bytes: number;
  readonly totalBytes: number;
  readonly files: number;
  readonly current: string;
};

/** How a run ended; failures of single files do not end it. */
export type RunTaskResult = {
  readonly files: number;
  readonly bytes: number;
  readonly verified: number;
  readonly failed: number;
  /** Files and folders that did not get all of their extended attributes and ACLs. */
  readonly attributesMissing: number;
};

/** Items that share one flush to the disk, and the bytes that do: what a cut costs at most. */
const BATCH = 4_000;
const BATCH_BYTES = 256 * 1024 * 1024;
/** Progress is told this often; a message for each small file took a tenth of the time. */
const TELL_EVERY_MS = 50;
const PARALLEL = 8;
/**
 * Executes a plan: writes what is not written yet, then reads everything back. Started again after any interruption it
 * goes on where it stopped and ends with the same bytes.
 */
export function runTask(
  openPoint: OpenPoint,
): (data: RunTaskData, context: TaskContext) => Promise<Result<RunTaskResult>> {
  return async (data, context) => {
    const stored = openPlanStore(data.file, true);
    if (!stored.ok) return stored;
    const store = stored.value;
    const basis = store.basis();
    const opened =
      basis.undo === undefined ? await openAnyCopy(openPoint, basis.archives, data.key) : ok(undoReader());
    if (!opened.ok) {
      store.close();
      return opened;
    }
    let runner: Runner | null = null;
    try {
      const targets = watchTargets(basis.mounts ?? []);
      runner = new Runner(store, basis, opened.value, data, context, targets);
      await runner.writeAll();
      await runner.removeAll();
      await runner.finishFolders();
      await runner.verify();
      const counts = store.counts();
      return ok({
        files: counts.verified.files,
        bytes: counts.verified.bytes,
        verified: counts.verified.files,
        failed: counts.failed.files,
        attributesMissing: runner.attributesMissing,
      });
    } catch (thrown) {
      if (context.signal.aborted) return err(appError('CANCELLED'));
      if (thrown instanceof RunStopped) return err(thrown.error);
      const carried = carriedError(thrown);
      return err(carried ?? appError('INTERNAL', { what: describeThrown(thrown) }));
    } finally {
      runner?.flush();
      store.close();
      await opened.value.close();
    }
  };
}

/** One run of one plan. */
class Runner {
  readonly #store: PlanStore;
  readonly #data: RunTaskData;
  readonly #context: TaskContext;
  readonly #placer: Placer;
  readonly #keeper: Safekeeper | null;
  readonly #isUndo: boolean;
  readonly #targets: TargetWatch;
  readonly #reader: PointReader;
  attributesMissing = 0;
  #marks: { seq: number; state: ItemState; error?: AppError }[] = [];
  #bytes = 0;
  #files = 0;
  #totalBytes = 0;
  #toldAt = Number.NEGATIVE_INFINITY;
  #paused: Promise<void> | null = null;
  #unpause: () => void = () => undefined;

  constructor(
    store: PlanStore,
    basis: PlanBasis,
    reader: PointReader,
    data: RunTaskData,
    context: TaskContext,
    targets: TargetWatch,
  ) {
    this.#targets = targets;
    this.#reader = reader;
    this.#store = store;
    this.#placer = createPlacer({ store, basis, reader, signal: context.signal, ...data });
    this.#isUndo = basis.undo !== undefined;
    this.#keeper =
      basis.safetyDir === undefined ? null : createSafekeeper(store, basis.safetyDir, context.signal);
    this.#data = data;
    this.#context = context;
    const counts = store.counts();
    this.#bytes = counts.done.bytes + counts.verified.bytes;
    this.#files = counts.done.files + counts.verified.files;
    this.#totalBytes = this.#bytes + counts.pending.bytes + counts.failed.bytes;
    context.onMessage((message) =>
      this.#setPaused((message as { readonly paused?: unknown }).paused === true),
    );
  }

  #setPaused(paused: boolean): void {
    if (!paused) {
      this.#unpause();
      this.#paused = null;
    } else if (this.#paused === null) {
      this.#paused = new Promise((resolve) => {
        this.#unpause = resolve;
      });
      this.#context.signal.addEventListener('abort', () => this.#unpause(), { once: true });
    }
  }

  async #checkpoint(): Promise<void> {
    if (this.#paused) await this.#paused;
    this.#context.signal.throwIfAborted();
    this.#targets.check();
  }

  #tell(phase: RunTaskProgress['phase'], current: string): void {
    const now = performance.now();
    if (now - this.#toldAt < TELL_EVERY_MS) return;
    this.#toldAt = now;
    this.#context.post({
      phase,
      bytes: this.#bytes,
      totalBytes: this.#totalBytes,
      files: this.#files,
      current,
    } satisfies RunTaskProgress);
  }

  flush(): void {
    const marks = this.#marks;
    this.#marks = [];
    if (marks.length > 0) this.#store.mark(marks);
  }

  /** Writes every item that is not on the disk yet; failed ones are tried again. */
  async writeAll(): Promise<void> {
    let after = 0;
    for (;;) {
      const items = this.#store.next(['pending', 'failed'], after, BATCH);
      if (items.length === 0) return;
      after = await this.#writeBatch(items);
      this.flush();
    }
  }

  /**
   * Writes a batch beside its targets, several items at a time, flushes it to the disk at once, and then gives the names.
   *
   * @returns the last item that was dealt with
   */
  async #writeBatch(items: readonly StoredItem[]): Promise<number> {
    const running = new Set<Promise<void>>();
    const prepared: StoredItem[] = [];
    let bytes = 0;
    let after = 0;
    const unkept = await this.#keep(items);
    try {
      for (const item of items) {
        await this.#checkpoint();
        const { type, size } = item.entry;
        const refused = unkept.get(item.seq);
        if (refused !== undefined) {
          after = item.seq;
          this.#marks.push({ seq: item.seq, state: 'failed', error: refused });
          continue;
        }
        // A folder is made before what is in it; a hard link needs the file that it names under its name.
        if (type !== 'file') await Promise.all(running);
        if (type === 'hardlink') await this.#publishAll(prepared.splice(0));
        after = item.seq;
        const work = this.#writeOne(item, prepared).finally(() => running.delete(work));
        running.add(work);
        if (type !== 'file') await work;
        else if (running.size >= PARALLEL) await Promise.race(running);
        bytes += size;
        if (bytes >= BATCH_BYTES) break;
      }
      await Promise.all(running);
      await this.#publishAll(prepared.splice(0));
    } catch (thrown) {
      await Promise.allSettled(running);
      for (const item of prepared) await clear(this.#placer.temporary(item)).catch(() => undefined);
      throw thrown;
    }
    return after;
  }

  /** Keeps what the items are about to replace; gives those that could not be kept. */
  async #keep(items: readonly StoredItem[]): Promise<ReadonlyMap<number, AppError>> {
    await this.#checkpoint();
    return this.#keeper === null ? new Map() : this.#keeper.keep(items);
  }

  /** Takes away what an undone restore made, the deepest first; a folder goes when nothing else is in it. */
  async removeAll(): Promise<void> {
    for (let before = Number.MAX_SAFE_INTEGER; ; ) {
      const items = this.#store.removals(before, BATCH);
      if (items.length === 0) return;
      const unkept = await this.#keep(items);
      for (const item of items) {
        await this.#checkpoint();
        before = item.seq;
        this.#tell('writing', item.entry.path);
        try {
          const error = unkept.get(item.seq) ?? (await removeItem(item));
          this.#marks.push({
            seq: item.seq,
            ...(error === null ? { state: 'done' } : { state: 'failed', error }),
          });
        } catch (thrown) {
          this.#marks.push({ seq: item.seq, state: 'failed', error: itemFailure(item, thrown) });
        }
      }
      this.flush();
    }
  }

  async #writeOne(item: StoredItem, prepared: StoredItem[]): Promise<void> {
    this.#tell('writing', item.entry.path);
    let written = 0;
    const onBytes = (bytes: number): void => {
      written += bytes;
      this.#bytes += bytes;
    };
    try {
      const placed = await this.#placer.place(item, onBytes);
      if (placed === 'beside') prepared.push(item);
      else if (placed !== 'in place') this.#marks.push({ seq: item.seq, state: 'failed', error: placed });
      // A folder is done when its contents are in place and its own mode and time are set.
      else if (item.entry.type !== 'directory') this.#marks.push({ seq: item.seq, state: 'done' });
      if (placed === 'in place' && item.entry.type !== 'directory') this.#files += 1;
    } catch (thrown) {
      if (this.#context.signal.aborted) throw thrown;
      this.#bytes -= written;
      const carried = carriedError(thrown);
      // A medium that was pulled would fail every further file; it can be put in again.
      if (carried !== null && (await this.#reader.isGone?.()) === true) throw new RunStopped(carried);
      this.#marks.push({ seq: item.seq, state: 'failed', error: itemFailure(item, thrown) });
    }
  }

  /** Gives items their names, once all of them are known to be on the disk. */
  async #publishAll(items: readonly StoredItem[]): Promise<void> {
    if (items.length === 0) return;
    const beside = items.map((item) => ({ path: this.#placer.temporary(item), entry: item.entry }));
    this.attributesMissing += await writeXattrs(beside, this.#data.owners);
    await flushFiles(items.map(this.#placer.temporary));
    for (const item of items) {
      const temporary = this.#placer.temporary(item);
      try {
        await publish(temporary, item.target, item.before === null);
        this.#marks.push({ seq: item.seq, state: 'done' });
        this.#files += 1;
      } catch (thrown) {
        await clear(temporary);
        this.#bytes -= item.entry.size;
        this.#marks.push({ seq: item.seq, state: 'failed', error: itemFailure(item, thrown) });
      }
    }
  }

  /** Gives folders their modes and times, the deepest first, now that nothing is written into them any more. */
  async finishFolders(): Promise<void> {
    const folders: StoredItem[] = [];
    for (let after = 0; ; ) {
      const items = this.#store.next(['pending'], after, BATCH);
      if (items.length === 0) break;
      after = items.at(-1)?.seq ?? after;
      folders.push(...items.filter((item) => item.entry.type === 'directory'));
    }
    for (let after = 0; ; ) {
      const items = this.#store.sameFolders(after, BATCH);
      if (items.length === 0) break;
      after = items.at(-1)?.seq ?? after;
      for (const item of items) if (await lostItsTime(item)) folders.push(item);
    }
    folders.sort((a, b) => b.seq - a.seq);
    for (let at = 0; at < folders.length; at += BATCH) await this.#keep(folders.slice(at, at + BATCH));
    for (const item of folders) {
      await this.#checkpoint();
      const isWork = item.action !== 'same';
      try {
        await applyMetadata(item.target, item.entry, this.#data.owners);
        if (isWork) this.#marks.push({ seq: item.seq, state: 'done' });
      } catch (thrown) {
        this.#marks.push({ seq: item.seq, state: 'failed', error: itemFailure(item, thrown) });
      }
    }
    const standing = folders.map(({ target, entry }) => ({ path: target, entry }));
    this.attributesMissing += await writeXattrs(standing, this.#data.owners);
    if (this.#isUndo) await setExactTimes(this.#store, this.#context.signal);
    this.flush();
  }

  /** Reads everything back from the disk and compares it with the archive's hashes. */
  async verify(): Promise<void> {
    const counts = this.#store.counts();
    this.#bytes = counts.verified.bytes;
    this.#totalBytes = counts.done.bytes + counts.verified.bytes;
    this.#files = counts.verified.files;
    await verifyItems(this.#store, this.#context.signal, async (item, bytes) => {
      await this.#checkpoint();
      this.#bytes += bytes;
      this.#files += 1;
      this.#tell('verifying', item.entry.path);
    });
  }
}

/** True when a folder that was the same lost its time because something was written into it. */
async function lostItsTime(item: StoredItem): Promise<boolean> {
  const now = await standingAt(item.target);
  if (now?.type !== 'directory') return false;
  const drift = BigInt(now.mtimeNs) - entryMtimeNs(item.entry);
  return drift > MTIME_TOLERANCE_NS || drift < -MTIME_TOLERANCE_NS;
}
