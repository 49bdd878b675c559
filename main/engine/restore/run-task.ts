import { availableParallelism } from 'node:os';
import { err, ok, type Result } from '#shared/errors/index.ts';
import type { TaskContext } from '../platform/worker-tasks.ts';
import { entryMtimeNs, MTIME_TOLERANCE_NS } from './decide.ts';
import { setExactTimes } from './exact-time.ts';
import type { NotSetReport } from './host/not-set.ts';
import { Lane, type LanePhase } from './lane.ts';
import { LaneShare } from './lane-share.ts';
import { runFailure, SecondLane } from './lane-task.ts';
import { openRun } from './open-run.ts';
import { itemFailure } from './place-item.ts';
import type { ItemState, PlanBasis, PlanStore, StoredItem, WorkKind } from './plan-store.ts';
import { removeItem } from './remove-item.ts';
import { standingAt } from './saved.ts';
import { type TargetWatch, watchTargets } from './target-watch.ts';
import type { OpenPoint, PointKey, PointReader } from './types.ts';
import { applyMetadata } from './write-entry.ts';
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
  readonly phase: LanePhase;
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
  /** Of a restore to a host: what its login may not set. */
  readonly notSet?: readonly NotSetReport[];
};

const MIB = 1 << 20;
/** Items that share one flush to the disk, and the bytes that do: what a cut costs at most, for each lane. */
const BATCH = { items: 2_000, bytes: 128 * MIB };
/** Less than this is not worth a second thread. */
const SMALLEST = { items: 250, bytes: 32 * MIB };
const RANGES = 4;

/** How large the ranges of so much work are, so that there are some for each lane. */
function batchOf({ files, bytes }: { readonly files: number; readonly bytes: number }): typeof BATCH {
  return {
    items: Math.min(BATCH.items, Math.max(SMALLEST.items, Math.ceil(files / RANGES))),
    bytes: Math.min(BATCH.bytes, Math.max(SMALLEST.bytes, Math.ceil(bytes / RANGES))),
  };
}

const WORK: readonly ItemState[] = ['pending', 'failed'];

/**
 * Executes a plan: writes what is not written yet, then reads everything back. Started again after any interruption it
 * goes on where it stopped and ends with the same bytes.
 */
export function runTask(
  openPoint: OpenPoint,
): (data: RunTaskData, context: TaskContext) => Promise<Result<RunTaskResult>> {
  return async (data, context) => {
    const opened = await openRun(openPoint, data);
    if (!opened.ok) return opened;
    const { store, basis, reader, close } = opened.value;
    let runner: Runner | null = null;
    try {
      runner = new Runner(store, basis, reader, data, context);
      await runner.writeAll();
      await runner.removeAll();
      await runner.finishFolders();
      await runner.verify();
      await runner.end(false);
      const counts = store.counts();
      return ok({
        files: counts.verified.files,
        bytes: counts.verified.bytes,
        verified: counts.verified.files,
        failed: counts.failed.files,
        attributesMissing: runner.attributesMissing,
      });
    } catch (thrown) {
      // Asked before the second lane is told to stop, which it calls cancelled.
      const why = runner?.stoppedBy ?? thrown;
      await runner?.end(true);
      return err(runFailure(why, context.signal));
    } finally {
      await close();
    }
  };
}

/** One run of one plan: what is done in order is done here, what may be done side by side in two lanes. */
class Runner {
  readonly #store: PlanStore;
  readonly #data: RunTaskData;
  readonly #context: TaskContext;
  readonly #isUndo: boolean;
  readonly #share = new LaneShare();
  readonly #stop = new AbortController();
  readonly #lane: Lane;
  readonly #targets: TargetWatch;
  #second: SecondLane | null = null;
  #isPaused = false;
  #totalBytes = 0;

  constructor(
    store: PlanStore,
    basis: PlanBasis,
    reader: PointReader,
    data: RunTaskData,
    context: TaskContext,
  ) {
    this.#store = store;
    this.#isUndo = basis.undo !== undefined;
    this.#data = data;
    this.#context = context;
    this.#targets = watchTargets(basis.mounts ?? []);
    const signal = AbortSignal.any([context.signal, this.#stop.signal]);
    this.#lane = new Lane({
      ...data,
      store,
      basis,
      reader,
      signal,
      targets: this.#targets,
      share: this.#share,
      tell: (phase, current) => this.#tell(phase, current),
    });
    const { done, verified, pending, failed } = store.counts();
    this.#share.begin(done.bytes + verified.bytes, done.files + verified.files);
    this.#totalBytes = this.#share.bytes + pending.bytes + failed.bytes;
    context.onMessage((message) => {
      this.#isPaused = (message as { readonly paused?: unknown }).paused === true;
      this.#lane.setPaused(this.#isPaused);
      this.#second?.setPaused(this.#isPaused);
    });
  }

  get attributesMissing(): number {
    return this.#share.attributesMissing;
  }

  /** Why the second lane ended before its time, which stopped this one; undefined when it did not. */
  get stoppedBy(): unknown {
    return this.#stop.signal.reason;
  }

  #tell(phase: LanePhase, current: string): void {
    this.#context.post({
      phase,
      bytes: this.#share.bytes,
      totalBytes: this.#totalBytes,
      files: this.#share.files,
      current,
    } satisfies RunTaskProgress);
  }

  /** The second lane; started when there is work for two. An undo's plan reads files, not frames: it stays with one. */
  #secondLane(ranges: number): SecondLane | null {
    if (this.#second !== null || ranges < 2 || this.#isUndo || availableParallelism() < 2)
      return this.#second;
    this.#second = new SecondLane(
      this.#context.start,
      { ...this.#data, share: this.#share.memory },
      (phase, current) => this.#tell(phase, current),
      (thrown) => this.#stop.abort(thrown),
    );
    if (this.#isPaused) this.#second.setPaused(true);
    return this.#second;
  }

  /** Lets go of the second lane and of the targets, and writes down what this one did. */
  async end(isStopped: boolean): Promise<void> {
    await this.#second?.end(isStopped);
    this.#lane.flush();
    this.#targets.close();
  }

  /**
   * Writes every item that is not on the disk yet. Folders come first, so that lanes never wait for each other's; hard
   * links come last, for the files that they name must be there under their names.
   */
  async writeAll(): Promise<void> {
    const { pending, failed } = this.#store.counts();
    const batch = batchOf({ files: pending.files + failed.files, bytes: pending.bytes + failed.bytes });
    const contents = this.#store.ranges(WORK, 'contents', batch);
    const second = this.#secondLane(contents.length);
    await this.#writeAlone('folders');
    this.#share.rewind();
    const theirs = second?.work('writing', contents);
    await this.#lane.write(contents, 'contents');
    await theirs;
    await this.#writeAlone('hardlinks');
  }

  async #writeAlone(kind: WorkKind): Promise<void> {
    this.#share.rewind();
    await this.#lane.write(this.#store.ranges(WORK, kind, BATCH), kind);
  }

  /** Takes away what an undone restore made, the deepest first; a folder goes when nothing else is in it. */
  async removeAll(): Promise<void> {
    for (let before = Number.MAX_SAFE_INTEGER; ; ) {
      const items = this.#store.removals(before, BATCH.items);
      if (items.length === 0) return;
      const { refused } = await this.#lane.keep(items);
      for (const item of items) {
        await this.#lane.checkpoint();
        before = item.seq;
        this.#lane.tell('writing', item.entry.path);
        try {
          this.#lane.mark(item, refused.get(item.seq) ?? (await removeItem(item)));
        } catch (thrown) {
          this.#lane.mark(item, itemFailure(item, thrown));
        }
      }
      this.#lane.flush();
    }
  }

  /** Gives folders their modes and times, the deepest first, now that nothing is written into them any more. */
  async finishFolders(): Promise<void> {
    const folders: StoredItem[] = [];
    for (const range of this.#store.ranges(['pending'], 'folders', BATCH))
      folders.push(...this.#store.within(['pending'], range, 'folders'));
    for (let after = 0; ; ) {
      const items = this.#store.sameFolders(after, BATCH.items);
      if (items.length === 0) break;
      after = items.at(-1)?.seq ?? after;
      for (const item of items) if (await lostItsTime(item)) folders.push(item);
    }
    folders.sort((a, b) => b.seq - a.seq);
    for (let at = 0; at < folders.length; at += BATCH.items)
      await this.#lane.keep(folders.slice(at, at + BATCH.items));
    for (const item of folders) {
      await this.#lane.checkpoint();
      const isWork = item.action !== 'same';
      try {
        applyMetadata(this.#targets.anchored(item.target), item.entry, this.#data.owners);
        if (isWork) this.#lane.mark(item, null);
      } catch (thrown) {
        this.#lane.mark(item, itemFailure(item, thrown));
      }
    }
    const standing = folders.map(({ target, entry }) => ({ path: target, entry }));
    this.#share.addAttributesMissing(await writeXattrs(standing, this.#data.owners));
    if (this.#isUndo) await setExactTimes(this.#store, this.#context.signal);
    this.#lane.flush();
  }

  /** Reads everything back from the disk and compares it with the archive's hashes. */
  async verify(): Promise<void> {
    const { done, verified } = this.#store.counts();
    this.#share.begin(verified.bytes, verified.files);
    this.#totalBytes = done.bytes + verified.bytes;
    const ranges = this.#store.ranges(['done'], 'all', batchOf(done));
    const theirs = this.#secondLane(ranges.length)?.work('verifying', ranges);
    await this.#lane.verify(ranges);
    await theirs;
  }
}

/** True when a folder that was the same lost its time because something was written into it. */
async function lostItsTime(item: StoredItem): Promise<boolean> {
  const now = await standingAt(item.target);
  if (now?.type !== 'directory') return false;
  const drift = BigInt(now.mtimeNs) - entryMtimeNs(item.entry);
  return drift > MTIME_TOLERANCE_NS || drift < -MTIME_TOLERANCE_NS;
}
