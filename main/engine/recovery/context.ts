import type { Broadcast } from '#shared/contract/index.ts';
import type { FingerprintPart, Stamp } from '#shared/contract/recovery-drills.ts';
import type { Clock } from '../platform/clock.ts';
import type { Drills } from './drills.ts';
import { fingerprint } from './fingerprint.ts';
import { stampOf } from './stamp.ts';
import type { RecoveryStore } from './store.ts';
import type { PlanFacts, RecoverySources } from './types.ts';

/** What the parts of the area share. */
export type RecoveryContext = {
  readonly store: RecoveryStore;
  readonly sources: RecoverySources;
  readonly drills: Drills;
  readonly clock: Clock;
  readonly broadcast: Broadcast;
  readonly version: string;
  /** Resolves when what an earlier engine left is cleaned up. */
  readonly settled: Promise<void>;
};

/** What a drill of a plan would vouch for now. */
export function coveredBy(
  { store, version }: Pick<RecoveryContext, 'store' | 'version'>,
  plan: PlanFacts,
): FingerprintPart[] {
  return fingerprint({
    plan,
    runbooks: store.runbooks.list(),
    environment: store.environment.list(),
    version,
  });
}

/** The stamp of every plan, in the order of the plans. */
export function stampsOf(context: Pick<RecoveryContext, 'store' | 'sources' | 'version' | 'clock'>): Stamp[] {
  const { store, sources, clock } = context;
  const drills = store.drills.list();
  return sources.plans().map((plan) =>
    stampOf({
      plan: plan.name,
      rule: store.drillPlans.get(plan.name),
      drills: drills.filter((drill) => drill.plan === plan.name),
      covered: coveredBy(context, plan),
      createdAt: plan.createdAt,
      now: clock.now(),
    }),
  );
}
