import type { Owners, RestoreTotals } from '#shared/contract/restore.ts';
import { type AppError, appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import { type RawPath, showPath } from '../platform/raw-path.ts';
import type { TaskContext } from '../platform/worker-tasks.ts';
import { openAnyCopy } from './any-copy.ts';
import { decide, type Existing } from './decide.ts';
import { hostPortOf } from './host/calls.ts';
import { HostRefusal, wordsOf } from './host/files.ts';
import { lookAtHost } from './host/look.ts';
import { ownerOf } from './owners.ts';
import { guardedFolders, targetPath } from './paths.ts';
import { type PlanDigest, planDigest } from './plan-digest.ts';
import { openPlanStore, type PlanBasis, type PlannedItem, type PlanStore } from './plan-store.ts';
import { compileSelection } from './selection.ts';
import type { SpaceNeed } from './space-tally.ts';
import { lookHere, type TargetLook } from './target-look.ts';
import { carriedError, type OpenPoint, type PointEntry, type PointKey } from './types.ts';

/** What planning is started with. `file` is the plan's own SQLite file. */
export type PlanTaskData = {
  readonly file: string;
  readonly basis: Omit<PlanBasis, 'sources'>;
  /** Entries of the point, for the progress bar; null when not known. */
  readonly expectedEntries: number | null;
  readonly key?: PointKey | null;
};

/** A computed plan. */
export type PlanTaskResult = {
  readonly hash: string;
  readonly totals: RestoreTotals;
  /** Files that are replaced or removed: what a safety copy keeps. */
  readonly overwritten: { readonly files: number; readonly bytes: number };
  /** What is written, by file system. */
  readonly space: readonly SpaceNeed[];
};

/** Progress of planning, posted to the starter. */
export type PlanTaskProgress = { readonly entries: number; readonly current: string };

const BATCH = 500;
const TELL_EVERY = 200;
/** No name in a path of so many bytes is too long for a file system, nor is the path. */
const ALWAYS_FITS = 255;

/** Computes what a restore would do to each path, and writes it down. Nothing is written to the target. */
export function planTask(
  openPoint: OpenPoint,
): (data: PlanTaskData, context: TaskContext) => Promise<Result<PlanTaskResult>> {
  return async (data, context) => {
    const opened = await openAnyCopy(openPoint, data.basis.archives, data.key);
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
      const look =
        basis.host === undefined
          ? ok(lookHere(basis, context.signal))
          : await lookAtHost(hostPortOf(context), basis);
      if (!look.ok) return look;
      const planner = new EntryPlanner(store, basis, look.value, context.signal);
      let seen = 0;
      for await (const group of inGroups(reader.entries(), BATCH)) {
        await planner.lookAhead(group);
        for (const entry of group) {
          if (context.signal.aborted) return err(appError('CANCELLED'));
          await planner.take(entry);
          seen += 1;
          if (seen % TELL_EVERY === 0)
            context.post({ entries: seen, current: entry.path } satisfies PlanTaskProgress);
        }
      }
      await planner.takeLinked(reader.entries());
      planner.flush();
      if (planner.count === 0) return err(appError('RESTORE_NOTHING_SELECTED'));
      // What was not there to be hashed: it says where this machine's disks were, not what will be done.
      store.setBasis({ ...basis, mounts: look.value.mounts() });
      return ok({
        hash: planner.hash(),
        totals: store.totals(),
        overwritten: store.overwritten(),
        space: look.value.tally.places(),
      });
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

async function* inGroups<T>(all: AsyncIterable<T>, size: number): AsyncGenerator<readonly T[]> {
  let group: T[] = [];
  for await (const one of all) {
    group.push(one);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

/** Turns entries into planned items, in order, in batches. */
class EntryPlanner {
  readonly #store: PlanStore;
  readonly #basis: PlanBasis;
  readonly #signal: AbortSignal;
  readonly #selected: (path: RawPath) => boolean;
  readonly #digest: PlanDigest;
  readonly #look: TargetLook;
  readonly #owners: Owners;
  /** Folders that lead to what was backed up; one that is there stays as it is. */
  readonly #leading: ReadonlySet<RawPath>;
  /** Folders on the way to the current entry that were not selected themselves. */
  #ancestors: PointEntry[] = [];
  #batch: PlannedItem[] = [];
  /** Selected hard links whose first name, which carries the content, was not selected. */
  #linked: PointEntry[] = [];
  count = 0;

  constructor(store: PlanStore, basis: PlanBasis, look: TargetLook, signal: AbortSignal) {
    this.#store = store;
    this.#basis = basis;
    this.#look = look;
    this.#leading = new Set(basis.host?.leading ?? []);
    this.#signal = signal;
    this.#selected = compileSelection(basis.selection);
    this.#digest = planDigest(basis);
    this.#owners = basis.owners ?? { mode: 'keep', users: [], groups: [] };
  }

  /** Lets the target be looked at for entries that are taken next. */
  async lookAhead(entries: readonly PointEntry[]): Promise<void> {
    const { place, sources } = this.#basis;
    const look = this.#look;
    await look.lookAhead?.(
      entries.flatMap((entry) => {
        if (entry.hazard !== null || !this.#selected(entry.path)) return [];
        const target = targetPath(entry.path, place);
        if (target === null) return [];
        return [{ target, folders: guardedFolders(entry.path, place, sources), entry: look.asThere(entry) }];
      }),
    );
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

  async #plan(found: PointEntry): Promise<void> {
    const { hazard } = found;
    const target = hazard === null ? targetPath(found.path, this.#basis.place) : found.path;
    // A folder above what the operator left out of the names.
    if (target === null) return;
    const entry = { ...this.#look.asThere(found), ...ownerOf(found, this.#owners, this.#look.accounts) };
    const contentSha256 = entry.type === 'hardlink' ? this.#linkedHash(entry) : entry.sha256;
    let existing: Existing | null = null;
    let decision: ReturnType<typeof decide> = { action: 'skip', reason: 'unsafe' };
    let error = hazard && appError('RESTORE_UNSAFE_PATH', { path: briefPath(entry.path), ...hazard });
    try {
      if (hazard === null) [existing, decision] = await this.#decide(entry, target, contentSha256);
    } catch (thrown) {
      this.#signal.throwIfAborted();
      // One path that this system cannot even look at (too long, not allowed) does not end the plan of all others.
      const refused = thrown instanceof HostRefusal ? wordsOf(thrown.error) : null;
      const code = refused ?? (thrown as { readonly code?: unknown }).code;
      if (typeof code !== 'string') throw thrown;
      error = appError('RESTORE_WRITE_FAILED', { path: briefPath(target), why: code });
    }
    if (decision.action === 'restore' || decision.action === 'update')
      await this.#look.tally.add(target, entry.type === 'file' ? entry.size : 0);
    this.#emit({
      entry,
      target,
      ...decision,
      before: existing && { type: existing.type, size: existing.size, mtimeNs: String(existing.mtimeNs) },
      contentSha256,
      error,
    });
  }

  /** What stands at the target, and what that means. */
  async #decide(
    entry: PointEntry,
    target: RawPath,
    contentSha256: string | undefined,
  ): Promise<[Existing | null, ReturnType<typeof decide>]> {
    const folders = guardedFolders(entry.path, this.#basis.place, this.#basis.sources);
    const way = await this.#look.way(folders);
    if (way === 'unsafe') return [null, { action: 'skip', reason: 'unsafe' }];
    // A long one is looked at all the same: the system may refuse its very name.
    const isKnown = way === 'missing' && Buffer.byteLength(target) <= ALWAYS_FITS;
    const existing = isKnown ? null : await this.#look.inspect(target, entry);
    if (existing?.type === 'directory' && this.#leading.has(entry.path))
      return [existing, { action: 'skip', reason: 'kept_existing' }];
    const rule = this.#basis.overwrite;
    return [existing, decide(entry, existing, rule, contentSha256, this.#look.givesOwners)];
  }

  #linkedHash(entry: PointEntry): string | undefined {
    if (entry.link === undefined) return undefined;
    const pending = this.#batch.find((item) => item.entry.path === entry.link);
    return pending ? pending.contentSha256 : this.#store.hashOf(entry.link);
  }

  #emit(item: PlannedItem): void {
    this.#digest.add(item);
    this.#batch.push(item);
    this.count += 1;
    if (this.#batch.length >= BATCH) this.flush();
  }

  flush(): void {
    const batch = this.#batch;
    this.#batch = [];
    const isRenamed = (this.#basis.place.renames ?? []).length > 0 || (this.#basis.place.strip ?? '') !== '';
    this.#store.transaction(() => {
      for (const item of batch) {
        if (isRenamed && this.#isTaken(item)) {
          const error = appError('RESTORE_SAME_TARGET', { path: showPath(item.target) });
          if (this.#store.add({ ...item, action: 'skip', reason: 'same_target', error })) continue;
        } else if (this.#store.add(item)) continue;
        // A second entry of one path is either an ancestor planned before, or a hostile archive; the first one counts.
        this.count -= 1;
      }
    });
  }

  /** Renaming may lead two entries to one place; the first is written, the others are named. Folders may meet. */
  #isTaken({ entry, target }: PlannedItem): boolean {
    const other = this.#store.itemAt(target);
    return (
      other !== null &&
      other.entry.path !== entry.path &&
      (other.entry.type !== 'directory' || entry.type !== 'directory')
    );
  }

  hash(): string {
    return this.#digest.hex();
  }
}

const BRIEF = 300;

/** A path for a sentence: the middle of a very long one is left out. */
function briefPath(path: RawPath): string {
  const text = showPath(path);
  return text.length <= BRIEF ? text : `${text.slice(0, BRIEF / 2)} … ${text.slice(-BRIEF / 2)}`;
}
