import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, relative, sep } from 'node:path';
import * as z from 'zod';
import type { RebuiltArchive } from '#shared/contract/backup-media.ts';
import { appError } from '#shared/errors/index.ts';
import type { NewPoint } from '../catalogue.ts';
import type { BackupContext } from '../context.ts';
import type { CopyPlace } from '../copy/copy-store.ts';
import type { Inspected } from './inspect-task.ts';
import { RebuildStore } from './rebuild-store.ts';

// The task is this program's own code; the shape is checked, the point inside is taken as it is typed.
const inspectedMessage = z.object({ kind: z.enum(['point', 'known', 'unreadable']) });

/** What became of one archive. */
export type Taken = {
  /** The point when it is new to the catalogue, or its archive was found again. */
  readonly point: NewPoint | null;
  /** Plan of the point; null when the archive is unreadable. */
  readonly plan: string | null;
  readonly told: RebuiltArchive;
};

/** Where an archive lies: on which medium, or in which folder. */
function placeOf(context: BackupContext, path: string): { readonly place: CopyPlace; readonly rel: string } {
  const { media, watch } = context.shelf;
  const real = realOf(path);
  for (const { id } of media.all()) {
    const root = watch.rootOf(id);
    if (root === null) continue;
    const rel = relative(realOf(root), real);
    if (rel !== '' && !rel.startsWith('..') && !rel.includes(':'))
      return { place: { kind: 'medium', id }, rel: rel.split(sep).join('/') };
  }
  return { place: { kind: 'folder', dir: dirname(path) }, rel: basename(path) };
}

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // It vanished since it was read; its own name says enough.
    return path;
  }
}

/** Writes down that a point has an archive here, besides its first. */
function addCopy(context: BackupContext, pointId: string, path: string, bytes: number): void {
  const { place, rel } = placeOf(context, path);
  const known = context.shelf.store.get(pointId, place);
  if (known !== null && known.rel === rel && known.state !== 'missing') return;
  context.shelf.store.put({
    pointId,
    place,
    rel,
    bytes,
    sha256: '',
    copiedAt: null,
    verifiedAt: null,
    state: 'intact',
    error: null,
  });
}

const isOnMedium = (context: BackupContext, path: string): boolean =>
  placeOf(context, path).place.kind === 'medium';

/**
 * Puts what the thread found into the catalogue, at once: a cut keeps it.
 *
 * @returns what became of the archive; null when the area closes or the message is none of these
 */
export function takeInspected(context: BackupContext, message: unknown): Taken | null {
  if (context.closing.aborted || !inspectedMessage.safeParse(message).success) return null;
  const inspected = message as Inspected;
  if (inspected.kind === 'unreadable') {
    const { path, error } = inspected;
    context.logger.log('warn', 'an archive could not be catalogued', {
      path,
      code: error.code,
      detail: error.detail,
    });
    return { point: null, plan: null, told: { path, outcome: 'unreadable', pointId: null, error } };
  }
  if (inspected.kind === 'known') {
    const { path, pointId, bytes } = inspected;
    const known = context.catalogue.point(pointId);
    if (known !== null) placeAgain(context, { ...known, archiveBytes: bytes }, path, known.archivePath);
    return {
      point: null,
      plan: known?.plan ?? null,
      told: { path, outcome: 'known', pointId, error: null },
    };
  }
  const { point, seen } = inspected;
  const path = point.archivePath;
  const known = context.catalogue.point(point.id);
  if (known !== null && known.manifestSha256 !== point.manifestSha256) {
    const error = appError('BACKUP_MANIFEST_DIFFERS', { file: path });
    return { point: null, plan: null, told: { path, outcome: 'unreadable', pointId: point.id, error } };
  }
  // In one: an archive that is catalogued but not noted as read would be read again, and be told as a copy of itself.
  const isNew = context.db.transaction(() => {
    const isFirst = placeAgain(context, point, path, known?.archivePath ?? null);
    new RebuildStore(context.db).saw(seen);
    return isFirst;
  })();
  return {
    point: isNew ? point : null,
    plan: point.plan,
    told: { path, outcome: isNew ? 'catalogued' : 'copy', pointId: point.id, error: null },
  };
}

/**
 * @param firstPath where the catalogue has the point's first archive; null when it does not know the point
 * @returns true when the archive is now the point's first
 */
function placeAgain(
  context: BackupContext,
  point: NewPoint,
  path: string,
  firstPath: string | null,
): boolean {
  if (isOnMedium(context, path)) addCopy(context, point.id, path, point.archiveBytes);
  if (firstPath === path) return false;
  // A copy must not take the place of an archive that is at hand, nor one on a medium of one that may come back.
  if (firstPath !== null && (existsSync(firstPath) || isOnMedium(context, path))) {
    addCopy(context, point.id, path, point.archiveBytes);
    return false;
  }
  context.catalogue.addPoint({ ...point, archivePath: path, state: 'complete' });
  return true;
}
