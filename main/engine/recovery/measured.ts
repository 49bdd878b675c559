import type { Measured, Score } from '#shared/contract/recovery-drills.ts';
import { dataClassSchema } from '#shared/contract/recovery-register.ts';
import { type RecoveryContext, stampsOf } from './context.ts';
import { breachesFirst, lastRestorable, MEASURED_DAYS, measure, rpoNow, takeIn } from './measure.ts';
import { scoreOf } from './score.ts';
import type { PlanFacts } from './types.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Two years of hours for each plan. */
const KEPT_HOURS = 17_520;

type Needed = Pick<RecoveryContext, 'store' | 'sources' | 'clock' | 'version'>;

/** What is promised for a plan: by itself, or by its class of data. */
export function promisedTo(
  { store }: Pick<RecoveryContext, 'store'>,
  plan: PlanFacts,
): { readonly rpoMs: number | null; readonly rtoMs: number | null } {
  const objective = store.objectives.get(plan.dataClass);
  return {
    rpoMs: plan.rpoMs ?? objective?.rpoMs ?? null,
    rtoMs: plan.rtoMs ?? objective?.rtoMs ?? null,
  };
}

/** Promise against measurement of every plan, breaches first. */
export function measuredPlans(context: Needed): Measured[] {
  const { store, sources, clock } = context;
  const now = clock.now();
  const drills = store.drills.list();
  const points = sources.points();
  const restores = sources.restores();
  const stamps = stampsOf(context);
  return breachesFirst(
    sources.plans().flatMap((plan, index) => {
      const stamp = stamps[index];
      if (stamp === undefined) return [];
      return measure({
        plan,
        objective: store.objectives.get(plan.dataClass),
        points,
        history: store.rpo.since(plan.name, now - MEASURED_DAYS * DAY_MS),
        drills: drills.filter((drill) => drill.plan === plan.name),
        restores,
        stamp,
        now,
      });
    }),
  );
}

/** The live 3-2-1-1-0 score of each class of data. */
export function scores({ sources }: Pick<RecoveryContext, 'sources'>): Score[] {
  const points = sources.points();
  const plans = sources.plans();
  return dataClassSchema.options.map((dataClass) =>
    scoreOf(
      dataClass,
      plans
        .filter((plan) => plan.dataClass === dataClass)
        .map((plan) => {
          const own = points.filter((point) => point.plan === plan.name);
          const verified = lastRestorable(own, plan.name);
          const newest =
            verified ??
            own.filter(({ restorable }) => restorable).toSorted((a, b) => b.startedAt - a.startedAt)[0];
          return {
            plan: plan.name,
            copies: newest?.copies ?? [],
            isVerified: verified !== null,
            damaged: own.filter(({ damaged }) => damaged).length,
          };
        }),
    ),
  );
}

/** Writes down how old the last verified restorable point of each plan is now. */
export function takeMeasurements({ store, sources, clock }: Needed): void {
  const now = clock.now();
  const hour = now - (now % HOUR_MS);
  const points = sources.points();
  store.together(() => {
    for (const { name } of sources.plans()) {
      const before = store.rpo.hour(name, hour);
      const taken = takeIn(before, hour, rpoNow(points, name, now));
      if (before === null || before.worstMs !== taken.worstMs) store.rpo.put(name, taken);
      if (before === null) store.rpo.trim(KEPT_HOURS);
    }
  });
}
