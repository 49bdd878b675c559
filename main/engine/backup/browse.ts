import { rmSync } from 'node:fs';
import type { PointCopy } from '#shared/contract/backup-media.ts';
import type { RequestOutput } from '#shared/contract/index.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { newestPoints, type StoredPoint } from './catalogue.ts';
import { knownChain, linksOf } from './chain.ts';
import type { BackupContext } from './context.ts';
import type { FindTask, Found } from './find-task.ts';
import { browseIndex, hasPointIndex, pointIndexPath, stateIndexPath } from './point-index.ts';
import type { InspectDone, InspectTask } from './rebuild/inspect-task.ts';
import { pruneStates, type StateTask } from './state-index.ts';

type Browsed = RequestOutput<'backup.browse'>;
type FoundFiles = RequestOutput<'backup.find'>;

/** Makes a point's index again from its archive. */
async function remakeIndex(context: BackupContext, point: StoredPoint): Promise<Result<object>> {
  rmSync(pointIndexPath(context.indexDir, point.id), { force: true });
  const task: InspectTask = { paths: [point.archivePath], depth: 0, indexDir: context.indexDir, known: [] };
  const made = await context.tasks<Result<InspectDone>>('backup.inspect', task).result;
  if (!made.ok) return made;
  context.logger.log('info', 'an index was made again', { plan: point.plan, point: point.id });
  return hasPointIndex(context.indexDir, point.id)
    ? ok({})
    : err(appError('BACKUP_MANIFEST_DAMAGED', { file: point.archivePath }, { detail: 'no index' }));
}

/** The children of a folder in a point. */
export async function browse(
  context: BackupContext,
  pointId: string,
  prefix: string,
  limit: number,
  offset: number,
): Promise<Result<Browsed>> {
  const point = context.catalogue.point(pointId);
  if (point === null) return err(appError('BACKUP_POINT_MISSING', { id: pointId }));
  const folder = prefix.replace(/^\/+|\/+$/g, '');
  const { indexDir } = context;
  const kept = point.type === 'full' ? pointIndexPath(indexDir, pointId) : stateIndexPath(indexDir, pointId);
  let found = browseIndex(kept, folder, limit, offset);
  if (!found.ok) {
    const chain = knownChain(point, context.catalogue.points());
    if (!chain.ok) return chain;
    const task: StateTask = { indexDir, chain: linksOf(chain.value) };
    const state = await context.tasks<Result<{ readonly path: string }>>('backup.state', task).result;
    if (!state.ok) return state;
    found = browseIndex(state.value.path, folder, limit, offset);
    pruneStates(indexDir, newestPoints(context.catalogue));
  }
  return found.ok ? ok({ entries: [...found.value.entries], total: found.value.total }) : found;
}

/** At most so many hits are taken of one point. */
const HITS_PER_POINT = 10_000;

async function search(context: BackupContext, text: string, points: readonly StoredPoint[]): Promise<Found> {
  const task: FindTask = {
    text,
    points: points.map(({ id, parentId }) => ({
      id,
      parentId,
      indexPath: pointIndexPath(context.indexDir, id),
    })),
    limitPerPoint: HITS_PER_POINT,
  };
  return context.tasks<Found>('backup.find', task).result;
}

/** Points whose index was of no use are searched again after it was made again, where their archive is at hand. */
async function searchAgain(
  context: BackupContext,
  text: string,
  points: readonly StoredPoint[],
): Promise<Found> {
  const mended: StoredPoint[] = [];
  for (const point of points) {
    const made = await remakeIndex(context, point);
    if (made.ok) mended.push(point);
    else context.logger.log('warn', 'a point cannot be searched', { point: point.id, code: made.error.code });
  }
  // What stood at a point depends on its parents, so all are searched again.
  return mended.length === 0 ? [] : search(context, text, context.catalogue.points());
}

/** File first: paths that contain the text, each with the points that hold it, newest first. */
export async function find(context: BackupContext, text: string, limit: number): Promise<Result<FoundFiles>> {
  const points = context.catalogue.points();
  const first = await search(context, text, points);
  const useless = new Set(first.filter((hit) => hit.entries === null).map((hit) => hit.pointId));
  const second =
    useless.size === 0
      ? []
      : await searchAgain(
          context,
          text,
          points.filter((point) => useless.has(point.id) && point.state !== 'missing'),
        );
  const entriesOf = new Map([...first, ...second].map((hit) => [hit.pointId, hit.entries ?? []]));
  const files = new Map<string, FoundFiles['files'][number]>();
  const known = new Map<string, { name: string; state: PointCopy['state'] }[]>();
  const copiesOf = (pointId: string) => {
    const copies =
      known.get(pointId) ?? context.shelf.copies.of(pointId).map(({ name, state }) => ({ name, state }));
    known.set(pointId, copies);
    return copies;
  };
  for (const point of points) {
    for (const { path, size, mtimeMs, sha256 } of entriesOf.get(point.id) ?? []) {
      const file = files.get(path) ?? { path, versions: [] };
      file.versions.push({
        pointId: point.id,
        plan: point.plan,
        at: point.startedAt,
        size,
        mtimeMs,
        sha256,
        copies: copiesOf(point.id),
      });
      files.set(path, file);
    }
  }
  const sorted = [...files.values()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return ok({ files: sorted.slice(0, limit), total: sorted.length });
}
