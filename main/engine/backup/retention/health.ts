import type { PlanCompliance } from '#shared/contract/backup-retention.ts';
import type { AppError, Bilingual } from '#shared/errors/index.ts';
import type { StoredPlan } from '../catalogue.ts';
import { newestVerified, promisedFrom } from '../plans/plans.ts';
import { coverOf } from '../rolling/rolling.ts';
import { complianceOf } from './compliance.ts';
import { factsOf, type RetentionContext } from './context.ts';
import { longestPause } from './occurrences.ts';
import { refusalOf } from './policy.ts';
import { estimateRun, lookAtSpace, type SpaceCheck } from './space.ts';

/** What the alerts want to know of a plan. */
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
  /** Archives that rolling verification should have read by now. */
  readonly verifyOverdue: { readonly count: number; readonly coverDays: number } | null;
  readonly massChange: {
    readonly pointId: string;
    readonly at: number;
    readonly signs: readonly Bilingual[];
  } | null;
  /** Why retention removes nothing (the clock); null when it would. */
  readonly refusal: AppError | null;
  /** Why the last prune did not remove all that it should. */
  readonly pruneError: AppError | null;
  /** The target, when it has no room for the next run. */
  readonly space: SpaceCheck | null;
};

/** What the alerts ask for every few seconds and need not be found out anew each time. */
export type HealthMemory = {
  /** What was last seen of the targets' space, by plan. Disks are asked beside, because they may hang. */
  readonly spaces: Map<string, SpaceCheck>;
  /** The longest pause of schedules, by their text and the day. */
  readonly pauses: Map<string, number | null>;
};

const DAY_MS = 86_400_000;

function pauseOf(spec: StoredPlan['spec'], now: number, { pauses }: HealthMemory): number | null {
  const key = `${Math.floor(now / DAY_MS)} ${JSON.stringify(spec.schedules)}`;
  const known = pauses.get(key);
  if (known !== undefined) return known;
  if (pauses.size > 500) pauses.clear();
  const pause = longestPause(spec, now);
  pauses.set(key, pause);
  return pause;
}

/** Asks the targets of all plans for their space. */
export async function lookAtTargets(
  { catalogue }: RetentionContext,
  { spaces: seen }: HealthMemory,
): Promise<void> {
  const plans = catalogue.plans();
  for (const name of [...seen.keys()]) if (!plans.some(({ spec }) => spec.name === name)) seen.delete(name);
  for (const { spec } of plans) {
    const points = catalogue.points(spec.name);
    const needs = [...new Set(spec.schedules.map(({ type }) => type))].map((type) =>
      estimateRun(points, type),
    );
    const check = await lookAtSpace(spec.targetDir, Math.max(0, ...needs.map((need) => need ?? 0)));
    if (check === null) seen.delete(spec.name);
    else seen.set(spec.name, check);
  }
}

/** How every plan stands. */
export function healthOf(context: RetentionContext, memory: HealthMemory): readonly BackupHealth[] {
  const { catalogue, store, clock } = context;
  const covers = new Map(coverOf(context).map((cover) => [cover.plan, cover]));
  return catalogue.plans().map((plan): BackupHealth => {
    const { name, rpoMs, retention } = plan.spec;
    const lastVerified = newestVerified(catalogue.points(name))?.startedAt ?? null;
    const cover = covers.get(name);
    const space = memory.spaces.get(name);
    const alarm = store.massChanges(name).find(({ acknowledgedAt }) => acknowledgedAt === null);
    const refusal = retention === null ? null : refusalOf(factsOf(context, plan));
    return {
      plan: name,
      planId: plan.id,
      points: catalogue.points(name).length,
      rpoMs,
      ...(lastVerified === null ? { lastVerified, dueAt: null } : promisedFrom(plan.spec, lastVerified)),
      pauseMs: pauseOf(plan.spec, clock.now(), memory),
      verifyOverdue:
        cover === undefined || cover.coverDays === null || cover.overdue === 0
          ? null
          : { count: cover.overdue, coverDays: cover.coverDays },
      massChange:
        alarm === undefined
          ? null
          : { pointId: alarm.pointId, at: alarm.at, signs: alarm.signs.map(({ sentence }) => sentence) },
      refusal: refusal?.code === 'RETENTION_MASS_CHANGE' ? null : refusal,
      pruneError: pruneErrorOf(context, plan),
      space: space === undefined || space.isEnough ? null : space,
    };
  });
}

function pruneErrorOf({ store }: RetentionContext, plan: StoredPlan): AppError | null {
  const last = store.prunes(plan.spec.name)[0];
  return last?.state === 'failed' && last.error?.code !== 'CANCELLED' ? last.error : null;
}

const MONTH_MS = 31 * DAY_MS;

/** Promised against measured, plan by plan, breaches first. */
export function complianceOfAll({ catalogue, store, clock }: RetentionContext): PlanCompliance[] {
  const now = clock.now();
  const ratio = ({ windows }: PlanCompliance): number =>
    Math.min(1, ...windows.map((each) => each.ratio ?? 1));
  return catalogue
    .plans()
    .map(({ spec, createdAt }) =>
      complianceOf({
        spec,
        createdAt,
        // Twice the window: the gap that reaches into it began before.
        runs: store.pastRuns(spec.name, now - 2 * MONTH_MS),
        lastVerified: newestVerified(catalogue.points(spec.name))?.startedAt ?? null,
        now,
      }),
    )
    .sort((a, b) => (b.overMs ?? 0) - (a.overMs ?? 0) || ratio(a) - ratio(b) || a.plan.localeCompare(b.plan));
}
