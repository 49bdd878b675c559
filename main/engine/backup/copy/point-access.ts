import type { ListedPoint } from '#shared/contract/backup.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { StoredPoint } from '../catalogue.ts';
import { chainOf, standings } from '../chain.ts';
import type { Copies } from './copies.ts';

/** A point as it can be restored now: its archive is the best copy at hand. */
export function findPoint(copies: Copies, pointId: string): Result<StoredPoint> {
  const point = copies.atHand().find(({ id }) => id === pointId);
  return point === undefined ? err(appError('BACKUP_POINT_MISSING', { id: pointId })) : ok(point);
}

/** All points, the one seen last first, each with how it stands in its chain, its copies, and what a restore of it needs. */
export function listPoints(copies: Copies): ListedPoint[] {
  const points = copies.atHand();
  const chains = standings(points);
  return points.map((point, index) => {
    const chain = chains[index] ?? { length: 1, brokenBy: point.id, neededBy: 0 };
    return {
      ...point,
      chain,
      copies: [...copies.of(point.id)],
      restorable: chain.brokenBy === null ? { now: true, insert: [], lost: [] } : copies.restorable(point.id),
    };
  });
}

/**
 * The archives that a point is restored from, the full first.
 *
 * @returns the links; BACKUP_MEDIUM_ABSENT when media that are known hold what is not at hand, else BACKUP_CHAIN_BROKEN
 */
export function chainAtHand(copies: Copies, pointId: string): Result<readonly StoredPoint[]> {
  const point = findPoint(copies, pointId);
  if (!point.ok) return point;
  const chain = chainOf(point.value, copies.atHand());
  // A full whose archive is not at hand is "whole": who opens it finds out. Which medium to insert is the better answer.
  if (chain.ok && chain.value.every(({ state }) => state !== 'missing')) return chain;
  const { insert, lost } = copies.restorable(pointId);
  if (insert.length === 0 || lost.length > 0) return chain;
  return err(insertError(insert));
}

/** The archive to read of one point. */
export function locate(
  copies: Copies,
  pointId: string,
): Result<{ readonly path: string; readonly isIntact: boolean }> {
  const point = findPoint(copies, pointId);
  if (!point.ok) return point;
  const { archivePath, state } = point.value;
  if (state !== 'missing') return ok({ path: archivePath, isIntact: state === 'complete' });
  const absent = copies.of(pointId).find((copy) => copy.kind === 'medium' && copy.state === 'absent');
  return err(
    absent === undefined
      ? appError('BACKUP_ARCHIVE_ABSENT', { file: archivePath })
      : insertError([{ label: absent.name, location: absent.location }]),
  );
}

function insertError(media: readonly { readonly label: string; readonly location: string }[]) {
  const places = media.filter(({ location }) => location !== '');
  const list = places.map(({ label, location }) => `${label}: ${location}`).join('; ');
  return appError('BACKUP_MEDIUM_ABSENT', {
    label: media.map(({ label }) => label).join(', '),
    zh: list === '' ? '' : `（存放于 ${list}）`,
    en: list === '' ? '' : ` (where it lies: ${list})`,
  });
}
