import { Cron } from 'croner';
import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';

/**
 * When a schedule is next due after a time, UTC milliseconds; null when never. Expressions are cron's five fields (six with
 * seconds) in local time.
 */
export function nextRun(schedule: string, afterMs: number): Result<number | null> {
  try {
    const cron = new Cron(schedule, { paused: true });
    return ok(cron.nextRun(new Date(afterMs))?.getTime() ?? null);
  } catch (thrown) {
    return err(appError('BACKUP_SCHEDULE_INVALID', { schedule, why: describeThrown(thrown) }));
  }
}

/** What the schedule needs to know of a plan. */
export type Scheduled = {
  readonly name: string;
  readonly schedule: string | null;
  readonly createdAt: number;
  /** When it last started, however that ended. */
  readonly lastStart: number | null;
};

/**
 * The plans whose time has come. One that was missed several times (the machine slept or was off) is due once, not once
 * for each time: a catch-up without a burst. A last start in the future (the clock was set back) counts as now.
 */
export function duePlans(plans: readonly Scheduled[], now: number): readonly string[] {
  return plans
    .filter(({ schedule, createdAt, lastStart }) => {
      if (schedule === null) return false;
      const due = nextRun(schedule, Math.min(now, lastStart ?? createdAt));
      return due.ok && due.value !== null && due.value <= now;
    })
    .map((plan) => plan.name);
}
