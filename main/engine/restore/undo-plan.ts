import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import { type RawPath, showPath } from '../platform/raw-path.ts';
import type { TaskContext } from '../platform/worker-tasks.ts';
import type { Decision } from './decide.ts';
import { entryMtimeNs, MTIME_TOLERANCE_NS } from './decide.ts';
import { hostPortOf } from './host/calls.ts';
import { HostRefusal, wordsOf } from './host/files.ts';
import { hashFile, lstatOrNull } from './inspect.ts';
import { planDigest } from './plan-digest.ts';
import { openPlanStore, type PlanBasis, type PlannedItem, type PlanStore } from './plan-store.ts';
import type { PlanTaskProgress, PlanTaskResult } from './plan-task.ts';
import { isAsItWas, type SavedPath, type Standing } from './saved.ts';
import { carriedError, type PointEntry } from './types.ts';
import { type UndoLook, undoHere, undoOnHost } from './undo-look.ts';

/** What planning an undo is started with. */
export type UndoTaskData = {
  /** The plan that is made. */
  readonly file: string;
  /** The plan of the restore that is undone. */
  readonly of: string;
  readonly basis: PlanBasis;
  /** What happens to paths that were changed since the restore. */
  readonly changed: 'keep' | 'replace';
};

const BATCH = 500;

/**
 * Decides what undoing does to one path. Pure: what was there before the restore, what the restore left there, and what is
 * there now, give the decision.
 *
 * @param isOurs what stands there now is what the restore put there
 * @param isUnchanged what stands there now is what stood there before
 */
export function decideUndo(
  was: Standing | null,
  now: Standing | null,
  isOurs: boolean,
  changed: 'keep' | 'replace',
  isUnchanged = isAsItWas(now, was),
): Decision {
  if (isUnchanged) return { action: 'same', reason: 'identical' };
  if (was === null) {
    if (now?.type === 'directory' || isOurs) return { action: 'remove', reason: 'made_by_restore' };
    return changed === 'keep'
      ? { action: 'skip', reason: 'changed_since' }
      : { action: 'remove', reason: 'changed_since' };
  }
  if (was.type === 'other') return { action: 'skip', reason: 'unsupported' };
  // Putting something where nothing stands loses nothing.
  if (now === null) return { action: 'restore', reason: 'put_back' };
  if ((was.type === 'directory') !== (now.type === 'directory') || now.type === 'other')
    return { action: 'skip', reason: 'unsafe' };
  if (was.type === 'directory' || isOurs) return { action: 'update', reason: 'put_back' };
  return changed === 'keep'
    ? { action: 'skip', reason: 'changed_since' }
    : { action: 'update', reason: 'changed_since' };
}

/** Computes the plan that brings every path back to what it was before a restore. Nothing is written to the paths. */
export async function undoPlanTask(
  data: UndoTaskData,
  context: TaskContext,
): Promise<Result<PlanTaskResult>> {
  const { signal, post } = context;
  const before = openPlanStore(data.of);
  if (!before.ok) return before;
  const made = openPlanStore(data.file);
  if (!made.ok) {
    before.value.close();
    return made;
  }
  const [old, store] = [before.value, made.value];
  try {
    store.setBasis(data.basis);
    const digest = planDigest(data.basis);
    const look = data.basis.host === undefined ? undoHere(signal) : undoOnHost(hostPortOf(context));
    let count = 0;
    // Folders after what is above them: in the order of their paths a folder comes before its contents.
    const all = allSaved(old).sort((a, b) => (a.target < b.target ? -1 : a.target > b.target ? 1 : 0));
    for (let at = 0; at < all.length; at += BATCH) {
      const items: PlannedItem[] = [];
      const group = all.slice(at, at + BATCH);
      await look.lookAhead?.(
        group.map(({ target, was }) => {
          return { target, sizes: [was?.size, old.itemAt(target)?.entry.size] };
        }),
      );
      for (const saved of group) {
        signal.throwIfAborted();
        const item = await undoItem(saved, old, data.changed, look, signal).catch((thrown: unknown) => {
          if (!(thrown instanceof HostRefusal)) throw thrown;
          return refusedItem(saved, thrown);
        });
        digest.add(item);
        if (item.action === 'restore' || item.action === 'update')
          await look.tally.add(item.target, item.entry.type === 'file' ? item.entry.size : 0);
        items.push(item);
        count += 1;
      }
      store.transaction(() => {
        for (const item of items) store.add(item);
      });
      post({ entries: count, current: items.at(-1)?.entry.path ?? '' } satisfies PlanTaskProgress);
    }
    if (count === 0) return err(appError('RESTORE_NOTHING_TO_UNDO'));
    store.setBasis({ ...data.basis, mounts: look.mounts() });
    return ok({
      hash: digest.hex(),
      totals: store.totals(),
      overwritten: store.overwritten(),
      space: look.tally.places(),
    });
  } catch (thrown) {
    if (signal.aborted) return err(appError('CANCELLED'));
    const carried = carriedError(thrown);
    if (carried !== null) return err(carried);
    return err(appError('INTERNAL', { what: describeThrown(thrown) }));
  } finally {
    old.close();
    store.close();
  }
}

function allSaved(store: PlanStore): SavedPath[] {
  const all: SavedPath[] = [];
  for (let after = 0; ; ) {
    const rows = store.saved(after, 10_000);
    if (rows.length === 0) return all;
    all.push(...rows);
    after = rows.at(-1)?.id ?? after;
  }
}

/** What undoing does with a path that the host does not let us look at: it says so, and goes on with all others. */
function refusedItem({ target, was }: SavedPath, { error }: HostRefusal): PlannedItem {
  const path = showPath(target);
  return {
    entry: { ...entryOf(target, was), hazard: null },
    target,
    ...{ action: 'skip', reason: 'unsafe', before: null },
    contentSha256: undefined,
    error: appError('RESTORE_WRITE_FAILED', { path, why: wordsOf(error) }),
  };
}

async function undoItem(
  saved: SavedPath,
  old: PlanStore,
  changed: 'keep' | 'replace',
  look: UndoLook,
  signal: AbortSignal,
): Promise<PlannedItem> {
  const { target, was, kept } = saved;
  const now = await look.standing(target);
  const isUnchanged = await look.isAsItWas(saved, now);
  let decision = decideUndo(was, now, await isOurs(target, now, old, look), changed, isUnchanged);
  let error: PlannedItem['error'] = null;
  let contentSha256: string | undefined;
  const needsCopy = was?.type === 'file' && (decision.action === 'restore' || decision.action === 'update');
  if (needsCopy) {
    const sha256 = await copyHash(saved, signal);
    if (sha256 === null) {
      decision = { action: 'skip', reason: 'unsafe' };
      error = appError('RESTORE_SAFETY_DAMAGED', { path: target, file: kept?.file ?? '–' });
    } else contentSha256 = sha256;
  }
  const entry: PointEntry = {
    ...entryOf(target, was ?? now),
    sha256: contentSha256,
    ...(kept && needsCopy ? { kept } : {}),
    hazard: null,
  };
  return {
    entry,
    target,
    ...decision,
    before: now && { type: now.type, size: now.size, mtimeNs: now.mtimeNs },
    contentSha256,
    error,
  };
}

function entryOf(target: RawPath, standing: Standing | null): Omit<PointEntry, 'hazard'> {
  const ns = BigInt(standing?.mtimeNs ?? '0');
  const digits = String(ns < 0n ? -ns : ns).padStart(10, '0');
  return {
    type: standing === null || standing.type === 'other' ? 'file' : standing.type,
    path: target.replace(/^\/+/, ''),
    size: standing?.type === 'file' ? standing.size : 0,
    mode: standing?.mode ?? 0,
    uid: standing?.uid ?? 0,
    gid: standing?.gid ?? 0,
    mtime: `${ns < 0n ? '-' : ''}${digits.slice(0, -9)}.${digits.slice(-9)}`,
    link: standing?.link ?? undefined,
  };
}

/** Whether what stands there is what the restore put there: same content, and not written to since. */
async function isOurs(
  target: RawPath,
  now: Standing | null,
  old: PlanStore,
  look: UndoLook,
): Promise<boolean> {
  const item = old.itemAt(target);
  if (item === null || now === null) return false;
  const { entry } = item;
  if (item.action === 'remove') return false;
  if (entry.type === 'symlink') return now.type === 'symlink' && now.link === (entry.link ?? '');
  if (entry.type === 'directory') return now.type === 'directory';
  if (now.type !== 'file' || now.size !== entry.size) return false;
  const drift = BigInt(now.mtimeNs) - entryMtimeNs(entry);
  if (drift > MTIME_TOLERANCE_NS || drift < -MTIME_TOLERANCE_NS) return false;
  return (await look.hash(target)) === item.contentSha256;
}

/** Reads a safety copy; its hash, or null when it is not what was kept. */
async function copyHash({ kept, was, sha256 }: SavedPath, signal: AbortSignal): Promise<string | null> {
  if (kept === null || was === null) return null;
  const stats = await lstatOrNull(kept.file);
  if (stats === null || Number(stats.size) !== was.size) return null;
  // A linked file keeps its own time: one that was written to since, by another name or an open handle, shows it.
  if (kept.how === 'link' && String(stats.mtimeNs) !== was.mtimeNs) return null;
  const found = await hashFile(kept.file, signal);
  return sha256 === null || sha256 === found ? found : null;
}
