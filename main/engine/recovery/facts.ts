import type { Measured, Stamp } from '#shared/contract/recovery-drills.ts';
import type { Risk } from '#shared/contract/recovery-register.ts';

/** What recovery has to say to whoever watches the site. */
export type RecoveryFact =
  | { readonly kind: 'drill_overdue'; readonly plan: string; readonly since: number }
  | {
      readonly kind: 'drill_failed';
      readonly plan: string;
      readonly drillId: string;
      readonly at: number | null;
    }
  | { readonly kind: 'drill_void'; readonly plan: string; readonly changed: number }
  | { readonly kind: 'risk_review'; readonly count: number; readonly first: string; readonly since: number }
  | {
      readonly kind: 'rto_breached';
      readonly plan: string;
      readonly measuredMs: number;
      readonly promisedMs: number;
    };

/** Finds what needs somebody's attention. A broken RPO is not here: the backup's own conditions say it already. */
export function recoveryFacts(
  stamps: readonly Stamp[],
  measured: readonly Measured[],
  risks: readonly Risk[],
  now: number,
): RecoveryFact[] {
  const facts: RecoveryFact[] = [];
  for (const { plan, state, dueAt, drillId, drilledAt, drift } of stamps) {
    if (dueAt !== null && dueAt < now) facts.push({ kind: 'drill_overdue', plan, since: dueAt });
    if (state === 'failed' && drillId !== null) {
      facts.push({ kind: 'drill_failed', plan, drillId, at: drilledAt });
    }
    if (state === 'void') facts.push({ kind: 'drill_void', plan, changed: drift.length });
  }
  for (const { plan, rtoState, rtoLastMs, rtoMs } of measured) {
    if (rtoState === 'breached' && rtoLastMs !== null && rtoMs !== null) {
      facts.push({ kind: 'rto_breached', plan, measuredMs: rtoLastMs, promisedMs: rtoMs });
    }
  }
  const late = overdueRisks(risks, now);
  const first = late[0];
  if (first !== undefined) {
    const since = Math.min(...late.map(({ reviewAt }) => reviewAt ?? now));
    facts.push({
      kind: 'risk_review',
      count: late.length,
      first: first.title.zh || first.title.en,
      since,
    });
  }
  return facts;
}

/** Risks whose review date has passed. */
export function overdueRisks(risks: readonly Risk[], now: number): Risk[] {
  return risks.filter(({ reviewAt }) => reviewAt !== null && reviewAt < now);
}
