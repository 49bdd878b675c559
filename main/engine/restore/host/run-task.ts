import { type AppError, appError, err, ok, type Result } from '#shared/errors/index.ts';
import { showPath } from '../../platform/raw-path.ts';
import type { TaskContext } from '../../platform/worker-tasks.ts';
import { runFailure } from '../lane-task.ts';
import { openRun } from '../open-run.ts';
import type { Mark, PlanBasis, PlanStore, StoredItem } from '../plan-store.ts';
import { RunStopped } from '../run-stopped.ts';
import type { RunTaskData, RunTaskProgress, RunTaskResult } from '../run-task.ts';
import { carriedError, type OpenPoint, type PointReader } from '../types.ts';
import { hostPortOf } from './calls.ts';
import { answered, HostRefusal, hostFailure, standingOnHost, wordsOf } from './files.ts';
import { keepFromHost } from './keep.ts';
import { inLanes } from './lanes.ts';
import { NotSet } from './not-set.ts';
import type { HostPort } from './port.ts';
import { HostWriter } from './write.ts';

/** Items that are kept, written, compared and named together, and their bytes: what a cut costs at most. */
const BATCH = { items: 200, bytes: 64 << 20 };
const FILES_AT_ONCE = 4;
const TELL_MS = 100;

/**
 * Executes a plan on a host. Each file is written under a temporary name, hashed there, described, and renamed: at no moment a
 * final name stands for something half-written. Started again after any interruption it goes on where it stopped.
 */
export function hostRunTask(
  openPoint: OpenPoint,
): (data: RunTaskData, context: TaskContext) => Promise<Result<RunTaskResult>> {
  return async (data, context) => {
    const opened = await openRun(openPoint, data);
    if (!opened.ok) return opened;
    const { store, basis, reader, close } = opened.value;
    const runner = new HostRunner(store, basis, reader, data, context);
    try {
      await runner.writeAll();
      await runner.removeAll();
      await runner.finishFolders();
      await runner.verify();
      const { verified, failed } = store.counts();
      return ok({
        files: verified.files,
        bytes: verified.bytes,
        verified: verified.files,
        failed: failed.files,
        attributesMissing: 0,
        notSet: runner.notSet.report(),
      });
    } catch (thrown) {
      return err(runFailure(thrown, context.signal));
    } finally {
      runner.flush();
      await close();
    }
  };
}

class HostRunner {
  readonly notSet = new NotSet();
  readonly #store: PlanStore;
  readonly #basis: PlanBasis;
  readonly #reader: PointReader;
  readonly #context: TaskContext;
  readonly #port: HostPort;
  readonly #writer: HostWriter;
  #bytes: number;
  #files: number;
  readonly #totalBytes: number;
  readonly #marks: Mark[] = [];
  #toldAt = Number.NEGATIVE_INFINITY;
  #paused: Promise<void> | null = null;
  #unpause: () => void = () => undefined;

  constructor(
    store: PlanStore,
    basis: PlanBasis,
    reader: PointReader,
    { mark }: RunTaskData,
    context: TaskContext,
  ) {
    this.#store = store;
    this.#basis = basis;
    this.#reader = reader;
    this.#context = context;
    this.#port = hostPortOf(context);
    const { signal } = context;
    const { notSet } = this;
    this.#writer = new HostWriter({ port: this.#port, store, basis, reader, signal, mark, notSet });
    const { done, verified, pending, failed } = store.counts();
    this.#bytes = done.bytes + verified.bytes;
    this.#files = done.files + verified.files;
    this.#totalBytes = this.#bytes + pending.bytes + failed.bytes;
    context.onMessage((message) => {
      const { paused } = message as { readonly paused?: boolean };
      if (paused !== undefined) this.#setPaused(paused);
    });
    signal.addEventListener('abort', () => this.#setPaused(false), { once: true });
  }

  #setPaused(paused: boolean): void {
    this.#unpause();
    this.#paused = paused
      ? new Promise((resolve) => {
          this.#unpause = resolve;
        })
      : null;
  }

  async #checkpoint(): Promise<void> {
    if (this.#paused) await this.#paused;
    this.#context.signal.throwIfAborted();
  }

  #tell(phase: RunTaskProgress['phase'], current: string): void {
    const now = performance.now();
    if (now - this.#toldAt < TELL_MS) return;
    this.#toldAt = now;
    this.#context.post({
      phase,
      bytes: this.#bytes,
      totalBytes: this.#totalBytes,
      files: this.#files,
      current,
    } satisfies RunTaskProgress);
  }

  #mark(item: StoredItem, error: AppError | null, state: 'done' | 'verified'): void {
    this.#marks.push({ seq: item.seq, ...(error === null ? { state } : { state: 'failed', error }) });
    if (error === null && item.entry.type !== 'directory') this.#files += 1;
  }

  /** Writes down how items ended; what is lost of that in a power cut is recognised by its hash. */
  flush(): void {
    if (this.#marks.length > 0) this.#store.mark(this.#marks.splice(0));
  }

  /** What went wrong with one item. Throws what is wrong with all of them. */
  async #failure(item: StoredItem, thrown: unknown): Promise<AppError> {
    this.#context.signal.throwIfAborted();
    if (thrown instanceof HostRefusal)
      return hostFailure(this.#port, item.target, item.entry.size, thrown.error);
    const carried = carriedError(thrown);
    if (thrown instanceof RunStopped || carried === null) throw thrown;
    // A medium that was pulled would fail every further file; it can be put in again.
    if ((await this.#reader.isGone?.()) === true) throw new RunStopped(carried);
    return carried;
  }

  /** Folders first, hard links last, for the files that they name must be there under their names. */
  async writeAll(): Promise<void> {
    for (const kind of ['folders', 'contents', 'hardlinks'] as const)
      for (const range of this.#store.ranges(['pending', 'failed'], kind, BATCH))
        await this.#writeBatch(this.#store.within(['pending', 'failed'], range, kind), kind === 'folders');
  }

  async #writeBatch(items: readonly StoredItem[], inOrder: boolean): Promise<void> {
    await this.#checkpoint();
    const { safetyDir = null } = this.#basis;
    const { refused, standing } = await keepFromHost(
      this.#port,
      this.#store,
      safetyDir,
      items,
      this.#context.signal,
    );
    const beside: StoredItem[] = [];
    try {
      await inLanes(
        items,
        async (item) => {
          await this.#checkpoint();
          const why = refused.get(item.seq);
          if (why !== undefined) this.#mark(item, why, 'done');
          else if (await this.#place(item, standing.get(item.seq))) beside.push(item);
        },
        inOrder ? 1 : FILES_AT_ONCE,
      );
      await this.#publishAll(beside);
      this.flush();
    } catch (thrown) {
      // Nothing of ours is left behind while the host can be asked; what it no longer hears stays under its temporary name.
      for (const item of items)
        if (item.entry.type === 'file') await this.#writer.clear(item).catch(() => undefined);
      throw thrown;
    }
  }

  /** @returns true when the item is beside its place, and has to be compared and named */
  async #place(item: StoredItem, was: Parameters<HostWriter['place']>[1]): Promise<boolean> {
    this.#tell('writing', item.entry.path);
    let written = 0;
    try {
      const placed = await this.#writer.place(item, was, (bytes) => {
        written += bytes;
        this.#bytes += bytes;
        this.#tell('writing', item.entry.path);
      });
      if (placed === 'beside') return true;
      if (placed !== 'in place') this.#mark(item, placed, 'done');
      // A folder is done when its contents are in place and its own mode and time are set.
      else if (item.entry.type !== 'directory')
        this.#mark(item, null, item.entry.type === 'file' ? 'verified' : 'done');
    } catch (thrown) {
      this.#bytes -= written;
      // Asked before the temporary file goes: its going would make room on a full disk.
      const why = await this.#failure(item, thrown);
      await this.#writer.clear(item).catch(() => undefined);
      this.#mark(item, why, 'done');
    }
    return false;
  }

  /** Compares files with the archive where they were written, and gives those that are right their names. */
  async #publishAll(items: readonly StoredItem[]): Promise<void> {
    if (items.length === 0) return;
    const bytes = items.reduce((sum, { entry }) => sum + entry.size, 0);
    const hashes = answered(
      await this.#port.hash(
        items.map((item) => this.#writer.temporary(item)),
        bytes,
      ),
    );
    const found = new Map(items.map((item, index) => [item, hashes[index] ?? null]));
    await inLanes(items, async (item) => {
      try {
        const isRight = found.get(item) === item.contentSha256 || (await this.#isRightAfterAll(item));
        if (isRight) await this.#writer.publish(item);
        else await this.#writer.clear(item);
        const error = isRight ? null : appError('RESTORE_VERIFY_FAILED', { path: showPath(item.target) });
        this.#mark(item, error, 'verified');
      } catch (thrown) {
        this.#bytes -= item.entry.size;
        const why = await this.#failure(item, thrown);
        await this.#writer.clear(item).catch(() => undefined);
        this.#mark(item, why, 'done');
      }
    });
  }

  /**
   * Looks again at a file whose hash was not the archive's: read over SFTP (a shell may see other paths than SFTP does), and
   * written from its beginning (what a cut left may have had a gap).
   */
  async #isRightAfterAll(item: StoredItem): Promise<boolean> {
    const temporary = this.#writer.temporary(item);
    const isRight = async (): Promise<boolean> =>
      answered(await this.#port.hash([temporary], 0))[0] === item.contentSha256;
    if (await isRight()) return true;
    await this.#writer.clear(item);
    const placed = await this.#writer.place(item, undefined, () => undefined);
    return placed === 'beside' && (await isRight());
  }

  /** Takes away what an undone restore made, the deepest first; a folder goes when nothing else is in it. */
  async removeAll(): Promise<void> {
    for (let before = Number.MAX_SAFE_INTEGER; ; ) {
      const items = this.#store.removals(before, BATCH.items);
      if (items.length === 0) return;
      const { safetyDir = null } = this.#basis;
      const { refused, standing } = await keepFromHost(
        this.#port,
        this.#store,
        safetyDir,
        items,
        this.#context.signal,
      );
      before = items.at(-1)?.seq ?? 0;
      const removeOne = async (item: StoredItem): Promise<void> => {
        await this.#checkpoint();
        this.#tell('writing', item.entry.path);
        try {
          const now = standing.get(item.seq) ?? null;
          this.#mark(item, refused.get(item.seq) ?? (await this.#remove(item, now)), 'done');
        } catch (thrown) {
          this.#mark(item, await this.#failure(item, thrown), 'done');
        }
      };
      // What is in a folder stands before it, here or in a batch before.
      const isFolder = ({ entry }: StoredItem): boolean => entry.type === 'directory';
      await inLanes(
        items.filter((item) => !isFolder(item)),
        removeOne,
      );
      await inLanes(items.filter(isFolder), removeOne, 1);
      this.flush();
    }
  }

  async #remove(
    { target, before }: StoredItem,
    now: Awaited<ReturnType<typeof standingOnHost>>,
  ): Promise<AppError | null> {
    if (now === null) return null;
    const path = showPath(target);
    if (target === '' || target === '/') return appError('RESTORE_NOT_REMOVED', { path });
    if (now.type === 'directory') {
      const removed = await this.#port.removeFolder(target);
      if (!removed.ok && removed.error.code !== 'SSH_REMOTE_FAILED') answered(removed);
      return removed.ok ? null : appError('RESTORE_NOT_REMOVED', { path });
    }
    const isAsPlanned =
      before !== null &&
      before.type === now.type &&
      before.size === now.size &&
      before.mtimeNs === now.mtimeNs;
    if (!isAsPlanned) return appError('RESTORE_TARGET_CHANGED', { path });
    answered(await this.#port.remove(target));
    return null;
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
      folders.push(...items);
    }
    folders.sort((a, b) => b.seq - a.seq);
    for (const item of folders) {
      await this.#checkpoint();
      try {
        await this.#writer.describe(item.target, item.entry);
        if (item.action !== 'same') this.#mark(item, null, 'done');
      } catch (thrown) {
        this.#mark(item, await this.#failure(item, thrown), 'done');
      }
    }
    this.flush();
  }

  /** Looks at what was not compared when it was written: folders, links, what was removed. */
  async verify(): Promise<void> {
    for (const range of this.#store.ranges(['done'], 'all', BATCH)) {
      await this.#checkpoint();
      const items = this.#store.within(['done'], range, 'all');
      this.#files -= items.filter(({ entry }) => entry.type !== 'directory').length;
      await inLanes(items, async (item) => {
        this.#tell('verifying', item.entry.path);
        try {
          const isRight = await this.#isRight(item);
          const path = showPath(item.target);
          this.#mark(item, isRight ? null : appError('RESTORE_VERIFY_FAILED', { path }), 'verified');
        } catch (thrown) {
          if (!(thrown instanceof HostRefusal)) throw thrown;
          const why = wordsOf(thrown.error);
          this.#mark(item, appError('FILE_UNREADABLE', { file: showPath(item.target), why }), 'done');
        }
      });
      this.flush();
    }
  }

  async #isRight({ action, contentSha256, entry, target }: StoredItem): Promise<boolean> {
    const now = await standingOnHost(this.#port, target);
    if (action === 'remove') return now === null;
    if (now === null) return false;
    if (entry.type === 'directory') return now.type === 'directory';
    if (entry.type === 'symlink') return now.type === 'symlink' && now.link === (entry.link ?? '');
    return now.type === 'file' && answered(await this.#port.hash([target], now.size))[0] === contentSha256;
  }
}
