import type { Host, HostState, StateSpan, Target } from '#shared/contract/hosts.ts';
import type { WatchGap } from '#shared/contract/site.ts';
import { type AppError, appError } from '#shared/errors/index.ts';
import type { ObservedScrape } from './collector.ts';
import { planHostState, type TargetVerdict, verdictOf } from './host-state.ts';
import type { HostStore, StoredHost, StoredTarget } from './host-store.ts';
import { type HostPaths, judgeSilence, type Life, type PathCause } from './paths.ts';
import { sameConfig } from './same-config.ts';
import { lastSeen, planBlind, planNextState } from './state-spans.ts';

type TargetState = {
  stored: StoredTarget;
  readonly url: string;
  verdict: TargetVerdict;
  last: ObservedScrape | null;
};

type HostEntry = {
  stored: StoredHost;
  readonly targets: Map<string, TargetState>;
  state: HostState;
  since: number;
  seenAt: number | null;
  observedAt: number | null;
  /** When all its targets began to fail, and when that was noticed; null while one answers. */
  failing: { readonly since: number; readonly noticedAt: number } | null;
  /** What cuts it off, or did until it is asked again. */
  causes: readonly PathCause[];
  /** When it was found to be cut off no more; null while it is, or when it never was. */
  clearedAt: number | null;
};

/** The state of every host as of now, kept in step with console.db. */
export type Board = {
  readonly hosts: () => Host[];
  readonly host: (id: string) => Host | null;
  readonly targets: (hostId: string) => Target[];
  /** Those that are gone among them. */
  readonly storedTargets: () => StoredTarget[];
  readonly addHost: (host: StoredHost, now: number) => void;
  /** Takes over name, address, tier and labels of a host that exists. */
  readonly changeHost: (host: StoredHost) => void;
  readonly removeHost: (id: string) => void;
  readonly putTarget: (target: StoredTarget, url: string) => void;
  /** Nothing lists these targets any more: what they said last says nothing of their hosts. Returns those hosts. */
  readonly targetsGone: (ids: readonly string[], now: number) => readonly string[];
  /** Takes one scrape in; returns the hosts that it says something of, none when the target is gone. */
  readonly observe: (scrape: ObservedScrape, now: number) => readonly string[];
  /** Judges all silent hosts anew, because what stands behind what has changed; returns those that changed. */
  readonly judgeAll: (now: number) => readonly string[];
  /** What the last checks of a host, or of one target, say. */
  readonly life: { readonly host: (id: string) => Life; readonly target: (id: string) => Life };
  /** Records that nobody watched; every host is then not watched until its next scrape. */
  readonly blind: (gap: WatchGap) => void;
  /** Writes down when each host was last seen. */
  readonly flush: () => void;
};

/** The targets of a host that are scraped. */
const liveTargets = ({ targets }: HostEntry): TargetState[] =>
  [...targets.values()].filter(({ stored }) => stored.goneAt === undefined);

/** What cuts a host off, as the error that stands in the place of its own. */
function behindError(causes: readonly PathCause[]): AppError | null {
  const first = causes[0];
  if (!first) return null;
  const names = causes.map(({ name }) => name);
  return causes.length === 1
    ? appError('HOST_BEHIND_DEAD', { cause: first.name })
    : appError('HOST_BEHIND_ALL_DEAD', { zh: names.join('、'), en: names.join(', ') });
}

/** What the board asks of the world. */
export type BoardDeps = {
  /** What stands behind what, as of now. */
  readonly paths: () => HostPaths;
  /** Wants a target to be asked soon. */
  readonly askSoon: (targetId: string) => void;
};

/** How far back a host's history is read for what was last seen of it: a few restarts. */
const SPANS_BACK = 8;

/** Makes the board, empty; the area fills it from the store. */
export function createBoard(store: HostStore, deps: BoardDeps): Board {
  const hosts = new Map<string, HostEntry>();
  const hostOfTarget = new Map<string, HostEntry>();

  const view = (entry: HostEntry): Host => {
    const targets = liveTargets(entry);
    const failed = targets.filter(({ verdict }) => verdict === 'down' || verdict === 'unreachable');
    const worst = failed.find(({ verdict }) => verdict === 'down') ?? failed[0];
    const up = targets.filter(({ verdict }) => verdict === 'up').length;
    const unknown = targets.length - failed.length - up;
    const { id, name, address, tier, labels, thisWorkstation, file } = entry.stored;
    const behind = behindError(entry.causes);
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
      // A target that was added a moment ago has not failed; on a host that is up it must not look as if it had. And a
      // host that is up and fails is waiting for word of its way: until then nothing new is said of it.
      targetsUp: entry.state !== 'up' ? up : entry.failing === null ? up + unknown : targets.length,
      lastSeenAt: entry.seenAt,
      lastError: entry.state === 'unreachable' && behind ? behind : (worst?.last?.error ?? null),
      ...(file === undefined ? {} : { file }),
      ...(entry.state === 'unreachable' && behind ? { causes: [...entry.causes] } : {}),
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

  const lifeOf = (verdicts: readonly TargetVerdict[]): Life => {
    const own = planHostState(verdicts);
    return own === 'up' ? 'alive' : own === 'not_watched' ? 'unknown' : 'dead';
  };
  const verdictsOf = (entry: HostEntry): TargetVerdict[] => liveTargets(entry).map(({ verdict }) => verdict);
  const life = {
    host: (id: string): Life => {
      const entry = hosts.get(id);
      if (!entry) return 'unknown';
      return entry.stored.thisWorkstation ? 'alive' : lifeOf(verdictsOf(entry));
    },
    target: (id: string): Life => {
      const target = hostOfTarget.get(id)?.targets.get(id);
      return target ? lifeOf([target.verdict]) : 'unknown';
    },
  };

  /** Since when the first of some dead things fails; now when nobody remembers. */
  const deadSince = (causes: readonly PathCause[], now: number): number =>
    Math.min(
      ...causes.map(({ kind, id }) => (kind === 'host' ? hosts.get(id)?.failing?.since : null) ?? now),
    );

  /** Watched hosts on the way to a host. */
  const watchedWays = (id: string): HostEntry[] =>
    deps
      .paths()
      .waysOf(id)
      .flatMap((way) => hosts.get(way) ?? [])
      .filter((way) => liveTargets(way).length > 0 && !way.stored.thisWorkstation);

  /** The state of a host before its way was found dead; that of before a gap in the watching, when it was not seen since. */
  const seenBefore = ({ stored, state, since }: HostEntry): { state: HostState; since: number } => {
    if (state === 'up' || state === 'unreachable') return { state, since };
    const seen = lastSeen(store.spans(stored.id, 0, Number.MAX_SAFE_INTEGER, SPANS_BACK));
    return seen === null ? { state, since } : { state: seen.state, since: seen.from };
  };

  /** Decides over the state of one host; `at` is the time stamp of the check that gives reason to, `now` when it ended. */
  const judge = (entry: HostEntry, at: number, now: number): void => {
    const { id } = entry.stored;
    const own = planHostState(verdictsOf(entry));
    // Between a quick restart, or the arrival of a new target, and its answer, what is known of the host stands.
    if (own === 'not_watched' && liveTargets(entry).length > 0) return;
    if (own === 'up' || own === 'not_watched') {
      Object.assign(entry, { failing: null, causes: [], clearedAt: null });
      enter(entry, own, at);
      return;
    }
    const failedAt = entry.observedAt ?? at;
    entry.failing ??= { since: failedAt, noticedAt: now };
    const { failing } = entry;
    const causes = deps.paths().causesOf(id, life);
    if (causes.length > 0) entry.clearedAt = null;
    else if (entry.causes.length > 0) entry.clearedAt ??= at;
    const ways = watchedWays(id);
    const verdict = judgeSilence({
      own,
      before: causes.length > 0 ? seenBefore(entry) : { state: entry.state, since: entry.since },
      failingSince: failing.since,
      noticedAt: failing.noticedAt,
      failedAt,
      cutSince: causes.length > 0 ? deadSince(causes, at) : null,
      clearedAt: entry.clearedAt,
      wayAskedAt: ways.length === 0 ? null : Math.min(...ways.map(({ observedAt }) => observedAt ?? 0)),
    });
    if (verdict.kind === 'wait') {
      for (const way of ways)
        if ((way.observedAt ?? 0) < failing.noticedAt)
          for (const target of way.targets.keys()) deps.askSoon(target);
      return;
    }
    if (!verdict.behind) entry.clearedAt = null;
    entry.causes = verdict.behind ? causes : [];
    const began = entry.state === 'up' || entry.state === 'not_watched' ? failing.since : at;
    enter(entry, verdict.state, began);
  };

  /** Judges silent hosts; returns those that look different afterwards. */
  const judgeSome = (ids: readonly string[], at: number, now: number): string[] =>
    ids.filter((id) => {
      const entry = hosts.get(id);
      if (!entry || entry.failing === null) return false;
      const { state, causes } = entry;
      judge(entry, at, now);
      return entry.state !== state || entry.causes !== causes;
    });

  return {
    life,
    judgeAll: (now) => judgeSome([...hosts.keys()], now, now),
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
        config: stored.config,
        health: verdict === 'unknown' ? 'unknown' : verdict === 'up' ? 'up' : 'down',
        lastScrapeAt: last?.at ?? null,
        lastDurationMs: last?.durationMs ?? null,
        lastSamples: last?.samples ?? null,
        lastError: last?.error ?? null,
        ...(stored.origin === undefined ? {} : { origin: { ...stored.origin } }),
        ...(stored.goneAt === undefined ? {} : { goneAt: stored.goneAt }),
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
        failing: null,
        causes: [],
        clearedAt: null,
      });
    },
    changeHost: (stored) => {
      const entry = hosts.get(stored.id);
      if (entry) entry.stored = stored;
    },
    removeHost: (id) => {
      for (const target of hosts.get(id)?.targets.keys() ?? []) hostOfTarget.delete(target);
      hosts.delete(id);
    },
    putTarget: (stored, url) => {
      const entry = hosts.get(stored.hostId);
      if (!entry) throw new Error(`target ${stored.id} has no host ${stored.hostId}`);
      const before = entry.targets.get(stored.id);
      // What is asked as before keeps what it answered; only where it comes from has changed.
      const isAsked = before !== undefined && before.stored.goneAt === undefined && before.url === url;
      const isSame = isAsked && sameConfig(before.stored.config, stored.config);
      entry.targets.set(
        stored.id,
        isSame ? { ...before, stored } : { stored, url, verdict: 'unknown', last: null },
      );
      hostOfTarget.set(stored.id, entry);
    },
    targetsGone: (ids, now) => {
      const changed = new Set<HostEntry>();
      for (const id of ids) {
        const entry = hostOfTarget.get(id);
        const target = entry?.targets.get(id);
        if (!entry || !target) continue;
        target.stored = { ...target.stored, goneAt: now };
        target.verdict = 'unknown';
        changed.add(entry);
      }
      for (const entry of changed) judge(entry, now, now);
      return [...changed].map(({ stored }) => stored.id);
    },
    observe: (scrape, now) => {
      const entry = hostOfTarget.get(scrape.targetId);
      const target = entry?.targets.get(scrape.targetId);
      if (!entry || !target || target.stored.goneAt !== undefined) return [];
      target.last = scrape;
      target.verdict = verdictOf(scrape.error);
      entry.observedAt = scrape.at;
      if (target.verdict === 'up') entry.seenAt = Math.max(scrape.at, entry.seenAt ?? 0);
      judge(entry, scrape.at, now);
      const { id } = entry.stored;
      return [id, ...judgeSome(deps.paths().dependentsOf(id), scrape.at, now)];
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
          if (knownAgain === null) {
            for (const target of entry.targets.values()) target.verdict = 'unknown';
            Object.assign(entry, { failing: null, causes: [], clearedAt: null });
          }
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
