import type { BackupType, Schedule } from '#shared/contract/backup-schedule.ts';
import { cronTimes } from '#shared/domain/schedule/cron-times.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';

/** Which types do the work of a type, too: a full is a differential and an incremental as well. The strongest first. */
export const STRONGEST_FIRST: readonly BackupType[] = ['full', 'differential', 'incremental'];

/** The types of runs after which a schedule of a type needs no run of its own. */
export function satisfying(type: BackupType): readonly BackupType[] {
  return STRONGEST_FIRST.slice(0, STRONGEST_FIRST.indexOf(type) + 1);
}

/** When a schedule is next due after a time, UTC milliseconds; null when never. BACKUP_SCHEDULE_INVALID when it is none. */
export function nextRun(cron: string, afterMs: number): Result<number | null> {
  const next = cronTimes(cron, afterMs, 1);
  return next.ok
    ? ok(next.times[0] ?? null)
    : err(appError('BACKUP_SCHEDULE_INVALID', { schedule: cron, why: next.why }));
}

/** What the schedules need to know of a plan. */
export type Scheduled = {
  readonly name: string;
  readonly schedules: readonly Schedule[];
  /** Since when they have been as they are: what was due before is not caught up. */
  readonly since: number;
  /** When a run that does a type's work last started by `now`, however it ended; null when never. */
  readonly lastStart: (type: BackupType, now: number) => number | null;
};

/** A plan whose time has come. */
export type Due = { readonly name: string; readonly type: BackupType; readonly cron: string };

/** A clock that was put right by this much is not one that was set back. */
const CLOCK_JITTER_MS = 60_000;

/**
 * From when on a schedule's times count. A moment that lies in the future was written by a clock that has been set back since;
 * it is no reason to wait until then, so it is passed over. Where nothing is left, the plan is due at once: a backup too many.
 */
function countsFrom({ since, lastStart }: Scheduled, type: BackupType, now: number): number {
  const known = [since, lastStart(type, now + CLOCK_JITTER_MS)];
  const past = known.filter((at): at is number => at !== null && at <= now + CLOCK_JITTER_MS);
  return Math.min(now, Math.max(0, ...past));
}

/**
 * The plans whose time has come, each once, with the strongest type that is due. A time that was missed (the machine slept or
 * was off) is caught up; one that was missed several times is caught up once, not in a burst. A run does the work of every
 * schedule of the same or a weaker type that is due when it starts.
 */
export function duePlans(plans: readonly Scheduled[], now: number): readonly Due[] {
  return plans.flatMap((plan) => {
    for (const type of STRONGEST_FIRST) {
      const from = countsFrom(plan, type, now);
      const due = plan.schedules.find((schedule) => {
        if (schedule.type !== type) return false;
        const next = nextRun(schedule.cron, from);
        return next.ok && next.value !== null && next.value <= now;
      });
      if (due !== undefined) return [{ name: plan.name, type, cron: due.cron }];
    }
    return [];
  });
}

/** The next time at which any of the schedules is due, and what is made then; null when none ever is. */
export function nextOf(
  schedules: readonly Schedule[],
  afterMs: number,
): { readonly at: number; readonly type: BackupType } | null {
  const times = schedules.flatMap(({ cron, type }) => {
    const next = nextRun(cron, afterMs);
    return next.ok && next.value !== null ? [{ at: next.value, type }] : [];
  });
  const strength = (type: BackupType): number => STRONGEST_FIRST.indexOf(type);
  return times.sort((a, b) => a.at - b.at || strength(a.type) - strength(b.type))[0] ?? null;
}
