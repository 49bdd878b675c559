import type { StoredHost } from './host-store.ts';
import { hostId, hostOfAddress } from './identity.ts';

/** Finds the hosts of targets by their addresses; makes those that are not there yet. */
export type HostFinder = {
  /** @param file the file that lists the target, for a host that is not known yet */
  readonly hostOf: (targetAddress: string, file?: string) => StoredHost;
  /** The hosts that were made, in the order in which they were asked for. */
  readonly made: readonly StoredHost[];
};

/** Makes a finder over the hosts that there are. */
export function createHostFinder(hosts: readonly StoredHost[]): HostFinder {
  const ids = new Set(hosts.map(({ id }) => id));
  const names = new Set(hosts.map(({ name }) => name));
  // The console's own entry is fed from the machine itself; an address that means this machine is a host like others.
  const byAddress = new Map<string, StoredHost>();
  for (const host of hosts)
    if (!host.thisWorkstation && !byAddress.has(host.address)) byAddress.set(host.address, host);
  const made: StoredHost[] = [];
  return {
    made,
    hostOf: (targetAddress, file) => {
      const address = hostOfAddress(targetAddress);
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
        ...(file === undefined ? {} : { file }),
      };
      ids.add(host.id);
      names.add(host.name);
      byAddress.set(address, host);
      made.push(host);
      return host;
    },
  };
}
