import type { BackupType } from '#shared/contract/backup.ts';
import { appError, type Bilingual, err, ok, type Result } from '#shared/errors/index.ts';
import type { StoredPoint } from './catalogue.ts';

/** What a run will do, and why. */
export type RunPlan = {
  readonly type: BackupType;
  /** Point that the new one builds on; null for a full. */
  readonly parent: StoredPoint | null;
  /** The full at the start of the chain; null for a full. */
  readonly base: StoredPoint | null;
  readonly reasons: readonly Bilingual[];
};

/** Points of the plan, in any order. */
type Known = readonly StoredPoint[];

/** True when the point and everything it builds on can be restored from. */
export function isChainWhole(point: StoredPoint, points: Known): boolean {
  const seen = new Set<string>();
  for (let link: StoredPoint | undefined = point; link !== undefined; ) {
    if (link.state !== 'complete' || seen.has(link.id)) return false;
    if (link.parentId === null) return link.type === 'full';
    seen.add(link.id);
    const { parentId }: StoredPoint = link;
    link = points.find((other) => other.id === parentId);
  }
  return false;
}

function newest(points: Known, fits: (point: StoredPoint) => boolean): StoredPoint | null {
  // First-seen order, not the clock: a clock that was set back must not change what is newest.
  return points
    .filter(fits)
    .reduce<StoredPoint | null>(
      (best, point) => (best === null || point.seq > best.seq ? point : best),
      null,
    );
}

/**
 * Decides what a run makes. Incremental: what changed since the last backup of any type. Differential: what changed
 * since the last full. Where there is nothing sound to build on, a full is made instead, and the reason says so.
 *
 * @param asked the type that was asked for
 * @param points the plan's points
 * @param available types that this version can make
 * @returns the decision, or BACKUP_TYPE_UNAVAILABLE
 */
export function planRun(
  asked: BackupType,
  points: Known,
  available: ReadonlySet<BackupType> = new Set<BackupType>(['full']),
): Result<RunPlan> {
  if (!available.has(asked)) return err(appError('BACKUP_TYPE_UNAVAILABLE', { type: asked }));
  const full = (reason: Bilingual): Result<RunPlan> =>
    ok({ type: 'full', parent: null, base: null, reasons: [reason] });
  if (asked === 'full') return full({ zh: '要求做全备份。', en: 'A full backup was asked for.' });

  const whole = (point: StoredPoint): boolean => isChainWhole(point, points);
  const base = newest(points, (point) => point.type === 'full' && whole(point));
  if (base === null) {
    return points.length === 0
      ? full({
          zh: '还没有恢复点，先做全备份。',
          en: 'There is no restore point yet, so the first is a full.',
        })
      : full({
          zh: '没有完好的全备份可作为基础，改做全备份。',
          en: 'No intact full is left to build on, so a full is made.',
        });
  }
  if (asked === 'differential')
    return ok({
      type: asked,
      parent: base,
      base,
      reasons: [{ zh: `自全备份 ${base.id} 以来的变化。`, en: `What changed since the full ${base.id}.` }],
    });

  const last = newest(points, () => true);
  const parent = newest(points, whole) ?? base;
  const chainBase = points.find((point) => point.id === (parent.baseId ?? parent.id)) ?? base;
  const reasons: Bilingual[] = [
    { zh: `自恢复点 ${parent.id} 以来的变化。`, en: `What changed since point ${parent.id}.` },
  ];
  if (last !== null && last.id !== parent.id)
    reasons.push({
      zh: `较新的恢复点 ${last.id} 不完好，已跳过。`,
      en: `The newer point ${last.id} is not intact and was passed over.`,
    });
  return ok({ type: asked, parent, base: chainBase, reasons });
}
