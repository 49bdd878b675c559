import type { BackupType } from '#shared/contract/backup.ts';
import type { Bilingual } from '#shared/errors/index.ts';
import type { StoredPoint } from './catalogue.ts';
import { chainLength, standings } from './chain.ts';

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

function newest(points: Known, fits: (point: StoredPoint) => boolean): StoredPoint | null {
  // First-seen order, not the clock: a clock that was set back must not change what is newest.
  return points
    .filter(fits)
    .reduce<StoredPoint | null>(
      (best, point) => (best === null || point.seq > best.seq ? point : best),
      null,
    );
}

/** A longer chain is a risk, not a saving: each link must be sound. A week of hourly points has 168. */
export const MAX_CHAIN = 200;

/**
 * A run that makes a full.
 *
 * @param reason why
 */
export function fullRun(...reasons: readonly Bilingual[]): RunPlan {
  return { type: 'full', parent: null, base: null, reasons };
}

/**
 * Decides what a run makes. Incremental: what changed since the last backup of any type. Differential: what changed
 * since the last full. Where there is nothing sound to build on, a full is made instead, and the reason says so.
 *
 * @param asked the type that was asked for
 * @param points the plan's points
 */
export function planRun(asked: BackupType, points: Known): RunPlan {
  if (asked === 'full') return fullRun({ zh: '要求做全备份。', en: 'A full backup was asked for.' });

  const chains = standings(points);
  const wholeIds = new Set(points.filter((_, index) => chains[index]?.brokenBy === null).map(({ id }) => id));
  const whole = (point: StoredPoint): boolean => wholeIds.has(point.id);
  const base = newest(points, (point) => point.type === 'full' && whole(point));
  if (base === null) {
    return points.length === 0
      ? fullRun({
          zh: '还没有恢复点，先做全备份。',
          en: 'There is no restore point yet, so the first is a full.',
        })
      : fullRun({
          zh: '没有完好的全备份可作为基础，改做全备份。',
          en: 'No intact full is left to build on, so a full is made.',
        });
  }
  if (asked === 'differential')
    return {
      type: asked,
      parent: base,
      base,
      reasons: [{ zh: '上一次全备份以来的变化。', en: 'What changed since the full before.' }],
    };

  const last = newest(points, () => true);
  const parent = newest(points, whole) ?? base;
  if (chainLength(parent, points) >= MAX_CHAIN)
    return fullRun({
      zh: `备份链已有 ${MAX_CHAIN} 个恢复点，改做全备份。`,
      en: `The chain has ${MAX_CHAIN} points, so a full is made.`,
    });
  const chainBase = points.find((point) => point.id === (parent.baseId ?? parent.id)) ?? base;
  const reasons: Bilingual[] = [
    { zh: '上一个恢复点以来的变化。', en: 'What changed since the point before.' },
  ];
  if (last !== null && last.id !== parent.id)
    reasons.push({
      zh: `较新的恢复点 ${last.id} 不完好，已跳过。`,
      en: `The newer point ${last.id} is not intact and was passed over.`,
    });
  return { type: asked, parent, base: chainBase, reasons };
}
