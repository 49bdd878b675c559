import type { Drift, FingerprintPart } from '#shared/contract/recovery-drills.ts';
import type { EnvironmentItem, Runbook } from '#shared/contract/recovery-register.ts';
import { hashOf } from './hash-of.ts';
import type { PlanFacts } from './types.ts';

/** What a drill of a plan vouches for. */
export type Covered = {
  readonly plan: Pick<PlanFacts, 'name' | 'spec'>;
  readonly runbooks: readonly Runbook[];
  readonly environment: readonly EnvironmentItem[];
  /** Version of the console; only its major number counts. */
  readonly version: string;
};

/**
 * Everything that a drill's stamp depends on, part by part, so that a later difference can be named: each setting of the
 * plan, each runbook that relies on the plan, the recovery environment, and the console's major version.
 */
export function fingerprint({ plan, runbooks, environment, version }: Covered): FingerprintPart[] {
  const parts: FingerprintPart[] = [
    ...Object.entries(plan.spec).map(([key, value]) => ({
      what: 'plan' as const,
      key,
      name: key,
      hash: hashOf(value),
    })),
    ...runbooks
      .filter((runbook) => runbook.plans.includes(plan.name))
      .map((runbook) => ({
        what: 'runbook' as const,
        key: runbook.id,
        name: runbook.title.zh || runbook.title.en,
        hash: hashOf(runbook),
      })),
    ...environment.map((item) => ({
      what: 'environment' as const,
      key: item.id,
      name: item.name,
      hash: hashOf(item),
    })),
    {
      what: 'version',
      key: 'major',
      name: version,
      hash: version.split('.', 1)[0] ?? version,
    },
  ];
  return parts.toSorted((a, b) => (id(a) < id(b) ? -1 : 1));
}

/** What differs between then and now. Empty: the stamp holds. */
export function driftBetween(then: readonly FingerprintPart[], now: readonly FingerprintPart[]): Drift[] {
  const before = new Map(then.map((part) => [id(part), part]));
  const after = new Map(now.map((part) => [id(part), part]));
  const drift: Drift[] = [];
  for (const [key, part] of before) {
    const other = after.get(key);
    if (other === undefined) drift.push(describe(part, 'removed'));
    else if (other.hash !== part.hash) drift.push(describe(other, 'changed'));
  }
  for (const [key, part] of after) if (!before.has(key)) drift.push(describe(part, 'added'));
  return drift;
}

const id = (part: FingerprintPart): string => `${part.what}\u0000${part.key}`;

function describe({ what, key, name }: FingerprintPart, how: Drift['how']): Drift {
  return { what, key, name, how };
}
