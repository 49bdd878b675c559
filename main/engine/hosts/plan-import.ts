import type { ImportSummary, ScrapeConfig } from '#shared/contract/hosts.ts';
import type { StoredHost, StoredTarget } from './host-store.ts';
import { hostId, hostOfAddress, targetId } from './identity.ts';
import type { ImportedConfig } from './prometheus-config/model.ts';

/** What an import would change. */
export type ImportPlan = {
  readonly hosts: readonly StoredHost[];
  /** New targets and those whose settings changed. */
  readonly targets: readonly StoredTarget[];
  readonly summary: Omit<ImportSummary, 'rules' | 'ruleFilesMissing'>;
};

/** The inventory that an import meets. */
export type Inventory = { readonly hosts: readonly StoredHost[]; readonly targets: readonly StoredTarget[] };

/** Plans an import: hosts come from the target addresses, targets are known again by their labels. Changes nothing. */
export function planImport(config: ImportedConfig, inventory: Inventory): ImportPlan {
  const ids = new Set(inventory.hosts.map(({ id }) => id));
  const names = new Set(inventory.hosts.map(({ name }) => name));
  // The console's own entry is fed from the machine itself; an address that means this machine is a host like others.
  const byAddress = new Map<string, StoredHost>();
  for (const host of inventory.hosts)
    if (!host.thisWorkstation && !byAddress.has(host.address)) byAddress.set(host.address, host);
  const known = new Map(inventory.targets.map((target) => [target.id, target]));
  const hosts: StoredHost[] = [];
  const targets: StoredTarget[] = [];
  let added = 0;
  let changed = 0;
  let unchanged = 0;

  const hostFor = (target: ScrapeConfig): StoredHost => {
    const address = hostOfAddress(target.address);
    const existing = byAddress.get(address);
    if (existing) return existing;
    const id = hostId(address, ids);
    const host: StoredHost = {
      id,
      name: names.has(address) ? id : address,
      address,
      tier: 'other',
      labels: {},
      thisWorkstation: false,
      lastSeenAt: null,
    };
    ids.add(host.id);
    names.add(host.name);
    byAddress.set(address, host);
    hosts.push(host);
    return host;
  };

  for (const job of config.jobs)
    for (const target of job.targets) {
      const id = targetId(target);
      const before = known.get(id);
      if (before && sameConfig(before.config, target)) {
        unchanged += 1;
        continue;
      }
      if (before) changed += 1;
      else added += 1;
      targets.push({ id, hostId: before?.hostId ?? hostFor(target).id, config: target });
    }

  return {
    hosts,
    targets,
    summary: {
      jobs: config.jobs.map(({ name, line, intervalMs, targets: list }) => ({
        name,
        line,
        intervalMs,
        targets: list.length,
      })),
      ruleFiles: [...config.ruleFiles],
      remoteWrites: config.remoteWrites.map(({ name }) => name),
      hostsAdded: hosts.map(({ name }) => name),
      targetsAdded: added,
      targetsChanged: changed,
      targetsUnchanged: unchanged,
      targetsDropped: config.jobs.reduce((sum, { dropped }) => sum + dropped, 0),
    },
  };
}

/** Whether two configurations say the same. */
export function sameConfig(a: ScrapeConfig, b: ScrapeConfig): boolean {
  return stable(a) === stable(b);
}

/** JSON with sorted keys, so that the order in which fields were written makes no difference. */
function stable(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
