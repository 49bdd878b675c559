import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { appError, describeThrown, type Result } from '#shared/errors/index.ts';
import type { StoredRun } from './catalogue.ts';
import type { BackupContext } from './context.ts';
import { readMade } from './crypto/made-note.ts';
import { isKitLeftover } from './media/kit-task.ts';
import type { Listing } from './media/media.ts';
import { isArchiveName, manifestNameOf, partName, sumsNameOf } from './names.ts';
import type { InspectDone, InspectTask } from './rebuild/inspect-task.ts';
import { takeInspected } from './rebuild/take-inspected.ts';

/** What a run may have left under these names, and nothing else: they carry the run's own id. */
function leftoversOf(archive: string, names: ReadonlySet<string>): readonly string[] {
  const beside = [manifestNameOf(archive), sumsNameOf(archive)].map((path) => basename(path));
  const parts = [basename(archive), ...beside].map(partName);
  return [...names]
    .filter((name) => beside.includes(name) || parts.some((part) => name.startsWith(part)))
    .map((name) => join(dirname(archive), name));
}

/**
 * Ends the runs that a power cut, crash or exit ended. One whose archive has its final name is complete and will be
 * catalogued; of all others what was begun is removed. A target that is not there now is cleaned at a later start.
 *
 * @returns archives that are complete but not in the catalogue
 */
async function settleRuns(context: BackupContext): Promise<readonly string[]> {
  const { catalogue, media } = context;
  const complete: string[] = [];
  for (const run of catalogue.uncleanRuns()) {
    if ([...context.active.values()].includes(run.pointId)) continue;
    const listing = await media.list(dirname(run.archivePath));
    const isThere = typeof listing === 'object' && listing.has(basename(run.archivePath));
    if (!isThere || catalogue.point(run.pointId) !== null) {
      await settle(context, run, listing, isThere);
      continue;
    }
    const made = readMade(context.indexDir, run.pointId, run.archivePath);
    if (made === null) complete.push(run.archivePath);
    else catalogue.addPoint(made);
  }
  return complete;
}

async function settle(
  context: BackupContext,
  run: StoredRun,
  listing: Listing,
  isPoint: boolean,
): Promise<void> {
  const { catalogue, clock, logger } = context;
  let isClean = typeof listing === 'object';
  if (typeof listing === 'object' && !isPoint) {
    for (const path of leftoversOf(run.archivePath, listing)) {
      try {
        await rm(path, { force: true });
      } catch (thrown) {
        isClean = false;
        logger.log('warn', 'a leftover could not be removed', { path, thrown: describeThrown(thrown) });
      }
    }
  }
  const isInterrupted = run.state === 'running';
  const error = isInterrupted ? appError('BACKUP_INTERRUPTED', { name: run.plan }) : null;
  catalogue.endRun(run.pointId, isInterrupted ? 'interrupted' : run.state, clock.now(), error, isClean);
  if (error === null) return;
  catalogue.setPlanError(run.plan, error);
  logger.log('warn', 'a backup run was cut off', { plan: run.plan, point: run.pointId, clean: isClean });
}

/** Archives in the plans' target folders that the catalogue does not know (it may be older than they are). */
async function unknownArchives(context: BackupContext): Promise<readonly string[]> {
  const { catalogue, media } = context;
  const known = new Set(catalogue.points().map((point) => point.archivePath));
  const found: string[] = [];
  for (const dir of new Set(catalogue.plans().map((plan) => plan.spec.targetDir))) {
    const listing = await media.list(dir);
    if (typeof listing !== 'object') continue;
    for (const name of listing)
      if (isKitLeftover(name)) await rm(join(dir, name), { force: true }).catch(() => undefined);
    const paths = [...listing].filter(isArchiveName).map((name) => join(dir, name));
    found.push(...paths.filter((path) => !known.has(path)));
  }
  return found;
}

/**
 * Compares the catalogue with the media: an archive that is not there is missing (its medium may be in a drawer), one that
 * is back is what it was. Of a disk that does not answer nothing is concluded.
 *
 * @returns names of plans with a point that changed
 */
export async function refreshStates({
  catalogue,
  media,
  shelf,
}: BackupContext): Promise<ReadonlySet<string>> {
  // Points of before the disks are asked: one that a run makes meanwhile is not in the listings yet.
  const points = catalogue.points();
  const dirs = new Set(points.map((point) => dirname(point.archivePath)));
  const listings = new Map(
    await Promise.all([...dirs].map(async (dir) => [dir, await media.list(dir)] as const)),
  );
  const changed = new Set<string>();
  for (const id of await shelf.copies.refresh(media)) {
    const plan = catalogue.point(id)?.plan;
    if (plan !== undefined) changed.add(plan);
  }
  for (const point of points) {
    const listing = listings.get(dirname(point.archivePath)) ?? 'silent';
    if (listing === 'silent') continue;
    const isThere = listing !== 'absent' && listing.has(basename(point.archivePath));
    const state = !isThere ? 'missing' : point.verifyError === null ? 'complete' : 'broken';
    if (state === point.state) continue;
    catalogue.setPointState(point.id, state);
    changed.add(point.plan);
  }
  return changed;
}

/** Removes half-made indexes, and those of points that never came to be: a run was cut off between making its index and naming its archive. */
async function removeOrphanIndexes(context: BackupContext): Promise<void> {
  const { catalogue, indexDir, active } = context;
  const wanted = new Set([...catalogue.points().map((point) => point.id), ...active.values()]);
  for (const name of await readdir(indexDir))
    if (name.includes('.part') || name.endsWith('.made.json') || !wanted.has(name.split('.')[0] ?? ''))
      await rm(join(indexDir, name), { force: true });
}

/** Settles what earlier runs left, catalogues archives that are unknown, and looks which media are there. */
export async function reconcile(context: BackupContext): Promise<void> {
  const { logger, shelf } = context;
  try {
    const unknown = [...new Set([...(await settleRuns(context)), ...(await unknownArchives(context))])];
    if (unknown.length > 0) {
      const task: InspectTask = { paths: unknown, depth: 0, indexDir: context.indexDir, known: [] };
      await context.tasks<Result<InspectDone>>('backup.inspect', task, (message) => {
        const { point } = takeInspected(context, message) ?? { point: null };
        if (point !== null)
          logger.log('info', 'a point was catalogued', { plan: point.plan, point: point.id });
      }).result;
    }
    await shelf.watch.look();
    await refreshStates(context);
    await removeOrphanIndexes(context);
  } catch (thrown) {
    // The area works without it; what could not be settled is tried again at the next start.
    logger.log('error', 'the backup catalogue could not be reconciled', { thrown: describeThrown(thrown) });
  }
}
