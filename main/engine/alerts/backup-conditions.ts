import { isPastPromise } from '#shared/domain/past-promise.ts';
import type { AppError, Bilingual } from '#shared/errors/index.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { formatDuration } from '#shared/units/duration.ts';
import type { Sighting } from './built-in.ts';
import { roughly } from './roughly.ts';

/** What the backup area has to say of a plan; declared here by who reads it. */
export type BackupHealth = {
  readonly plan: string;
  readonly planId: string;
  /** Points that the plan has, whatever their state. */
  readonly points: number;
  readonly rpoMs: number | null;
  /** When the run of the newest verified restorable point started; null: there is none. */
  readonly lastVerified: number | null;
  /** When the schedules first asked for a run after that; null: never. */
  readonly dueAt: number | null;
  /** The longest pause that the schedules leave; null when the plan runs by hand. */
  readonly pauseMs: number | null;
  readonly verifyOverdue: { readonly count: number; readonly coverDays: number } | null;
  readonly massChange: {
    readonly pointId: string;
    readonly at: number;
    readonly signs: readonly Bilingual[];
  } | null;
  /** Why retention removes nothing; null when it would. */
  readonly refusal: AppError | null;
  /** Why the last prune did not remove all that it should. */
  readonly pruneError: AppError | null;
  /** The target, when it has no room for the next run. */
  readonly space: {
    readonly dir: string;
    readonly freeBytes: number;
    readonly needBytes: number | null;
    readonly reserveBytes: number;
  } | null;
};

/** Without a promise, a plan is stale when it missed its schedule about twice. */
const MISSED = 2;

/** What is wrong with a plan besides its last run. */
export function backupProblems(health: BackupHealth, now: number): readonly Sighting[] {
  const { plan, planId } = health;
  const link = `/backups/${encodeURIComponent(plan)}`;
  const retention = `${link}?tab=retention`;
  const found: Sighting[] = [];
  const stale = staleProblem(health, now, link);
  if (stale !== null) found.push(stale);
  if (health.massChange !== null)
    found.push({
      id: `backup_mass_change:${health.massChange.pointId}`,
      condition: 'backup_mass_change',
      about: { plan },
      severity: 'critical',
      since: health.massChange.at,
      sentence: {
        zh: `备份计划“${plan}”的数据发生异常的大量变化：${health.massChange.signs.map(({ zh }) => zh).join('')}`,
        en: `The data of backup plan "${plan}" changed unusually much: ${health.massChange.signs.map(({ en }) => en).join(' ')}`,
      },
      next: {
        zh: '先查数据源是否被加密、误删或批量改名；旧恢复点已停止自动删除，确认后再放行。',
        en: 'See whether the sources were encrypted, deleted or renamed. No old point is removed until somebody acknowledges it.',
      },
      link: retention,
    });
  if (health.refusal !== null)
    found.push({
      id: `retention_refused:${planId}`,
      condition: 'retention_refused',
      about: { plan },
      severity: 'warning',
      since: null,
      sentence: {
        zh: `备份计划“${plan}”的保留策略已停止：${health.refusal.message.zh}`,
        en: `Retention of backup plan "${plan}" stopped: ${health.refusal.message.en}`,
      },
      next: health.refusal.hint,
      link: retention,
    });
  if (health.pruneError !== null)
    found.push({
      id: `prune_failed:${planId}`,
      condition: 'prune_failed',
      about: { plan },
      severity: 'warning',
      since: null,
      sentence: {
        zh: `备份计划“${plan}”上次清理没有完成：${health.pruneError.message.zh}`,
        en: `The last prune of backup plan "${plan}" did not finish: ${health.pruneError.message.en}`,
      },
      next: health.pruneError.hint,
      link: retention,
    });
  if (health.verifyOverdue !== null)
    found.push({
      id: `verify_overdue:${planId}`,
      condition: 'verify_overdue',
      about: { plan },
      severity: 'warning',
      since: null,
      sentence: {
        zh: `备份计划“${plan}”有 ${health.verifyOverdue.count} 个归档超过 ${health.verifyOverdue.coverDays} 天没有重新校验。`,
        en: `${health.verifyOverdue.count} archives of backup plan "${plan}" were not verified again within ${health.verifyOverdue.coverDays} days.`,
      },
      next: {
        zh: '保持控制台运行，或打开计划点击“校验”。',
        en: 'Keep the console running, or open the plan and press "Verify".',
      },
      link,
    });
  if (health.space !== null) found.push(spaceProblem(health, health.space, retention));
  return found;
}

function staleProblem(
  { plan, planId, points, rpoMs, pauseMs, lastVerified, dueAt }: BackupHealth,
  now: number,
  link: string,
): Sighting | null {
  const allowed = rpoMs ?? (pauseMs === null ? null : MISSED * pauseMs);
  // A plan without any point is told by another condition.
  if (allowed === null || points === 0) return null;
  if (lastVerified !== null && now - lastVerified <= allowed) return null;
  const promised = lastVerified === null || rpoMs === null ? null : { rpoMs, lastVerified, dueAt };
  if (promised !== null && !isPastPromise(promised, now)) return null;
  const why: Bilingual =
    rpoMs !== null
      ? { zh: `超过承诺的 RPO ${formatDuration(rpoMs)}`, en: `past its RPO of ${formatDuration(rpoMs)}` }
      : {
          zh: `超过两个备份周期（${formatDuration(allowed)}）`,
          en: `more than twice the pause that its schedule leaves (${formatDuration(allowed)})`,
        };
  return {
    id: `backup_stale:${planId}`,
    condition: 'backup_stale',
    about: { plan },
    severity: 'critical',
    since: lastVerified === null ? null : lastVerified + allowed,
    sentence:
      lastVerified === null
        ? {
            zh: `“${plan}”没有任何已校验的可恢复点。`,
            en: `"${plan}" has no verified restore point that can be restored.`,
          }
        : {
            zh: `“${plan}”最近的已校验恢复点已有${roughly(now - lastVerified).zh}，${why.zh}。`,
            en: `The last verified restore point of "${plan}" is ${roughly(now - lastVerified).en} old, ${why.en}.`,
          },
    next: { zh: '立即备份，并检查计划时间。', en: 'Back up now, and check the schedule.' },
    link,
  };
}

function spaceProblem(
  { plan, planId }: BackupHealth,
  space: NonNullable<BackupHealth['space']>,
  link: string,
): Sighting {
  const [free, need] = [formatBytes(space.freeBytes), formatBytes(space.needBytes ?? 0)];
  const reserve = formatBytes(space.reserveBytes);
  return {
    id: `backup_space:${planId}`,
    condition: 'backup_space_low',
    about: { plan },
    severity: 'critical',
    since: null,
    sentence: {
      zh: `备份计划“${plan}”的目标 ${space.dir} 只剩 ${free}，下次备份约需 ${need}，另须留出 ${reserve}。`,
      en: `${free} are left at ${space.dir}, the target of backup plan "${plan}"; the next run needs about ${need}, and ${reserve} must stay free.`,
    },
    next: {
      zh: '清理或扩容目标，或按保留策略删除旧恢复点。',
      en: 'Free or add space, or remove old points by the retention policy.',
    },
    link,
  };
}
