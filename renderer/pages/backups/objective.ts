import type { BackupPlan, ListedPoint, RestorePoint } from '#shared/contract/backup.ts';
import { lacksSources } from '#shared/domain/lacking-sources.ts';
import { isPastPromise } from '#shared/domain/past-promise.ts';
import { nextRuns } from '../../wizards/backup-plan/schedule.ts';

/** A point, with how it stands in its chain where that is known. */
type Point = RestorePoint & Partial<Pick<ListedPoint, 'chain'>>;

const isChainBroken = (point: Point): boolean => (point.chain?.brokenBy ?? null) !== null;

/**
 * How a plan stands against what it promises, worst first.
 *
 * `broken`: its newest point failed verification or its archive is gone; `never`: it has no point at all; `late`: its
 * newest verified point is older than the promise, and the run that is due has had its time; `unverified`: it has points, none of them verified; `none`: it
 * promises nothing.
 */
const objectiveStates = ['broken', 'never', 'late', 'unverified', 'ok', 'none'] as const;
export type ObjectiveState = (typeof objectiveStates)[number];

/** The promise of a plan against reality. */
export type Objective = {
  readonly state: ObjectiveState;
  /** The newest point that passed verification and is still there. */
  readonly verifiedPoint: RestorePoint | null;
  /** Age of what that point holds, in milliseconds: from the start of its run, because later changes are not in it. */
  readonly ageMs: number | null;
  readonly rpoMs: number | null;
  /** By how much the promise is broken; null when it is kept or there is none. */
  readonly overMs: number | null;
};

/** Whether a point can be trusted for a restore. */
export function isVerified(point: Point): boolean {
  return (
    point.state === 'complete' &&
    !isChainBroken(point) &&
    point.verifiedAt !== null &&
    point.verifyError === null &&
    !lacksSources(point.report)
  );
}

/** Points, newest first. */
export function newestFirst<T extends RestorePoint>(points: readonly T[]): readonly T[] {
  return [...points].sort((a, b) => b.finishedAt - a.finishedAt);
}

/**
 * Compares the promise of a plan with its points.
 *
 * @param points points of any plans; those of other plans are left out
 * @param now UTC milliseconds
 */
export function assessPlan(plan: BackupPlan, points: readonly RestorePoint[], now: number): Objective {
  const own = newestFirst(points.filter((point) => point.plan === plan.name));
  const verifiedPoint = own.find(isVerified) ?? null;
  const ageMs = verifiedPoint === null ? null : Math.max(0, now - verifiedPoint.startedAt);
  const rpoMs = plan.rpoMs ?? null;
  const over =
    rpoMs !== null && ageMs !== null && ageMs > rpoMs && isLate(plan, rpoMs, now - ageMs, now)
      ? ageMs - rpoMs
      : null;
  const state = ((): ObjectiveState => {
    const newest = own[0];
    if (newest === undefined) return 'never';
    if (newest.state !== 'complete' || newest.verifyError !== null) return 'broken';
    if (verifiedPoint === null) return 'unverified';
    if (over !== null) return 'late';
    return rpoMs === null ? 'none' : 'ok';
  })();
  return { state, verifiedPoint, ageMs, rpoMs, overMs: over };
}

function isLate({ schedules }: BackupPlan, rpoMs: number, lastVerified: number, now: number): boolean {
  const dueAt = nextRuns(schedules, lastVerified, 1)[0]?.at ?? null;
  return isPastPromise({ rpoMs, lastVerified, dueAt }, now);
}

/** Whether an operator has to act. */
export function isBreach(state: ObjectiveState): boolean {
  return state === 'broken' || state === 'never' || state === 'late' || state === 'unverified';
}

/** A plan with its standing. */
export type AssessedPlan = { readonly plan: BackupPlan; readonly objective: Objective };

/** All plans, breaches first, the worst of them on top; equals by the size of the breach, then by name. */
export function assessPlans(
  plans: readonly BackupPlan[],
  points: readonly RestorePoint[],
  now: number,
): readonly AssessedPlan[] {
  const rank = (state: ObjectiveState): number => objectiveStates.indexOf(state);
  return plans
    .map((plan) => ({ plan, objective: assessPlan(plan, points, now) }))
    .sort(
      (a, b) =>
        rank(a.objective.state) - rank(b.objective.state) ||
        (b.objective.overMs ?? 0) - (a.objective.overMs ?? 0) ||
        a.plan.name.localeCompare(b.plan.name),
    );
}

/** What a badge says of one point. */
export type PointBadge = 'verified' | 'unverified' | 'broken' | 'missing' | 'chainBroken' | 'lacking';

/** The badge of a point: a point that nobody verified is not called good. */
export function pointBadge(point: Point): PointBadge {
  if (point.state === 'missing') return 'missing';
  if (point.state === 'broken' || point.verifyError !== null) return 'broken';
  if (isChainBroken(point)) return 'chainBroken';
  if (lacksSources(point.report)) return 'lacking';
  return point.verifiedAt === null ? 'unverified' : 'verified';
}
