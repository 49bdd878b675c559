import type { Host, ImportSummary, Target } from '#shared/contract/hosts.ts';
import type { AreaHandlers, Broadcast } from '#shared/contract/index.ts';
import type { RemoteEndpoint } from '#shared/contract/remote.ts';
import type { SiteStatus, WatchGap } from '#shared/contract/site.ts';
import { type AppError, appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { SecretStore } from '../platform/secrets.ts';
import type { SiteSection } from '../platform/site-section.ts';
import type { CancelTimer, Timers } from '../platform/timers.ts';
import { sqliteError, type WritableDb } from '../storage/sqlite.ts';
import { planApplier } from './apply-plan.ts';
import { createBoard } from './board.ts';
import type { Collector } from './collector.ts';
import { worstFirst } from './host-state.ts';
import { type HostStore, openHostStore, type StoredHost, type StoredTarget } from './host-store.ts';
import { hostId, hostOfAddress, refuseConfig, refusedJobs, targetId } from './identity.ts';
import { importPrometheus } from './import-prometheus.ts';
import { jobSecrets } from './jobs/job-secrets.ts';
import { openJobStore } from './jobs/job-store.ts';
import { createJobsArea, type DiscoveryFault, type JobsArea, type OutsideJobs } from './jobs/jobs-area.ts';
import { type HostPaths, type Life, NO_PATHS } from './paths.ts';
import { type HostEntriesPlan, type HostEntry, planHostEntries } from './plan-entries.ts';
import { prometheusImportsSection } from './site-section.ts';
import { targetSecrets } from './target-secrets.ts';
import { targetUrl } from './target-url.ts';
import { addWorkstation, WORKSTATION_ID } from './workstation.ts';

export { WORKSTATION_ID } from './workstation.ts';

/** Rule files that a prometheus.yml means, all of them sound. */
export type ImportedRuleFiles = {
  readonly summary: Pick<ImportSummary, 'rules' | 'ruleFilesMissing'>;
  /** Keeps them, within the transaction of the import; throws what SQLite throws. */
  readonly keep: () => void;
};

/** What becomes of the rule files of an import. */
export type ImportedRules = {
  /** Reads them, all or none, and changes nothing. */
  readonly find: (patterns: readonly string[], configFile: string) => Promise<Result<ImportedRuleFiles>>;
  /** Puts those that are kept to work. */
  readonly apply: () => Promise<void>;
};

/** What the area is given by the composition root. */
export type HostsDeps = {
  readonly db: WritableDb;
  readonly collector: Collector;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly broadcast: Broadcast;
  /** Keeps passwords, tokens and keys of targets. */
  readonly secrets: SecretStore;
  /** The operating system's name of this machine; it names the first host. */
  readonly hostName: string;
  /** Where `remote_write` entries of an imported file go; known names are left as they are. */
  readonly remoteWrites: {
    readonly adopt: (endpoints: readonly RemoteEndpoint[]) => Result<unknown>;
  };
  /** Where the `rule_files` of an imported file go. */
  readonly rules: ImportedRules;
};

/** The inventory with its states. */
export type HostsArea = {
  readonly handlers: AreaHandlers<'hosts'>;
  /** All hosts, worst first. */
  readonly list: () => Host[];
  /** How many hosts are in which state. */
  readonly counts: () => SiteStatus['hosts'];
  readonly targetCount: () => number;
  /** All targets that are scraped, with what their last scrapes said, without secrets. */
  readonly targets: () => Target[];
  /** Ids of targets whose settings are damaged: they are not scraped. */
  readonly unreadableTargets: readonly string[];
  /** What of target files cannot be used. */
  readonly discoveryFaults: () => readonly DiscoveryFault[];
  /** Scrape jobs whose settings cannot be read: their target files are not followed. */
  readonly unreadableJobs: JobsArea['unreadable'];
  /** Records that nobody watched in a stretch of time; every host is `not_watched` from its start on (N9). */
  readonly recordGap: (gap: WatchGap) => void;
  /** What the newest imported prometheus.yml says of rules; null when none was imported. */
  readonly importedRuleSettings: HostStore['lastImport'];
  /** What the last checks of a host, or of one target, say. */
  readonly life: { readonly host: (id: string) => Life; readonly target: (id: string) => Life };
  /** What stands behind what, from now on; silent hosts are judged anew. */
  readonly setPaths: (paths: HostPaths) => void;
  /** Lists of hosts from files; another area reads the files, and keeps what they say besides. */
  readonly entries: {
    /** What a list would change; changes nothing. */
    readonly plan: (entries: readonly HostEntry[]) => HostEntriesPlan;
    /** The plan with its secrets sealed, which alone is written. SECRETS_LOCKED */
    readonly seal: (plan: HostEntriesPlan) => Result<HostEntriesPlan>;
    /** Writes a plan, within a transaction of the caller; throws what SQLite throws. */
    readonly write: (plan: HostEntriesPlan) => void;
    /** Puts what was written to work, once the transaction has ended. */
    readonly took: (plan: HostEntriesPlan) => void;
  };
  /** Scrape jobs of lists from outside. */
  readonly jobs: OutsideJobs;
  /** Hears when hosts were added, changed or removed. */
  readonly onMembers: (listener: () => void) => void;
  /** Its part of the site document besides what the inventory lists. */
  readonly sections: readonly SiteSection[];
  /** Begins to scrape; called once, when everything that hears of it stands. */
  readonly start: () => void;
  readonly close: () => void;
};

/** Changes are told at most this often. */
const TELL_EVERY_MS = 1_000;
const MOST_SPANS = 5_000;
const DEFAULT_HISTORY_MS = 7 * 86_400_000;

/** Makes the area. A fresh database gets this workstation as its first host. */
export function createHostsArea(deps: HostsDeps): HostsArea {
  const { clock, collector } = deps;
  const logger = deps.logger.child('hosts');
  const store = openHostStore(deps.db);
  const secrets = targetSecrets({ secrets: deps.secrets, store, db: deps.db, logger, now: clock.now });
  let paths: HostPaths = NO_PATHS;
  const board = createBoard(store, {
    paths: () => paths,
    askSoon: (target) => {
      if (started && !closed) collector.askSoon(target);
    },
  });
  let changed = new Set<string>();
  let cancelTell: CancelTimer | null = null;
  let started = false;
  let closed = false;

  const tell = (...ids: string[]): void => {
    for (const id of ids) changed.add(id);
    if (changed.size === 0 || cancelTell !== null || closed) return;
    cancelTell = deps.timers.after(TELL_EVERY_MS, () => {
      cancelTell = null;
      const told = [...changed];
      changed = new Set();
      deps.broadcast('hosts.changed', { ids: told });
    });
  };

  const put = (target: StoredTarget): void =>
    board.putTarget(
      target,
      target.hostId === WORKSTATION_ID ? 'local:this-workstation' : targetUrl(target.config),
    );

  const scraped = (): StoredTarget[] => board.storedTargets().filter(({ goneAt }) => goneAt === undefined);

  const collect = (): void => {
    if (!started || closed) return;
    const stored = scraped();
    const refused = refusedJobs(stored.map(({ config }) => config));
    collector.setTargets(
      stored.map(({ id, hostId: host, config }) => {
        const why = refused.get(config.job);
        return {
          id,
          kind: host === WORKSTATION_ID ? 'this-workstation' : 'http',
          config,
          ...(why === undefined ? {} : { refused: why }),
        };
      }),
    );
  };

  if (!store.hosts().some(({ thisWorkstation }) => thisWorkstation))
    addWorkstation(store, deps.hostName, clock.now());
  for (const host of store.hosts()) board.addHost(host, clock.now());
  const stored = store.targets();
  for (const target of secrets.sealKept(stored.targets)) put(target);
  for (const id of stored.unreadable) logger.log('error', 'a target in console.db cannot be read', { id });

  collector.watch((scrape) => {
    if (closed) return;
    tell(...board.observe(scrape, clock.now()));
  });

  /** Writes to console.db; what SQLite refuses (a full disk) becomes an error value and nothing is changed. */
  const change = (work: Parameters<typeof store.change>[0]): Result<null> => {
    try {
      store.change(work);
      return ok(null);
    } catch (thrown) {
      return err(sqliteError(deps.db.name, thrown));
    }
  };

  const memberListeners: (() => void)[] = [];
  const take = (
    hosts: readonly StoredHost[],
    targets: readonly StoredTarget[],
    gone: readonly string[] = [],
  ): void => {
    for (const host of hosts) board.addHost(host, clock.now());
    for (const target of targets) {
      put(target);
      secrets.settle(target.id, target.config);
    }
    const touched = board.targetsGone(gone, clock.now());
    collect();
    for (const listener of memberListeners) listener();
    tell(...new Set([...hosts.map(({ id }) => id), ...targets.map(({ hostId: id }) => id), ...touched]));
  };
  const apply = planApplier({ secrets, now: clock.now, change, take });
  const jobs = createJobsArea({
    ...{ deps, logger, apply, store: openJobStore(deps.db), secrets: jobSecrets(deps.secrets) },
    readSamples: collector.readSamples,
    inventory: () => ({ hosts: store.hosts(), targets: secrets.open(board.storedTargets()) }),
  });

  /** Why a host that a file lists cannot be changed or removed here, or null. */
  const heldByFile = (id: string): AppError | null => {
    const from = board.targets(id).find(({ origin, goneAt }) => origin?.file && goneAt === undefined);
    if (!from?.origin?.file) return null;
    return appError('HOST_FROM_FILE', { name: board.host(id)?.name ?? id, file: from.origin.file });
  };

  const liveTargets = (): Target[] =>
    board.hosts().flatMap(({ id }) => board.targets(id).filter(({ goneAt }) => goneAt === undefined));

  const handlers: AreaHandlers<'hosts'> = {
    'hosts.list': () => ok({ hosts: worstFirst(board.hosts()) }),

    'hosts.get': ({ id, start, end }) => {
      const host = board.host(id);
      if (!host) return err(appError('NOT_FOUND', { what: 'host', id }));
      const until = end ?? clock.now();
      const history = store.spans(id, start ?? until - DEFAULT_HISTORY_MS, until, MOST_SPANS);
      return ok({ host, targets: board.targets(id), history });
    },

    'hosts.add': (input) => {
      const hosts = store.hosts();
      if (hosts.some(({ name }) => name === input.name))
        return err(appError('HOST_NAME_TAKEN', { name: input.name }, { field: 'name' }));
      const id = hostId(input.name, new Set(hosts.map((host) => host.id)));
      const host: StoredHost = {
        id,
        name: input.name,
        address: hostOfAddress(input.address),
        tier: input.tier,
        labels: input.labels,
        thisWorkstation: false,
        lastSeenAt: null,
      };
      const taken = new Set(board.storedTargets().map((target) => target.id));
      const targets: StoredTarget[] = [];
      for (const [index, config] of input.scrapes.entries()) {
        const refused = refuseConfig(config, `scrapes.${index}`);
        if (refused) return err(refused);
        const target = { id: targetId(config), hostId: id, config };
        if (taken.has(target.id))
          return err(
            appError(
              'TARGET_TAKEN',
              { job: config.job, instance: config.labels.instance ?? config.address },
              { field: `scrapes.${index}` },
            ),
          );
        taken.add(target.id);
        targets.push(target);
      }
      const sealed = secrets.seal(targets);
      if (!sealed.ok) return sealed;
      const written = change((write) => {
        write.addHost(host, clock.now());
        for (const target of sealed.value) write.putTarget(target, clock.now());
      });
      if (!written.ok) return written;
      take([host], sealed.value);
      return ok({ id });
    },

    'hosts.update': ({ id, ...input }) => {
      const before = store.hosts().find((host) => host.id === id);
      if (before === undefined) return err(appError('NOT_FOUND', { what: 'host', id }));
      if (before.thisWorkstation) return err(appError('HOST_IS_WORKSTATION'));
      if (store.hosts().some((other) => other.name === input.name && other.id !== id))
        return err(appError('HOST_NAME_TAKEN', { name: input.name }, { field: 'name' }));
      const next = { ...before, ...input, address: hostOfAddress(input.address) };
      const held = next.address === before.address ? null : heldByFile(id);
      if (held) return err({ ...held, field: 'address' });
      const written = change((write) => write.changeHost(next));
      if (!written.ok) return written;
      board.changeHost(next);
      for (const listener of memberListeners) listener();
      tell(id);
      return ok({});
    },

    'hosts.remove': ({ id }) => {
      if (!board.host(id)) return err(appError('NOT_FOUND', { what: 'host', id }));
      if (id === WORKSTATION_ID) return err(appError('HOST_IS_WORKSTATION'));
      const held = heldByFile(id);
      if (held) return err(held);
      const own = board.storedTargets().filter(({ hostId: host }) => host === id);
      const written = change((write) => {
        write.removeHost(id);
        jobs.unlist(own);
      });
      if (!written.ok) return written;
      for (const target of own) secrets.settle(target.id, null);
      board.removeHost(id);
      jobs.refresh();
      collect();
      for (const listener of memberListeners) listener();
      tell(id);
      return ok({});
    },

    'hosts.test': async ({ scrape }, { signal }) => {
      const refused = refuseConfig(scrape, 'scrape');
      if (refused) return err(refused);
      const known = board.storedTargets().find((target) => targetId(target.config) === targetId(scrape));
      const kind = known?.hostId === WORKSTATION_ID ? 'this-workstation' : 'http';
      const trial = await collector.tryScrape({ kind, config: scrape }, signal);
      return signal.aborted ? err(appError('CANCELLED')) : ok(trial);
    },

    'hosts.importPrometheus': importPrometheus({ deps, jobs, logger, apply }),
    ...jobs.handlers,
    'hosts.jobs.targets': ({ name }) =>
      ok({ targets: liveTargets().filter(({ origin }) => origin?.job === name) }),
  };

  return {
    handlers,
    list: () => worstFirst(board.hosts()),
    counts: () => {
      const states = board.hosts().map(({ state }) => state);
      const count = (state: Host['state']): number => states.filter((other) => other === state).length;
      return {
        total: states.length,
        up: count('up'),
        down: count('down'),
        unreachable: count('unreachable'),
        notWatched: count('not_watched'),
      };
    },
    targetCount: () => scraped().length,
    importedRuleSettings: store.lastImport,
    unreadableTargets: stored.unreadable,
    discoveryFaults: jobs.faults,
    unreadableJobs: jobs.unreadable,
    jobs: jobs.outside,
    sections: [prometheusImportsSection(deps.db, deps.rules.apply)],
    targets: liveTargets,
    life: board.life,
    setPaths: (next) => {
      paths = next;
      tell(...board.judgeAll(clock.now()));
    },
    entries: {
      plan: (entries) =>
        planHostEntries(entries, { hosts: store.hosts(), targets: secrets.open(board.storedTargets()) }),
      seal: (plan) => {
        const targets = secrets.seal(plan.targets);
        return targets.ok ? ok({ ...plan, targets: targets.value }) : targets;
      },
      write: (plan) => {
        store.change((write) => {
          for (const host of plan.added) write.addHost(host, clock.now());
          for (const host of plan.changed) write.changeHost(host);
          for (const target of plan.targets) write.putTarget(target, clock.now());
        });
      },
      took: (plan) => {
        for (const host of plan.changed) board.changeHost(host);
        take(plan.added, plan.targets);
        tell(...plan.changed.map(({ id }) => id));
      },
    },
    onMembers: (listener) => {
      memberListeners.push(listener);
    },
    recordGap: (gap) => {
      board.blind(gap);
      tell(...board.hosts().map(({ id }) => id));
    },
    start: () => {
      started = true;
      collect();
      jobs.start();
    },
    close: () => {
      if (closed) return;
      closed = true;
      jobs.close();
      cancelTell?.();
      board.flush();
    },
  };
}
