import type { Host, Target } from '#shared/contract/hosts.ts';
import type { Dependencies } from './alerts/notify/causes.ts';
import type { Clock } from './platform/clock.ts';

const REMEMBERED_MS = 1_000;

/** What is asked for the dependencies of hosts. */
export type HostDependencyDeps = {
  readonly clock: Clock;
  readonly hosts: () => readonly Host[];
  readonly targets: () => readonly Target[];
  /** How long a log source may be quiet, milliseconds; 0 when its silence is nothing to tell of, null before the first look. */
  readonly logSilenceMs: (sourceId: string) => number | null;
};

type NamesOf = ReadonlyMap<string, readonly string[]>;

/** The inventory has judged which hosts are cut off; alerts name a host by its name, or by the instance that was scraped. */
export function hostDependencies({ hosts, targets, logSilenceMs, clock }: HostDependencyDeps): Dependencies {
  let known: { readonly causes: NamesOf; readonly unseen: ReadonlySet<string> } = {
    causes: new Map(),
    unseen: new Set(),
  };
  let readAt = Number.NEGATIVE_INFINITY;
  const read = (): typeof known => {
    // Every alert asks, and answers change with scrapes only.
    if (clock.monotonic() - readAt < REMEMBERED_MS) return known;
    readAt = clock.monotonic();
    const all = hosts();
    const behind = new Map(
      all.flatMap(({ id, causes: found = [] }) =>
        found.length === 0 ? [] : [[id, found.map((cause) => cause.name)] as const],
      ),
    );
    const quiet = all.filter(({ state, targets: count }) => state !== 'up' && count > 0);
    known = { causes: new Map(), unseen: new Set() };
    if (behind.size === 0 && quiet.length === 0) return known;
    const asked = targets();
    const names = namesOf(all, asked);
    const waiting = new Set(asked.flatMap(({ hostId, health }) => (health === 'unknown' ? [hostId] : [])));
    // After a quick restart a host is as dead as it was before, and why is not known before it is asked.
    const unseen = quiet.filter(({ id, state }) => state === 'not_watched' || waiting.has(id));
    known = {
      causes: new Map(
        [...behind].flatMap(([id, found]) => (names.get(id) ?? []).map((name) => [name, found])),
      ),
      unseen: new Set(unseen.flatMap(({ id }) => names.get(id) ?? [])),
    };
    return known;
  };
  const causesOf: Dependencies['causesOf'] = (host) => read().causes.get(host) ?? [];
  // The states of hosts wait themselves until what is in front was asked.
  return {
    causesOf,
    isBehind: (host) => causesOf(host).length > 0,
    isUnseen: (host) => read().unseen.has(host),
    silenceMs: (id) => logSilenceMs(id.slice(id.indexOf(':') + 1)),
  };
}

/** What alerts may call a host by its id: its name, and the instances that are scraped of it. */
function namesOf(hosts: readonly Host[], targets: readonly Target[]): NamesOf {
  const names = new Map(hosts.map(({ id, name }) => [id, [name]]));
  // Several hosts may share an address, never an address with its port.
  for (const { hostId, config } of targets)
    names.get(hostId)?.push(...[config.address, config.labels.instance ?? ''].filter((name) => name !== ''));
  return names;
}
