import type { Host, HostState, Tier } from '#shared/contract/hosts.ts';

const RANK: Readonly<Record<HostState, number>> = { down: 0, unreachable: 1, not_watched: 2, up: 3 };

/** How bad a host's state is, 0 the worst; a host with a silent target is worse than one that is wholly well. */
export function severityRank(host: Host): number {
  return RANK[host.state] - (host.targetsUp < host.targets ? 0.5 : 0);
}

/** Hosts from the worst to the best. */
export function worstFirst(hosts: readonly Host[]): readonly Host[] {
  return [...hosts].sort((a, b) => severityRank(a) - severityRank(b) || a.name.localeCompare(b.name));
}

/** How many hosts of a tier are in each state. */
export type TierCount = Readonly<Record<HostState, number>> & { readonly total: number };

/** Counts the hosts of a tier by state. */
export function countTier(hosts: readonly Host[], tier: Tier): TierCount {
  const count = { up: 0, down: 0, unreachable: 0, not_watched: 0, total: 0 };
  for (const host of hosts) {
    if (host.tier !== tier) continue;
    count[host.state] += 1;
    count.total += 1;
  }
  return count;
}
