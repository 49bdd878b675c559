import { Cron } from 'croner';
import type { Drill, DrillPlan, FingerprintPart, Stamp } from '#shared/contract/recovery-drills.ts';
import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import { driftBetween } from './fingerprint.ts';

const DAY_MS = 86_400_000;

/** When a schedule is next due after a time, UTC milliseconds; null when never again. */
export function nextDrill(schedule: string, afterMs: number): Result<number | null> {
  try {
    const cron = new Cron(schedule, { paused: true });
    return ok(cron.nextRun(new Date(afterMs))?.getTime() ?? null);
  } catch (thrown) {
    return err(appError('DRILL_SCHEDULE_INVALID', { schedule, why: describeThrown(thrown) }));
  }
}

/** What decides about a plan's stamp. */
export type StampFacts = {
  readonly plan: string;
  readonly rule: DrillPlan | null;
  /** Drills of the plan, the newest first. */
  readonly drills: readonly Drill[];
  /** What a drill would vouch for now. */
  readonly covered: readonly FingerprintPart[];
  readonly createdAt: number;
  readonly now: number;
};

/**
 * Whether a plan may be called verified: its newest finished drill passed, nothing that it covers has changed since, and it is
 * not too old. A drill that was cancelled or cut off says nothing either way.
 */
export function stampOf({ plan, rule, drills, covered, createdAt, now }: StampFacts): Stamp {
  const judged = drills.find(({ state }) => state === 'passed' || state === 'failed');
  const passed = drills.find(({ state }) => state === 'passed');
  const every = rule?.everyDays ?? null;
  // A clock that was set back must not make a drill look as if it had not been yet.
  const since = Math.min(now, passed?.finishedAt ?? createdAt);
  const dueAt = every === null ? null : since + every * DAY_MS;
  const next = rule?.schedule == null ? null : nextDrill(rule.schedule, now);
  const base = {
    plan,
    drillId: judged?.id ?? null,
    drilledAt: judged?.finishedAt ?? null,
    dueAt,
    nextRunAt: next?.ok === true ? next.value : null,
  };
  const isOverdue = dueAt !== null && dueAt < now;
  if (judged === undefined) return { ...base, state: isOverdue ? 'overdue' : 'never', drift: [] };
  if (judged.state === 'failed') return { ...base, state: 'failed', drift: [] };
  const drift = driftBetween(judged.fingerprint, covered);
  return { ...base, state: drift.length > 0 ? 'void' : isOverdue ? 'overdue' : 'valid', drift };
}

/**
 * Plans whose scheduled drill has come. One that was missed several times (the machine slept or was off) is due once. A last
 * start in the future (the clock was set back) counts as now.
 */
export function dueDrills(
  plans: readonly {
    readonly plan: string;
    readonly schedule: string | null;
    /** When it last began by schedule or by hand, or else when the rule was made. */
    readonly since: number;
  }[],
  now: number,
): string[] {
  return plans
    .filter(({ schedule, since }) => {
      if (schedule === null) return false;
      const due = nextDrill(schedule, Math.min(now, since));
      return due.ok && due.value !== null && due.value <= now;
    })
    .map(({ plan }) => plan);
}
