import { existsSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { appError } from '#shared/errors/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { Catalogue, StoredRun } from './catalogue.ts';
import { isArchiveName, manifestNameOf, partName, sumsNameOf } from './names.ts';

/** Everything a run may have left, and nothing else: the names carry the run's own id. */
function leftovers(archive: string): readonly string[] {
  const beside = [manifestNameOf(archive), sumsNameOf(archive)];
  const parts = [archive, ...beside].map((path) => basename(partName(path)));
  const dir = dirname(archive);
  const unfinished = readdirSync(dir).filter((name) => parts.some((part) => name.startsWith(part)));
  return [...unfinished.map((name) => join(dir, name)), ...beside];
}

/**
 * Ends the runs that a power cut, crash or exit ended. One whose archive has its final name is complete and will be
 * catalogued; of all others the `.part` files are removed. A target that is not there now is cleaned at a later start.
 *
 * @returns archives that are complete but not in the catalogue
 */
export function settleRuns(
  catalogue: Catalogue,
  clock: Clock,
  logger: Logger,
  isActive: (pointId: string) => boolean,
): readonly string[] {
  const complete: string[] = [];
  for (const run of catalogue.uncleanRuns()) {
    if (isActive(run.pointId)) continue;
    if (catalogue.point(run.pointId) === null && existsSync(run.archivePath)) complete.push(run.archivePath);
    else settle(run, catalogue, clock, logger);
  }
  return complete;
}

function settle(run: StoredRun, catalogue: Catalogue, clock: Clock, logger: Logger): void {
  const reachable = existsSync(dirname(run.archivePath));
  let clean = reachable;
  if (reachable) {
    for (const path of leftovers(run.archivePath)) {
      try {
        rmSync(path, { force: true });
      } catch (thrown) {
        clean = false;
        logger.log('warn', 'a leftover could not be removed', { path, thrown: String(thrown) });
      }
    }
  }
  const interrupted = run.state === 'running';
  const error = interrupted ? appError('BACKUP_INTERRUPTED', { name: run.plan }) : null;
  catalogue.endRun(run.pointId, interrupted ? 'interrupted' : run.state, clock.now(), error, clean);
  if (error !== null) {
    catalogue.setPlanError(run.plan, error);
    logger.log('warn', 'a backup run was cut off', { plan: run.plan, point: run.pointId, clean });
  }
}

/** Archives in the plans' target folders that the catalogue does not know (it may be older than they are). */
export function unknownArchives(catalogue: Catalogue): readonly string[] {
  const known = new Set(catalogue.points().map((point) => point.archivePath));
  const targets = new Set(catalogue.plans().map((plan) => plan.spec.targetDir));
  return [...targets].flatMap((dir) => {
    try {
      return readdirSync(dir)
        .filter(isArchiveName)
        .map((name) => join(dir, name))
        .filter((path) => !known.has(path));
    } catch {
      // The medium is not connected; there is nothing to look at.
      return [];
    }
  });
}

/**
 * Compares the catalogue with the media: an archive that is not there is missing (its medium may be in a drawer), one that
 * is back is what it was.
 *
 * @returns names of plans with a point that changed
 */
export function refreshStates(catalogue: Catalogue): ReadonlySet<string> {
  const changed = new Set<string>();
  for (const point of catalogue.points()) {
    const there = existsSync(point.archivePath);
    const state = !there ? 'missing' : point.verifyError === null ? 'complete' : 'broken';
    if (state === point.state) continue;
    catalogue.setPointState(point.id, state);
    changed.add(point.plan);
  }
  return changed;
}
