import type { RetentionPolicy } from '#shared/contract/backup-retention.ts';
import type { Bilingual } from '#shared/errors/index.ts';
import { formatDuration } from '#shared/units/duration.ts';
import type { Calendar, CalendarKeys } from './calendar.ts';

/** What the rules look at of a point. */
export type Dated = { readonly id: string; readonly seq: number; readonly takenAt: number };

type CountRule = {
  readonly count: (policy: RetentionPolicy) => number;
  readonly key: keyof CalendarKeys;
  readonly name: Bilingual;
};

const COUNT_RULES: readonly CountRule[] = [
  { key: 'hour', count: (policy) => policy.keepHourly, name: { zh: '每小时', en: 'hourly' } },
  { key: 'day', count: (policy) => policy.keepDaily, name: { zh: '每日', en: 'daily' } },
  { key: 'week', count: (policy) => policy.keepWeekly, name: { zh: '每周', en: 'weekly' } },
  { key: 'month', count: (policy) => policy.keepMonthly, name: { zh: '每月', en: 'monthly' } },
  { key: 'year', count: (policy) => policy.keepYearly, name: { zh: '每年', en: 'yearly' } },
];

/** True when a policy has a rule that keeps anything; without one it would keep nothing, and keeps everything instead. */
export function hasRule(policy: RetentionPolicy): boolean {
  return (
    policy.keepLast > 0 || policy.keepWithinMs !== null || COUNT_RULES.some((rule) => rule.count(policy) > 0)
  );
}

/**
 * Applies the rules to points, and tells for each point that a rule keeps which ones do. The meaning is that of
 * `restic forget` (restic's `ApplyPolicy`): going from the newest to the oldest, a point is kept when it is the first one
 * met of its hour (day, …) and the rule's count is not used up; `within` counts back from the newest point, not from now,
 * so that nothing expires because backups stopped.
 */
export function applyRules(
  points: readonly Dated[],
  policy: RetentionPolicy,
  calendar: Calendar,
): ReadonlyMap<string, readonly Bilingual[]> {
  const kept = new Map<string, Bilingual[]>();
  const keep = (point: Dated, reason: Bilingual): void => {
    const reasons = kept.get(point.id) ?? [];
    reasons.push(reason);
    kept.set(point.id, reasons);
  };
  const newestFirst = points.toSorted((a, b) => b.takenAt - a.takenAt || b.seq - a.seq);
  for (const [index, point] of newestFirst.slice(0, policy.keepLast).entries())
    keep(point, {
      zh: `最近 ${policy.keepLast} 个之第 ${index + 1} 个`,
      en: `one of the last ${policy.keepLast} (number ${index + 1})`,
    });
  for (const rule of COUNT_RULES) {
    const count = rule.count(policy);
    let used = 0;
    let last: string | null = null;
    for (const point of newestFirst) {
      if (used >= count) break;
      const key = calendar(point.takenAt)[rule.key];
      if (key === last) continue;
      last = key;
      used += 1;
      keep(point, {
        zh: `${rule.name.zh}保留：${key}（第 ${used}/${count} 个）`,
        en: `${rule.name.en}: ${key} (${used} of ${count})`,
      });
    }
  }
  const newest = newestFirst[0];
  const { keepWithinMs } = policy;
  if (newest !== undefined && keepWithinMs !== null)
    for (const point of newestFirst)
      if (point.takenAt > newest.takenAt - keepWithinMs)
        keep(point, {
          zh: `在最新恢复点之前 ${formatDuration(keepWithinMs)} 内`,
          en: `within ${formatDuration(keepWithinMs)} of the newest point`,
        });
  return kept;
}
