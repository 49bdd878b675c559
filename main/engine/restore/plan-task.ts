import { createHash } from 'node:crypto';
import type { RestoreAction } from '#shared/contract/restore.ts';
import { type AppError, appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import { type RawPath, showPath } from '../platform/raw-path.ts';
import type { TaskContext } from '../platform/worker-tasks.ts';
import { decide, type Existing } from './decide.ts';
import { createFolderGuard, type FolderGuard } from './folder-guard.ts';
import { inspect } from './inspect.ts';
import { guardedFolders, targetPath } from './paths.ts';
import { openPlanStore, type PlanBasis, type PlannedItem, type PlanStore } from './plan-store.ts';
import { compileSelection } from './selection.ts';
import { carriedError, type OpenPoint, type PointEntry } from './types.ts';

/** What planning is started with. `file` is the plan's own SQLite file. */
export type PlanTaskData = {
  readonly file: string;
  readonly basis: Omit<PlanBasis, 'sources'>;
  /** Entries of the point, for the progress bar; null when not known. */
  readonly expectedEntries: number | null;
};

/** A computed plan. */
export type PlanTaskResult = {
  readonly hash: string;
  readonly totals: Record<RestoreAction, { files: number; bytes: number }>;
};

/** Progress of planning, posted to the starter. */
export type PlanTaskProgress = { readonly entries: number; readonly current: string };

const BATCH = 500;
const TELL_EVERY = 200;

/** Computes what a restore would do to each path, and writes it down. Nothing is written to the target. */
export function planTask(
  openPoint: OpenPoint,
): (data: PlanTaskData, context: TaskContext) => Promise<Result<PlanTaskResult>> {
  return async (data, context) => {
    const opened = await openPoint(data.basis.archives);
    if (!opened.ok) return opened;
    const reader = opened.value;
    const stored = openPlanStore(data.file);
    if (!stored.ok) {
      await reader.close();
      return stored;
    }
    const store = stored.value;
    try {
      const basis: PlanBasis = { ...data.basis, sources: [...reader.sources] };
      store.setBasis(basis);
      const planner = new EntryPlanner(store, basis, context.signal);
      let seen = 0;
      for await (const entry of reader.entries()) {
        if (context.signal.aborted) return err(appError('CANCELLED'));
        await planner.take(entry);
        seen += 1;
        if (seen % TELL_EVERY === 0)
          context.post({ entries: seen, current: entry.path } satisfies PlanTaskProgress);
      }
      await planner.takeLinked(reader.entries());
      planner.flush();
      if (planner.count === 0) return err(appError('RESTORE_NOTHING_SELECTED'));
      return ok({ hash: planner.hash(), totals: store.totals() });
    } catch (thrown) {
      const carried: AppError | null = carriedError(thrown);
      if (carried) return err(carried);
      if (context.signal.aborted) return err(appError('CANCELLED'));
      return err(appError('INTERNAL', { what: describeThrown(thrown) }));
    } finally {
      store.close();
      await reader.close();
    }
  };
}

/** Turns entries into planned items, in order, in batches. */
class EntryPlanner {
  readonly #store: PlanStore;
  readonly #basis: PlanBasis;
  readonly #signal: AbortSignal;
  readonly #selected: (path: RawPath) => boolean;
  readonly #digest = createHash('sha256');
  readonly #guard: FolderGuard = createFolderGuard();
  /** Folders on the way to the current entry that were not selected themselves. */
  #ancestors: PointEntry[] = [];
  #batch: PlannedItem[] = [];
  /** Selected hard links whose first name, which carries the content, was not selected. */
  #linked: PointEntry[] = [];
  count = 0;

  constructor(store: PlanStore, basis: PlanBasis, signal: AbortSignal) {
    this.#store = store;
    this.#basis = basis;
    this.#signal = signal;
    this.#selected = compileSelection(basis.selection);
    this.#digest.update(JSON.stringify(basis));
  }

  async take(entry: PointEntry): Promise<void> {
    this.#ancestors = this.#ancestors.filter((folder) => entry.path.startsWith(`${folder.path}/`));
    if (!this.#selected(entry.path)) {
      if (entry.type === 'directory') this.#ancestors.push(entry);
      return;
    }
    // The folders above a selected file come along, so that they get their own modes and times where they are missing.
    for (const folder of this.#ancestors) await this.#plan(folder);
    this.#ancestors = [];
    if (entry.type === 'hardlink' && entry.link !== undefined && !this.#selected(entry.link))
      this.#linked.push(entry);
    else await this.#plan(entry);
  }

  /**
   * Plans the hard links whose first name was not selected: each becomes a file of its own with that content. The archive
   * is read once more for them, and only when there are any.
   */
  async takeLinked(entries: AsyncIterable<PointEntry>): Promise<void> {
    if (this.#linked.length === 0) return;
    const waiting = Map.groupBy(this.#linked, (entry) => entry.link ?? '');
    for await (const entry of entries) {
      this.#signal.throwIfAborted();
      for (const link of waiting.get(entry.path) ?? []) await this.#plan({ ...entry, path: link.path });
      waiting.delete(entry.path);
    }
  }

  async #plan(entry: PointEntry): Promise<void> {
    const { hazard } = entry;
    const target = hazard === null ? targetPath(entry.path, this.#basis.place) : entry.path;
    const contentSha256 = entry.type === 'hardlink' ? this.#linkedHash(entry) : entry.sha256;
    let existing: Existing | null = null;
    let decision: ReturnType<typeof decide> = { action: 'skip', reason: 'unsafe' };
    if (hazard === null) {
      const folders = guardedFolders(entry.path, this.#basis.place, this.#basis.sources);
      if (await this.#guard.safe(folders)) {
        existing = await inspect(target, entry.size, this.#signal);
        decision = decide(entry, existing, this.#basis.overwrite, contentSha256);
      }
    }
    this.#emit({
      entry,
      target,
      ...decision,
      before: existing && { type: existing.type, size: existing.size, mtimeNs: String(existing.mtimeNs) },
      contentSha256,
      error: hazard && appError('RESTORE_UNSAFE_PATH', { path: showPath(entry.path), ...hazard }),
    });
  }

  #linkedHash(entry: PointEntry): string | undefined {
    if (entry.link === undefined) return undefined;
    const pending = this.#batch.find((item) => item.entry.path === entry.link);
    return pending ? pending.contentSha256 : this.#store.hashOf(entry.link);
  }

  #emit(item: PlannedItem): void {
    const { entry } = item;
    this.#digest.update(
      JSON.stringify([
        entry.path,
        item.target,
        entry.type,
        item.action,
        entry.size,
        item.contentSha256 ?? null,
        entry.mtime,
      ]),
    );
    this.#batch.push(item);
    this.count += 1;
    if (this.#batch.length >= BATCH) this.flush();
  }

  flush(): void {
    const batch = this.#batch;
    this.#batch = [];
    this.#store.transaction(() => {
      for (const item of batch) {
        if (this.#store.add(item)) continue;
        // A second entry of one path is either an ancestor planned before, or a hostile archive; the first one counts.
        this.count -= 1;
      }
    });
  }

  hash(): string {
    return this.#digest.digest('hex');
  }
}
