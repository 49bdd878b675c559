import type { RequestOutput } from '#shared/contract/index.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { StoredPoint } from './catalogue.ts';
import type { BackupContext } from './context.ts';
import type { FindTask, Found } from './find-task.ts';
import type { InspectDone } from './inspect-task.ts';
import { browseIndex, hasPointIndex, pointIndexPath } from './point-index.ts';

type Browsed = RequestOutput<'backup.browse'>;
type FoundFiles = RequestOutput<'backup.find'>;

/** Makes a point's index from its archive when it is gone. */
async function ensureIndex(context: BackupContext, point: StoredPoint): Promise<Result<object>> {
  if (hasPointIndex(context.indexDir, point.id)) return ok({});
  const task = { paths: [point.archivePath], depth: 0, indexDir: context.indexDir };
  const made = await context.tasks<Result<InspectDone>>('backup.inspect', task).result;
  if (!made.ok) return made;
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
  const indexed = await ensureIndex(context, point);
  if (!indexed.ok) return indexed;
  const folder = prefix.replace(/^\/+|\/+$/g, '');
  const found = browseIndex(pointIndexPath(context.indexDir, pointId), folder, limit, offset);
  return found.ok ? ok({ entries: [...found.value.entries], total: found.value.total }) : found;
}

/** At most so many hits are taken of one point; the total says "at least" then by being a multiple of it. */
const HITS_PER_POINT = 10_000;

/** File first: paths that contain the text, each with the points that hold it, newest first. */
export async function find(context: BackupContext, text: string, limit: number): Promise<Result<FoundFiles>> {
  const points = context.catalogue.points().filter((point) => hasPointIndex(context.indexDir, point.id));
  const byId = new Map(points.map((point) => [point.id, point]));
  const task: FindTask = {
    text,
    points: points.map(({ id }) => ({ id, indexPath: pointIndexPath(context.indexDir, id) })),
    limitPerPoint: HITS_PER_POINT,
  };
  const found = await context.tasks<Found>('backup.find', task).result;
  const files = new Map<string, FoundFiles['files'][number]>();
  for (const { pointId, entries } of found) {
    const point = byId.get(pointId);
    if (point === undefined) continue;
    for (const { path, size, mtimeMs, sha256 } of entries) {
      const file = files.get(path) ?? { path, versions: [] };
      file.versions.push({ pointId, plan: point.plan, at: point.startedAt, size, mtimeMs, sha256 });
      files.set(path, file);
    }
  }
  const sorted = [...files.values()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return ok({ files: sorted.slice(0, limit), total: sorted.length });
}
