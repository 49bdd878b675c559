import type { Drill, Measured, Stamp } from '#shared/contract/recovery-drills.ts';
import type { Objective } from '#shared/contract/recovery-register.ts';
import type { PlanFacts, PointFacts, RestoreFacts } from './types.ts';

/** How far back the worst of the objectives page looks. */
export const MEASURED_DAYS = 30;

/** One hour of a plan's history: the worst age of its last verified restorable point in that hour. */
export type RpoHour = {
  /** Beginning of the hour, UTC milliseconds. */
  readonly at: number;
  /** Null: there was no such point. */
  readonly worstMs: number | null;
};

/** The newest point that was verified and can be restored; null when there is none. */
export function lastRestorable(points: readonly PointFacts[], plan: string): PointFacts | null {
  const verified = points.filter((point) => point.plan === plan && point.verifiedAt !== null);
  // Whether a point can be restored is asked last: it means walking its chain and looking for media.
  return verified.toSorted((a, b) => b.startedAt - a.startedAt).find(({ restorable }) => restorable) ?? null;
}

/** What would be lost now: the age of the newest data that could be got back. A point from the future is of now. */
export function rpoNow(points: readonly PointFacts[], plan: string, now: number): number | null {
  const point = lastRestorable(points, plan);
  return point === null ? null : Math.max(0, now - point.startedAt);
}

/** Takes a measurement into its hour: what is worst stays, and "none at all" is worse than any age. */
export function takeIn(hour: RpoHour | null, at: number, ageMs: number | null): RpoHour {
  if (hour === null) return { at, worstMs: ageMs };
  return {
    at: hour.at,
    worstMs: hour.worstMs === null || ageMs === null ? null : Math.max(hour.worstMs, ageMs),
  };
}

/** What one plan is measured by. */
export type MeasureFacts = {
  readonly plan: PlanFacts;
  readonly objective: Objective | null;
  readonly points: readonly PointFacts[];
  /** Oldest first. */
  readonly history: readonly RpoHour[];
  readonly drills: readonly Drill[];
  readonly restores: readonly RestoreFacts[];
  readonly stamp: Stamp;
  readonly now: number;
};

/** Promise against measurement of one plan. Pure. */
export function measure(facts: MeasureFacts): Measured {
  const { plan, objective, now } = facts;
  const rpoMs = plan.rpoMs ?? objective?.rpoMs ?? null;
  const rtoMs = plan.rtoMs ?? objective?.rtoMs ?? null;
  const rpoNowMs = rpoNow(facts.points, plan.name, now);
  const ages = facts.history.flatMap(({ worstMs }) => (worstMs === null ? [] : [worstMs]));
  const recoveries = recoveriesOf(facts);
  const last = recoveries[0] ?? null;
  const promisedByPlan = plan.rpoMs !== null || plan.rtoMs !== null;
  return {
    plan: plan.name,
    dataClass: plan.dataClass,
    rpoMs,
    rtoMs,
    promisedBy: promisedByPlan ? 'plan' : rpoMs !== null || rtoMs !== null ? 'class' : 'nobody',
    rpoNowMs,
    rpoWorstMs: ages.length === 0 ? null : Math.max(...ages),
    rtoLastMs: last?.durationMs ?? null,
    rtoWorstMs: last === null ? null : Math.max(...recoveries.map(({ durationMs }) => durationMs)),
    rtoMeasuredAt: last?.at ?? null,
    rtoMeasuredBy: last?.by ?? null,
    // Without any restorable point a promise is not "unmeasured": it is broken.
    rpoState: rpoMs === null ? 'unpromised' : rpoNowMs === null || rpoNowMs > rpoMs ? 'breached' : 'kept',
    rtoState:
      rtoMs === null
        ? 'unpromised'
        : last === null
          ? 'unmeasured'
          : last.durationMs > rtoMs
            ? 'breached'
            : 'kept',
    history: [...facts.history],
    stamp: facts.stamp,
  };
}

type Recovery = { readonly at: number; readonly durationMs: number; readonly by: 'drill' | 'restore' };

/** Whole recoveries that came to a good end, the newest first. */
function recoveriesOf({ plan, drills, restores }: MeasureFacts): Recovery[] {
  const own = new Set(drills.map(({ id }) => id));
  return [
    ...drills.flatMap((drill): Recovery[] =>
      drill.plan === plan.name &&
      drill.state === 'passed' &&
      drill.durationMs !== null &&
      drill.finishedAt !== null
        ? [{ at: drill.finishedAt, durationMs: drill.durationMs, by: 'drill' }]
        : [],
    ),
    ...restores.flatMap((restore): Recovery[] =>
      restore.plan === plan.name && restore.whole && !own.has(restore.id)
        ? [
            {
              at: restore.finishedAt,
              durationMs: Math.max(0, restore.finishedAt - restore.startedAt),
              by: 'restore',
            },
          ]
        : [],
    ),
  ].toSorted((a, b) => b.at - a.at);
}

const rank = { breached: 0, unmeasured: 1, unpromised: 2, kept: 3 } as const;

/** Breaches first, then what was never measured, then what nobody promised. */
export function breachesFirst(measured: readonly Measured[]): Measured[] {
  const worst = ({ rpoState, rtoState }: Measured): number => Math.min(rank[rpoState], rank[rtoState]);
  return measured.toSorted((a, b) => worst(a) - worst(b) || (a.plan < b.plan ? -1 : 1));
}
