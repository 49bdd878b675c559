import { randomUUID } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import type { Job } from '#shared/contract/jobs.ts';
import { type AppError, appError, err, ok, type Result } from '#shared/errors/index.ts';
import { diskSpace } from '../../platform/disk.ts';
import type { JobControl, JobOutcome } from '../../platform/jobs.ts';
import { ensureReserve, releasePart, reservePath, writeFromReserve } from '../../storage/reserve.ts';
import { sqliteError } from '../../storage/sqlite.ts';
import type { StoredPoint } from '../catalogue.ts';
import { knownChain } from '../chain.ts';
import { planLink } from '../context.ts';
import { removeIndexFiles } from '../index-file.ts';
import { refreshPlanKits } from '../media/kit.ts';
import { pointIndexPath, stateIndexPath } from '../point-index.ts';
import type { RetentionContext } from './context.ts';
import { type PrunePlan, planPrune } from './preview.ts';
import { removeArchiveFiles } from './remove-files.ts';
import type { Removal } from './store.ts';

const PHASE = { zh: '删除', en: 'removing' };

/**
 * Starts removing what a preview showed, as a job.
 *
 * @param hash of the preview that the operator saw
 * @returns the job, or BACKUP_PLAN_MISSING, BACKUP_RUN_ACTIVE, BACKUP_PRUNE_CHANGED, or why retention refuses
 */
export function startPrune(context: RetentionContext, name: string, hash: string): Result<Job> {
  const { active, jobs } = context;
  if (active.has(name)) return err(appError('BACKUP_RUN_ACTIVE', { name }));
  const planned = planPrune(context, name);
  if (!planned.ok) return planned;
  const { refusal, hash: now } = planned.value.preview;
  if (refusal !== null) return err(refusal);
  if (now !== hash) return err(appError('BACKUP_PRUNE_CHANGED', { name }));
  // A run must not build on a point that is going, so the plan counts as running.
  const mark = `prune-${randomUUID()}`;
  active.set(name, mark);
  const free = (): void => {
    if (active.get(name) === mark) active.delete(name);
  };
  return ok(
    jobs.start({
      kind: 'prune',
      title: { zh: `清理 ${name} 的旧恢复点`, en: `Prune the restore points of ${name}` },
      link: planLink(name),
      canPause: false,
      work: async (control) => {
        try {
          return await work(context, planned.value, control, free);
        } catch (thrown) {
          // What was begun is written down or was not begun; the next start ends it.
          return err(sqliteError(context.database, thrown));
        } finally {
          free();
        }
      },
    }),
  );
}

async function work(
  context: RetentionContext,
  { preview, remove }: PrunePlan,
  control: JobControl,
  free: () => void,
): Promise<JobOutcome> {
  const { store, clock, logger, database, catalogue } = context;
  const id = randomUUID();
  const { plan } = preview;
  const write = <T>(call: () => T): T => writeFromReserve(database, call);
  const targets = new Set(remove.map(({ archivePath }) => dirname(archivePath)));
  // Some file systems need space to remove a file.
  for (const target of targets) while (releasePart(reservePath(target, 'target'))) await breathe();
  write(() =>
    store.beginPrune({
      id,
      plan,
      at: clock.now(),
      points: preview.remove,
      bytes: preview.freedBytes,
    }),
  );
  const points = catalogue.points(plan);
  /** What a point that could not be removed builds on. */
  const needed = new Set<string>();
  const failures: { readonly file: string; readonly why: string }[] = [];
  const done = { points: 0, bytes: 0 };
  let cancelled = false;
  for (const [index, point] of remove.entries()) {
    cancelled = control.signal.aborted;
    if (cancelled) break;
    control.progress({
      phase: PHASE,
      done: index,
      total: remove.length,
      unit: 'files',
      rate: 0,
      etaMs: null,
      current: point.archivePath,
      filesDone: index,
    });
    const failed = needed.has(point.id) ? null : removePoint(context, id, point);
    if (failed === 'absent' || needed.has(point.id)) continue;
    if (failed !== null) {
      failures.push(failed);
      const chain = knownChain(point, points);
      if (chain.ok) for (const link of chain.value) needed.add(link.id);
      continue;
    }
    done.points += 1;
    done.bytes += point.archiveBytes;
    await breathe();
  }
  const error = outcomeError(failures, cancelled);
  const state = error === null ? 'done' : 'failed';
  write(() => store.endPrune(id, clock.now(), state, done, error));
  // Nothing goes any more, so the plan may run again.
  free();
  await keepReserves(context, targets);
  await refreshPlanKits(context, plan);
  logger.log(error === null ? 'info' : 'warn', 'pruned', { plan, ...done, code: error?.code });
  context.broadcast('backup.changed', { plan });
  return error === null ? ok({ kind: 'prune', id }) : err(error);
}

function outcomeError(
  failures: readonly { readonly file: string; readonly why: string }[],
  cancelled: boolean,
): AppError | null {
  const first = failures[0];
  if (first !== undefined)
    return appError('BACKUP_PRUNE_FAILED', { count: failures.length, file: first.file, why: first.why });
  return cancelled ? appError('CANCELLED') : null;
}

/**
 * Removes one point: what is intended is written down, then the files go, then that they are gone is written down.
 *
 * @returns null when nothing of it is listed any more, 'absent' when its archive is not at hand, or why it stays
 */
function removePoint(
  context: RetentionContext,
  pruneId: string,
  point: StoredPoint,
): null | 'absent' | { readonly file: string; readonly why: string } {
  const { store, clock, database, catalogue, shelf } = context;
  // A medium that was pulled a moment ago must not count as removed.
  if (lstatSync(point.archivePath, { throwIfNoEntry: false }) === undefined) return 'absent';
  const { id, plan, archiveBytes, archivePath } = point;
  // The first archive goes last: while a copy cannot be removed, the point is as it was. What lies on media stays there.
  const copies = (shelf.store.byPoint().get(id) ?? []).flatMap(({ place, rel }) =>
    place.kind === 'folder' && shelf.copies.rootOf(place) !== null ? [join(place.dir, rel)] : [],
  );
  const archives = [...copies, archivePath];
  const removal: Removal = { pointId: id, pruneId, plan, bytes: archiveBytes, archives };
  writeFromReserve(database, () => store.beginRemoval({ ...removal, at: clock.now() }));
  catalogue.reread();
  return finishRemoval(context, removal);
}

/** Removes what is left of a point that is going. @returns null, or why it stays (it is listed again then) */
function finishRemoval(
  context: RetentionContext,
  { pointId, archives }: Removal,
): null | { readonly file: string; readonly why: string } {
  const { store, clock, database, catalogue, logger, indexDir } = context;
  let leftover = false;
  for (const archive of archives) {
    const { archive: isGone, failed } = removeArchiveFiles(archive);
    if (!isGone) {
      writeFromReserve(database, () => store.undoRemoval(pointId));
      catalogue.reread();
      return failed ?? { file: archive, why: '?' };
    }
    if (failed === null) continue;
    // No archive any more, so nothing to list; the rest is tried again at the next start.
    leftover = true;
    logger.log('warn', 'a file beside a removed archive could not be removed', failed);
  }
  if (leftover) return null;
  for (const { place, rel } of context.shelf.store.byPoint().get(pointId) ?? [])
    if (place.kind === 'folder' && archives.includes(join(place.dir, rel)))
      writeFromReserve(database, () => context.shelf.store.remove(pointId, place));
  removeIndexFiles(pointIndexPath(indexDir, pointId));
  removeIndexFiles(stateIndexPath(indexDir, pointId));
  writeFromReserve(database, () => store.endRemoval(pointId, clock.now()));
  catalogue.reread();
  return null;
}

/** Makes the reserves again that a prune used, where there is space now. */
async function keepReserves(context: RetentionContext, targets: Iterable<string>): Promise<void> {
  const places = [
    { folder: dirname(context.database), kind: 'data' as const },
    ...[...targets].map((folder) => ({ folder, kind: 'target' as const })),
  ];
  for (const { folder, kind } of places) {
    try {
      ensureReserve(reservePath(folder, kind), (await diskSpace(folder)).freeBytes);
    } catch {
      // The medium is gone; its reserve is made when it is back.
    }
  }
}

/**
 * Ends the removals that a power cut, crash or exit cut off. What is on a medium that is not at hand waits for a later start;
 * it stays unlisted.
 */
export async function settleRemovals(context: RetentionContext): Promise<void> {
  const { store, clock, media, logger, database } = context;
  for (const removal of store.openRemovals()) {
    const listings = await Promise.all(removal.archives.map((archive) => media.list(dirname(archive))));
    if (listings.some((listing) => typeof listing !== 'object')) continue;
    const failed = finishRemoval(context, removal);
    logger.log(failed === null ? 'info' : 'warn', 'a removal that was cut off was ended', {
      plan: removal.plan,
      point: removal.pointId,
      ...failed,
    });
  }
  writeFromReserve(database, () => store.interruptPrunes(clock.now()));
}

/** Makes the reserves of plans that remove points, where there is space. */
export async function prepareReserves(context: RetentionContext): Promise<void> {
  const targets = context.catalogue
    .plans()
    .filter(({ spec }) => spec.retention !== null)
    .map(({ spec }) => spec.targetDir);
  if (targets.length > 0) await keepReserves(context, new Set(targets));
}
