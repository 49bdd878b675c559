import type { BackupPlan, RestorePoint } from '#shared/contract/backup.ts';
import type { Medium } from '#shared/contract/backup-media.ts';
import type { Overview } from '#shared/contract/site.ts';
import type { Sighting } from './built-in.ts';

/** How well a plan could get its data back. */
export type PlanConfidence = Overview['restoreConfidence'][number];

/** What the alerts look at of a restore point. */
export type PointState = Pick<RestorePoint, 'id' | 'plan' | 'state' | 'verifyError' | 'finishedAt'>;

/** A copy of a point that cannot be counted on though its place is at hand. */
export type BadCopy = {
  readonly pointId: string;
  readonly plan: string;
  /** The folder, or the medium's label. */
  readonly place: string;
  readonly state: 'broken' | 'missing';
};

/** A key that nobody has tried for a year may open nothing any more. */
function keyProblems(plan: BackupPlan, confidence: PlanConfidence | undefined, now: number): Sighting[] {
  const due = confidence?.keyTestDueAt;
  if (due === undefined || due > now) return [];
  return [
    {
      id: `backup_key_test:${plan.id}`,
      condition: 'backup_key_test',
      about: { plan: plan.name },
      severity: 'warning',
      since: due,
      sentence: {
        zh: `备份计划“${plan.name}”的密钥已超过一年没有测试能否打开归档。`,
        en: `For over a year nobody has tested whether the keys of backup plan "${plan.name}" open its archives.`,
      },
      next: {
        zh: '打开“备份 → 密钥”，用密钥单和口令做一次“测试能否打开”。',
        en: 'Open Backups → Keys and test with the key sheet and the passphrase.',
      },
      link: '/backups?tab=keys',
    },
  ];
}

/** What is wrong with a plan as a whole. */
export function planProblems(
  plan: BackupPlan,
  all: readonly PlanConfidence[],
  now: number,
): readonly Sighting[] {
  const link = `/backups/${encodeURIComponent(plan.name)}`;
  const confidence = all.find((entry) => entry.plan === plan.name);
  const problems: Sighting[] = keyProblems(plan, confidence, now);
  if (plan.lastError !== null) {
    problems.push({
      id: `backup_failed:${plan.id}`,
      condition: 'backup_failed',
      about: { plan: plan.name },
      severity: 'critical',
      since: null,
      sentence: {
        zh: `备份计划“${plan.name}”上次运行失败：${plan.lastError.message.zh}`,
        en: `The last run of backup plan "${plan.name}" failed: ${plan.lastError.message.en}`,
      },
      next: plan.lastError.hint,
      link,
    });
  }
  if (confidence?.state === 'never') {
    problems.push({
      id: `backup_never:${plan.id}`,
      condition: 'backup_never_ran',
      about: { plan: plan.name },
      severity: 'warning',
      since: plan.createdAt,
      sentence: {
        zh: `备份计划“${plan.name}”还没有任何可用的恢复点。`,
        en: `Backup plan "${plan.name}" has no usable restore point yet.`,
      },
      next: { zh: '打开计划并点击“立即备份”。', en: 'Open the plan and press "Back up now".' },
      link,
    });
  }
  return problems;
}

/** A restore point whose archive is damaged, or not where it was. */
export function pointProblems(point: PointState): Sighting[] {
  if (point.state === 'complete' && point.verifyError === null) return [];
  const missing = point.state === 'missing';
  const day = new Date(point.finishedAt).toISOString().slice(0, 16).replace('T', ' ');
  return [
    {
      id: `point_${missing ? 'missing' : 'broken'}:${point.id}`,
      condition: missing ? 'point_missing' : 'point_broken',
      about: { plan: point.plan },
      severity: missing ? 'warning' : 'critical',
      since: null,
      sentence: missing
        ? {
            zh: `“${point.plan}”的恢复点 ${day} UTC 的归档文件不在原处。`,
            en: `The archive of restore point ${day} UTC of "${point.plan}" is not where it was.`,
          }
        : {
            zh: `“${point.plan}”的恢复点 ${day} UTC 已损坏。`,
            en: `Restore point ${day} UTC of "${point.plan}" is damaged.`,
          },
      next: missing
        ? {
            zh: '接上存放归档的介质，或重建备份目录。',
            en: 'Connect the medium that holds it, or rebuild the catalogue.',
          }
        : {
            zh: '立即做一次全备份；未损坏的文件仍可恢复。',
            en: 'Make a full backup now; undamaged files can still be restored.',
          },
      link: `/backups/${encodeURIComponent(point.plan)}`,
    },
  ];
}

/** Copies of one plan that are damaged or gone while their place is at hand. */
export function copyProblems(copies: readonly BadCopy[]): readonly Sighting[] {
  const places = new Map(copies.map(({ plan, place }) => [JSON.stringify([plan, place]), { plan, place }]));
  return [...places.values()].map(({ plan, place }) => {
    const bad = copies.filter((copy) => copy.plan === plan && copy.place === place);
    const broken = bad.filter(({ state }) => state === 'broken').length;
    return {
      id: `copy_broken:${plan}:${place}`,
      condition: 'copy_broken',
      about: { plan, place },
      severity: 'warning',
      since: null,
      sentence: {
        zh: `备份计划“${plan}”在 ${place} 的副本有 ${bad.length} 个不可用（损坏 ${broken}，丢失 ${bad.length - broken}）。`,
        en: `${bad.length} copies of backup plan "${plan}" at ${place} cannot be used (${broken} damaged, ${bad.length - broken} gone).`,
      },
      next: { zh: '重新复制到该介质，或换一个介质。', en: 'Copy to it again, or use another medium.' },
      link: `/backups/${encodeURIComponent(plan)}`,
    };
  });
}

/** A medium that should have been here, is damaged, or cannot be told from another. */
export function mediumProblems(medium: Medium): readonly Sighting[] {
  const { id, label, pool, state, location, dueAt, problem } = medium;
  const about = { medium: label, pool };
  const link = '/backups?tab=media';
  if (state === 'overdue')
    return [
      {
        id: `medium_overdue:${id}`,
        condition: 'medium_overdue',
        about,
        severity: 'warning',
        since: dueAt,
        sentence: {
          zh: `轮换介质 ${label}（池 ${pool}）到期未插入。`,
          en: `Medium ${label} of pool ${pool} was due and has not been inserted.`,
        },
        next:
          location === ''
            ? { zh: '找到并插入该介质。', en: 'Find the medium and insert it.' }
            : { zh: `从“${location}”取出并插入。`, en: `Fetch it from ${location} and insert it.` },
        link,
      },
    ];
  if (problem === null && state !== 'damaged') return [];
  return [
    {
      id: `medium_damaged:${id}`,
      condition: 'medium_damaged',
      about,
      severity: 'warning',
      since: null,
      sentence: {
        zh: `备份介质 ${label} 有问题${problem === null ? '：已标为损坏。' : `：${problem.message.zh}`}`,
        en: `Backup medium ${label} has a problem: ${problem?.message.en ?? 'it is marked as damaged.'}`,
      },
      next: problem?.hint ?? {
        zh: '把它上面的恢复点复制到别的介质，然后停用它。',
        en: 'Copy its points to another medium, then retire it.',
      },
      link,
    },
  ];
}
