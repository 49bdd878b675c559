import { scrapeConfigSchema } from '#shared/contract/hosts.ts';
import type { HostStore, StoredHost } from './host-store.ts';

/** The id of the machine that the console runs on. */
export const WORKSTATION_ID = 'this-workstation';

/** It costs a millisecond, and the first rate on the first screen needs two samples. */
const WORKSTATION_INTERVAL_MS = 5_000;

/** Writes the machine that the console runs on as the first host of a new inventory. */
export function addWorkstation(store: HostStore, hostName: string, now: number): void {
  const host: StoredHost = {
    id: WORKSTATION_ID,
    name: hostName,
    address: 'localhost',
    tier: 'workstation',
    labels: {},
    thisWorkstation: true,
    lastSeenAt: null,
  };
  const config = scrapeConfigSchema.parse({
    job: WORKSTATION_ID,
    // Nothing listens there: the figures are read from the machine itself.
    address: 'localhost:0',
    intervalMs: WORKSTATION_INTERVAL_MS,
    timeoutMs: WORKSTATION_INTERVAL_MS,
    labels: { instance: hostName },
  });
  store.change((write) => {
    write.addHost(host, now);
    write.putTarget({ id: WORKSTATION_ID, hostId: WORKSTATION_ID, config }, now);
  });
}
