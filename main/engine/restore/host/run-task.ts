import { type AppError, appError, err, ok, type Result } from '#shared/errors/index.ts';
import { showPath } from '../../platform/raw-path.ts';
import type { TaskContext } from '../../platform/worker-tasks.ts';
import { runFailure } from '../lane-task.ts';
import { openRun } from '../open-run.ts';
import type { StoredItem } from '../plan-store.ts';
import type { RunTaskData, RunTaskResult } from '../run-task.ts';
import type { Standing } from '../saved.ts';
import type { OpenPoint } from '../types.ts';
import { answered, HostRefusal, standingOnHost, wordsOf } from './files.ts';
import { byDepth, inLanes } from './lanes.ts';
import { BATCH, HostRun } from './run-state.ts';
import { writeItems } from './write-items.ts';

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
    const { store, close } = opened.value;
    const run = new HostRun(opened.value, data, context);
    try {
      await writeItems(run);
      await removeItems(run);
      await finishFolders(run);
      await verifyItems(run);
      const { verified, failed } = store.counts();
      return ok({
        files: verified.files,
        bytes: verified.bytes,
        verified: verified.files,
        failed: failed.files,
        attributesMissing: 0,
        notSet: run.notSet.report(),
      });
    } catch (thrown) {
      return err(runFailure(thrown, context.signal));
    } finally {
      run.flush();
      await close();
    }
  };
}

/** Takes away what an undone restore made, the deepest first; a folder goes when nothing else is in it. */
async function removeItems(run: HostRun): Promise<void> {
  for (let before = Number.MAX_SAFE_INTEGER; ; ) {
    const items = run.store.removals(before, BATCH.items);
    if (items.length === 0) return;
    const { refused, standing } = await run.keep(items);
    before = items.at(-1)?.seq ?? 0;
    const removeOne = async (item: StoredItem): Promise<void> => {
      await run.checkpoint();
      run.tell('writing', item.entry.path);
      try {
        const now = standing.get(item.seq) ?? null;
        run.mark(item, refused.get(item.seq) ?? (await remove(run, item, now)), 'done');
      } catch (thrown) {
        run.mark(item, await run.failure(item, thrown), 'done');
      }
    };
    // What is in a folder stands before it, here or in a batch before.
    const isFolder = ({ entry }: StoredItem): boolean => entry.type === 'directory';
    await inLanes(
      items.filter((item) => !isFolder(item)),
      removeOne,
    );
    for (const level of byDepth(items.filter(isFolder)).toReversed()) await inLanes(level, removeOne);
    run.flush();
  }
}

async function remove(
  { port }: HostRun,
  { target, before }: StoredItem,
  now: Standing | null,
): Promise<AppError | null> {
  if (now === null) return null;
  const path = showPath(target);
  if (target === '' || target === '/') return appError('RESTORE_NOT_REMOVED', { path });
  if (now.type === 'directory') {
    const removed = await port.removeFolder(target);
    if (!removed.ok && removed.error.code !== 'SSH_REMOTE_FAILED') answered(removed);
    return removed.ok ? null : appError('RESTORE_NOT_REMOVED', { path });
  }
  const isAsPlanned =
    before !== null && before.type === now.type && before.size === now.size && before.mtimeNs === now.mtimeNs;
  if (!isAsPlanned) return appError('RESTORE_TARGET_CHANGED', { path });
  answered(await port.remove(target));
  return null;
}

/** Gives folders their modes and times, the deepest first, now that nothing is written into them any more. */
async function finishFolders(run: HostRun): Promise<void> {
  const { store } = run;
  const folders: StoredItem[] = [];
  for (const range of store.ranges(['pending'], 'folders', BATCH))
    folders.push(...store.within(['pending'], range, 'folders'));
  for (let after = 0; ; ) {
    const items = store.sameFolders(after, BATCH.items);
    if (items.length === 0) break;
    after = items.at(-1)?.seq ?? after;
    folders.push(...items);
  }
  // A mode may close a folder to its own login: what is in it comes before.
  for (const level of byDepth(folders).toReversed())
    await inLanes(level, async (item) => {
      await run.checkpoint();
      try {
        await run.writer.describe(item.target, item.entry);
        if (item.action !== 'same') run.mark(item, null, 'done');
      } catch (thrown) {
        run.mark(item, await run.failure(item, thrown), 'done');
      }
    });
  run.flush();
}

/** Looks at what was not compared when it was written: folders, links, what was removed. */
async function verifyItems(run: HostRun): Promise<void> {
  for (const range of run.store.ranges(['done'], 'all', BATCH)) {
    await run.checkpoint();
    const items = run.store.within(['done'], range, 'all');
    run.uncount(items);
    await inLanes(items, async (item) => {
      run.tell('verifying', item.entry.path);
      try {
        const error = (await isRight(run, item))
          ? null
          : appError('RESTORE_VERIFY_FAILED', { path: showPath(item.target) });
        run.mark(item, error, 'verified');
      } catch (thrown) {
        if (!(thrown instanceof HostRefusal)) throw thrown;
        const why = wordsOf(thrown.error);
        run.mark(item, appError('FILE_UNREADABLE', { file: showPath(item.target), why }), 'done');
      }
    });
    run.flush();
  }
}

async function isRight(
  { port }: HostRun,
  { action, contentSha256, entry, target }: StoredItem,
): Promise<boolean> {
  const now = await standingOnHost(port, target);
  if (action === 'remove') return now === null;
  if (now === null) return false;
  if (entry.type === 'directory') return now.type === 'directory';
  if (entry.type === 'symlink') return now.type === 'symlink' && now.link === (entry.link ?? '');
  const hash = async (): Promise<string | null> =>
    answered(await port.hash([{ path: target, size: now.size }]))[0] ?? null;
  return now.type === 'file' && (await hash()) === contentSha256;
}
