import type { BackupType } from '#shared/contract/backup.ts';
import { cronTimes } from '#shared/domain/schedule/cron-times.ts';
import type { PlanSpec } from '../catalogue.ts';

/** One time at which a plan's schedule asks for a run. */
export type Occurrence = { readonly at: number; readonly type: BackupType };

/** No window that anybody looks at has more. */
const MOST = 50_000;

/** The strongest type first: a full does the work of the others. */
const STRENGTH: Readonly<Record<BackupType, number>> = { full: 0, differential: 1, incremental: 2 };

/**
 * The times after `from` up to `to` at which a plan's schedules ask for a run, in order; of several at one time only the
 * strongest type.
 */
export function occurrences(spec: Pick<PlanSpec, 'schedules'>, from: number, to: number): Occurrence[] {
  const found = new Map<number, BackupType>();
  for (const { cron, type } of spec.schedules) {
    let after = from;
    while (found.size < MOST) {
      const next = cronTimes(cron, after, 200);
      if (!next.ok || next.times.length === 0) break;
      for (const at of next.times) {
        const known = found.get(at);
        if (at <= to && (known === undefined || STRENGTH[type] < STRENGTH[known])) found.set(at, type);
      }
      after = next.times.at(-1) ?? to;
      if (after >= to) break;
    }
  }
  return [...found].map(([at, type]) => ({ at, type })).sort((a, b) => a.at - b.at);
}

/** The longest time between two runs that the schedules ask for, milliseconds; null without schedules. */
export function longestPause(spec: Pick<PlanSpec, 'schedules'>, now: number): number | null {
  const times = spec.schedules
    .flatMap(({ cron }) => {
      const next = cronTimes(cron, now, 60);
      return next.ok ? next.times : [];
    })
    .sort((a, b) => a - b);
  let longest: number | null = null;
  // Beyond the last time of the schedule that comes most often, the others look sparser than they are.
  for (const [index, at] of times.slice(0, 60).entries()) {
    const before = times[index - 1];
    if (before !== undefined) longest = Math.max(longest ?? 0, at - before);
  }
  return longest;
}
