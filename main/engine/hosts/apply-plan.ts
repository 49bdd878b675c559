import { ok, type Result } from '#shared/errors/index.ts';
import type { HostStore, HostWrites, StoredHost, StoredTarget } from './host-store.ts';
import type { JobsPlan } from './jobs/plan-jobs.ts';
import type { TargetSecrets } from './target-secrets.ts';

/** Writes what jobs make of the inventory and puts it to work; `more` is written within the same transaction. */
export type ApplyPlan = (plan: JobsPlan, more: (write: HostWrites) => void) => Result<null>;

/** Makes the way from a plan to what is scraped. */
export function planApplier(parts: {
  readonly secrets: TargetSecrets;
  readonly now: () => number;
  readonly change: (work: Parameters<HostStore['change']>[0]) => Result<null>;
  /** What was written begins to be scraped; what is gone ends. */
  readonly take: (
    hosts: readonly StoredHost[],
    targets: readonly StoredTarget[],
    gone: readonly string[],
  ) => void;
}): ApplyPlan {
  return (plan, more) => {
    const at = parts.now();
    const sealed = parts.secrets.seal(plan.targets);
    if (!sealed.ok) return sealed;
    const gone = plan.gone.map(({ id }) => id);
    const written = parts.change((write) => {
      for (const host of plan.hosts) write.addHost(host, at);
      for (const target of sealed.value) write.putTarget(target, at);
      // By id alone: the plan holds their secrets as text.
      for (const id of gone) write.goneTarget(id, at);
      more(write);
    });
    if (!written.ok) return written;
    if (plan.hosts.length + sealed.value.length + gone.length > 0) parts.take(plan.hosts, sealed.value, gone);
    return ok(null);
  };
}
