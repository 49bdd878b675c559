import type { ScrapeConfig, Tier } from '#shared/contract/hosts.ts';
import { type AppError, appError } from '#shared/errors/index.ts';
import type { StoredHost, StoredTarget } from './host-store.ts';
import { hostId, hostOfAddress, refuseConfig, targetId } from './identity.ts';
import { sameConfig } from './same-config.ts';

/** A host as a file lists it; what is absent stays as it is. */
export type HostEntry = {
  readonly name: string;
  readonly address?: string;
  readonly tier?: Tier;
  readonly labels?: Readonly<Record<string, string>>;
  readonly scrapes?: readonly ScrapeConfig[];
};

/** What listed hosts would change. */
export type HostEntriesPlan = {
  /** Ids of all hosts by name, those of the list among them. */
  readonly ids: ReadonlyMap<string, string>;
  readonly added: readonly StoredHost[];
  readonly changed: readonly StoredHost[];
  readonly targets: readonly StoredTarget[];
  /** One for each entry that is not refused, in their order. */
  readonly changes: readonly {
    readonly name: string;
    readonly action: 'add' | 'change' | 'same';
    readonly fields: readonly string[];
    readonly targetsAdded: number;
    readonly targetsChanged: number;
  }[];
  readonly refused: readonly { readonly name: string; readonly error: AppError }[];
};

/** The hosts that a list meets. */
export type KnownHosts = { readonly hosts: readonly StoredHost[]; readonly targets: readonly StoredTarget[] };

/** A configuration with the secrets that its target has already, when it names none and goes to the very same place. */
function withKnownSecrets(config: ScrapeConfig, known: ScrapeConfig | undefined): ScrapeConfig {
  if (known === undefined) return config;
  const place = ({ scheme, address, metricsPath, tls }: ScrapeConfig): string =>
    JSON.stringify([scheme, address, metricsPath, tls ?? null]);
  if (place(config) !== place(known)) return config;
  const password = known.basicAuth?.password;
  const { basicAuth, bearerToken, bearerTokenFile } = config;
  const lacksPassword =
    basicAuth !== undefined && basicAuth.password === undefined && basicAuth.passwordFile === undefined;
  const lacksToken = bearerToken === undefined && bearerTokenFile === undefined && basicAuth === undefined;
  return {
    ...config,
    ...(lacksPassword && password !== undefined ? { basicAuth: { ...basicAuth, password } } : {}),
    ...(lacksToken && known.bearerToken !== undefined ? { bearerToken: known.bearerToken } : {}),
  };
}

/** Plans a list of hosts against those that exist: found by name, or by address when nobody has named them yet. */
export function planHostEntries(entries: readonly HostEntry[], known: KnownHosts): HostEntriesPlan {
  const ids = new Map(known.hosts.map(({ name, id }) => [name, id]));
  const taken = new Set(ids.values());
  const byName = new Map(known.hosts.map((host) => [host.name, host]));
  /** Hosts that an import named after their address; whoever names one means it. */
  const unnamed = new Map(
    known.hosts
      .filter(({ name, address, thisWorkstation }) => name === address && !thisWorkstation)
      .map((host) => [host.address, host]),
  );
  const targetsById = new Map(known.targets.map((target) => [target.id, target]));
  const added: StoredHost[] = [];
  const changed: StoredHost[] = [];
  const targets: StoredTarget[] = [];
  const changes: HostEntriesPlan['changes'][number][] = [];
  const refused: HostEntriesPlan['refused'][number][] = [];

  for (const entry of entries) {
    const address = entry.address === undefined ? undefined : hostOfAddress(entry.address);
    const existing = byName.get(entry.name) ?? (address === undefined ? undefined : unnamed.get(address));
    const id = existing?.id ?? hostId(entry.name, taken);
    const own: StoredTarget[] = [];
    let fault: AppError | null = null;
    let targetsChanged = 0;
    let targetsAdded = 0;
    for (const [index, listed] of (entry.scrapes ?? []).entries()) {
      fault ??= refuseConfig(listed, `scrapes.${index}`);
      const known = targetsById.get(targetId(listed));
      // Whoever lists a target that nothing listed any more adds it.
      const before = known?.goneAt === undefined ? known : undefined;
      const config = withKnownSecrets(listed, known?.config);
      const origin = before?.origin;
      const target = { id: targetId(listed), hostId: id, config, ...(origin ? { origin } : {}) };
      if (known !== undefined && known.hostId !== id)
        fault ??= appError('TARGET_TAKEN', {
          job: listed.job,
          instance: listed.labels.instance ?? listed.address,
        });
      if (before !== undefined && sameConfig(before.config, target.config)) continue;
      if (origin?.file) fault ??= appError('HOST_FROM_FILE', { name: entry.name, file: origin.file });
      if (before === undefined) targetsAdded += 1;
      else targetsChanged += 1;
      own.push(target);
    }
    if (existing === undefined && address === undefined)
      fault ??= appError('INVENTORY_NO_ADDRESS', { name: entry.name }, { field: 'address' });
    if (fault !== null) {
      refused.push({ name: entry.name, error: fault });
      continue;
    }
    const next: StoredHost = {
      id,
      name: entry.name,
      address: existing?.thisWorkstation ? existing.address : (address ?? existing?.address ?? ''),
      tier: existing?.thisWorkstation ? existing.tier : (entry.tier ?? existing?.tier ?? 'other'),
      labels: entry.labels ?? existing?.labels ?? {},
      thisWorkstation: existing?.thisWorkstation ?? false,
      lastSeenAt: existing?.lastSeenAt ?? null,
    };
    taken.add(id);
    ids.set(entry.name, id);
    byName.set(entry.name, next);
    for (const target of own) targetsById.set(target.id, target);
    targets.push(...own);
    const fields = (['name', 'address', 'tier', 'labels'] as const).filter(
      (field) => JSON.stringify(existing?.[field]) !== JSON.stringify(next[field]),
    );
    if (existing === undefined) added.push(next);
    else if (fields.length > 0) changed.push(next);
    const action = existing === undefined ? 'add' : fields.length > 0 ? 'change' : 'same';
    changes.push({
      name: entry.name,
      action,
      fields: existing === undefined ? [] : fields,
      targetsAdded,
      targetsChanged,
    });
  }
  return { ids, added, changed, targets, changes, refused };
}
