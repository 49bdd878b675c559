import type { Host, HostState, StateSpan, Target } from '#shared/contract/hosts.ts';
import type { WatchGap } from '#shared/contract/site.ts';
import type { ObservedScrape } from './collector.ts';
import { planHostState, type TargetVerdict, verdictOf } from './host-state.ts';
import type { HostStore, StoredHost, StoredTarget } from './host-store.ts';
import { withoutSecrets } from './identity.ts';
import { planBlind, planNextState } from './state-spans.ts';

type TargetState = {
  stored: StoredTarget;
  readonly url: string;
  verdict: TargetVerdict;
  last: ObservedScrape | null;
};

type HostEntry = {
  readonly stored: StoredHost;
  readonly targets: Map<string, TargetState>;
  state: HostState;
  since: number;
  seenAt: number | null;
  observedAt: number | null;
};

/** The state of every host as of now, kept in step with console.db. */
export type Board = {
  readonly hosts: () => Host[];
  readonly host: (id: string) => Host | null;
  readonly targets: (hostId: string) => Target[];
  readonly storedTargets: () => StoredTarget[];
  readonly addHost: (host: StoredHost, now: number) => void;
  readonly removeHost: (id: string) => void;
  readonly putTarget: (target: StoredTarget, url: string) => void;
  /** Takes one scrape in; returns the host that it belongs to, or null when the target is gone. */
  readonly observe: (scrape: ObservedScrape) => string | null;
  /** Records that nobody watched; every host is then not watched until its next scrape. */
  readonly blind: (gap: WatchGap) => void;
  /** Writes down when each host was last seen. */
  readonly flush: () => void;
};

/** Makes the board, empty; the area fills it from the store. */
export function createBoard(store: HostStore): Board {
  const hosts = new Map<string, HostEntry>();
  const hostOfTarget = new Map<string, HostEntry>();

  const view = (entry: HostEntry): Host => {
    const targets = [...entry.targets.values()];
    const failed = targets.filter(({ verdict }) => verdict === 'down' || verdict === 'unreachable');
    const worst = failed.find(({ verdict }) => verdict === 'down') ?? failed[0];
    const up = targets.filter(({ verdict }) => verdict === 'up').length;
    const unknown = targets.length - failed.length - up;
    const { id, name, address, tier, labels, thisWorkstation } = entry.stored;
    return {
      id,
      name,
      address,
      tier,
      labels: { ...labels },
      thisWorkstation,
      state: entry.state,
      stateSince: entry.since,
      targets: targets.length,
      // A target that was added a moment ago has not failed; on a host that is up it must not look as if it had.
      targetsUp: entry.state === 'up' ? up + unknown : up,
      lastSeenAt: entry.seenAt,
      lastError: worst?.last?.error ?? null,
    };
  };

  const enter = (entry: HostEntry, state: HostState, at: number): void => {
    if (state === entry.state) return;
    const { id } = entry.stored;
    const open = store.openSpan(id);
    const spans = planNextState(open ? [open] : [], state, at);
    entry.state = state;
    entry.since = spans.at(-1)?.from ?? at;
    store.change((write) => {
      write.replaceSpans(id, open?.from ?? at, spans);
      if (entry.seenAt !== null) write.seen(id, entry.seenAt);
    });
  };

  return {
    hosts: () => [...hosts.values()].map(view),
    host: (id) => {
      const entry = hosts.get(id);
      return entry ? view(entry) : null;
    },
    targets: (hostId) =>
      [...(hosts.get(hostId)?.targets.values() ?? [])].map(({ stored, url, verdict, last }) => ({
        id: stored.id,
        hostId,
        url,
        config: withoutSecrets(stored.config),
        health: verdict === 'unknown' ? 'unknown' : verdict === 'up' ? 'up' : 'down',
        lastScrapeAt: last?.at ?? null,
        lastDurationMs: last?.durationMs ?? null,
        lastSamples: last?.samples ?? null,
        lastError: last?.error ?? null,
      })),
    storedTargets: () =>
      [...hosts.values()].flatMap(({ targets }) => [...targets.values()].map(({ stored }) => stored)),
    addHost: (stored, now) => {
      let open: StateSpan | null = store.openSpan(stored.id);
      if (!open) {
        open = { state: 'not_watched', from: now, to: null };
        const first = open;
        store.change((write) => write.replaceSpans(stored.id, now, [first]));
      }
      hosts.set(stored.id, {
        stored,
        targets: new Map(),
        state: open.state,
        since: open.from,
        seenAt: stored.lastSeenAt,
        observedAt: null,
      });
    },
    removeHost: (id) => {
      for (const target of hosts.get(id)?.targets.keys() ?? []) hostOfTarget.delete(target);
      hosts.delete(id);
    },
    putTarget: (stored, url) => {
      const entry = hosts.get(stored.hostId);
      if (!entry) throw new Error(`target ${stored.id} has no host ${stored.hostId}`);
      entry.targets.set(stored.id, { stored, url, verdict: 'unknown', last: null });
      hostOfTarget.set(stored.id, entry);
    },
    observe: (scrape) => {
      const entry = hostOfTarget.get(scrape.targetId);
      const target = entry?.targets.get(scrape.targetId);
      if (!entry || !target) return null;
      target.last = scrape;
      target.verdict = verdictOf(scrape.error);
      entry.observedAt = scrape.at;
      if (target.verdict === 'up') entry.seenAt = Math.max(scrape.at, entry.seenAt ?? 0);
      const verdicts = [...entry.targets.values()].map(({ verdict }) => verdict);
      enter(entry, planHostState(verdicts), scrape.at);
      return entry.stored.id;
    },
    blind: (gap) => {
      store.change((write) => {
        for (const entry of hosts.values()) {
          const { id } = entry.stored;
          const known = store.spans(id, gap.from, Number.MAX_SAFE_INTEGER, 10_000);
          const knownAgain =
            entry.observedAt !== null && entry.observedAt >= gap.to ? entry.observedAt : null;
          const planned = planBlind(known, gap, knownAgain);
          const from = known[0]?.from ?? gap.from;
          write.replaceSpans(id, from, planned);
          // What was up when the watch ended was seen until then, even if nobody could write it down any more.
          if (entry.state === 'up' && knownAgain === null)
            entry.seenAt = Math.max(entry.seenAt ?? 0, gap.from);
          const last = planned.at(-1);
          if (last) {
            entry.state = last.state;
            entry.since = last.from;
          }
          if (knownAgain === null) for (const target of entry.targets.values()) target.verdict = 'unknown';
          if (entry.seenAt !== null) write.seen(id, entry.seenAt);
        }
      });
    },
    flush: () => {
      store.change((write) => {
        for (const { stored, seenAt } of hosts.values()) if (seenAt !== null) write.seen(stored.id, seenAt);
      });
    },
  };
}
