import { randomUUID } from 'node:crypto';
import type {
  Check,
  CheckImport,
  CheckResult,
  CheckRun,
  CheckView,
  ClockOffset,
} from '#shared/contract/checks.ts';
import type { AreaHandlers, Broadcast } from '#shared/contract/index.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import type { SiteSection } from '../../platform/site-section.ts';
import type { CancelTimer, Timers } from '../../platform/timers.ts';
import { sqliteError, type WritableDb } from '../../storage/sqlite.ts';
import {
  PROBE_CONTENT_TYPE,
  type ReadSecret,
  type ReadSqlite,
  type RemoteClock,
} from '../probes/check-probe.ts';
import { lazyMakeCheck } from '../probes/lazy-probes.ts';
import type { CheckMade, MakeCheck } from '../probes/make-check.ts';
import type { ScrapeSink, TargetIngest } from '../scrape-sink.ts';
import { createHostClocks } from './clocks.ts';
import { importNagios } from './import-nagios.ts';
import { importZabbix } from './import-zabbix.ts';
import { addressOf } from './labels.ts';
import { createLanes, type Lanes } from './lanes.ts';
import { planImport, type WantedCheck } from './plan-import.ts';
import { createCheckSchedule, inLane, type ScheduleStats } from './schedule.ts';
import { wrongSettings } from './settings.ts';
import { checksSection } from './site-section.ts';
import { nextStanding, PENDING, type Standing, worstFirst } from './state.ts';
import { openCheckStore, type StateChange, type StoredCheck } from './store.ts';

/** The hosts that checks belong to, as the inventory knows them. */
export type CheckHosts = {
  readonly get: (
    id: string,
  ) => { readonly id: string; readonly name: string; readonly address: string } | null;
  readonly list: () => readonly { readonly id: string; readonly name: string; readonly address: string }[];
  /** Hears when hosts were added, changed or removed. */
  readonly onMembers: (listener: () => void) => void;
};

/** What the area is given by the composition root. */
export type ChecksDeps = {
  readonly db: WritableDb;
  readonly sink: ScrapeSink;
  readonly hosts: CheckHosts;
  /** Tries what else of a host is asked: its scraped targets. */
  readonly tryTargets: (hostId: string, signal: AbortSignal) => Promise<readonly CheckRun[]>;
  readonly secret: ReadSecret;
  readonly sqlite: ReadSqlite;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly broadcast: Broadcast;
};

/** Checks of hosts: on time, with state and history. */
export type ChecksArea = {
  readonly handlers: AreaHandlers<'checks'>;
  /** All checks with how they stand, worst first. */
  readonly list: () => readonly CheckView[];
  /** Ids of checks whose settings are damaged: they are not made. */
  readonly unreadable: readonly string[];
  readonly stats: () => ScheduleStats;
  /** The clock of each host that says what time it is. */
  readonly clocks: () => readonly ClockOffset[];
  /** A clock that something else than a check has read. */
  readonly observeClock: (hostId: string, reading: RemoteClock) => void;
  /** Its part of the site document. */
  readonly sections: readonly SiteSection[];
  /** Begins to make checks; called once, when everything that hears of it stands. */
  readonly start: () => void;
  readonly close: () => Promise<void>;
};

type Last = NonNullable<CheckView['last']>;
type Entry = {
  readonly check: StoredCheck;
  standing: Standing;
  last: Last | null;
  ingest: TargetIngest | null;
};

/** Changes are told at most this often. */
const TELL_EVERY_MS = 1_000;
/** Changes of state are written together; a power cut loses at most so much of the history. */
const WRITE_AFTER_MS = 500;
const MOST_UNWRITTEN = 10_000;
const DEFAULT_HISTORY_MS = 7 * 86_400_000;

/** Makes the area. Nothing is checked before `start`. */
export function createChecksArea(deps: ChecksDeps): ChecksArea {
  const { clock, timers, hosts, db } = deps;
  const logger = deps.logger.child('checks');
  const store = openCheckStore(db);
  const clocks = createHostClocks(clock.now);
  const make = lazyMakeCheck({ clock, timers, secret: deps.secret, sqlite: deps.sqlite });
  const entries = new Map<string, Entry>();
  let changed = new Set<string>();
  let cancelTell: CancelTimer | null = null;
  let started = false;
  let closed = false;

  const tell = (...ids: readonly string[]): void => {
    for (const id of ids) changed.add(id);
    if (changed.size === 0 || cancelTell !== null || closed) return;
    cancelTell = timers.after(TELL_EVERY_MS, () => {
      cancelTell = null;
      const told = [...changed];
      changed = new Set();
      deps.broadcast('checks.changed', { ids: told });
    });
  };

  /** When a switch dies, hundreds of checks change within seconds; each on its own would wait for the disk hundreds of times. */
  let unwritten: StateChange[] = [];
  let cancelWrite: CancelTimer | null = null;
  const write = (): void => {
    cancelWrite?.();
    cancelWrite = null;
    if (unwritten.length === 0) return;
    try {
      store.change(unwritten);
      unwritten = [];
    } catch (thrown) {
      const { code, message } = sqliteError(db.name, thrown);
      logger.log('error', message.en, { code, changes: unwritten.length });
      // They are written with the next ones; without bound they would fill the memory that a full disk needs.
      unwritten = unwritten.slice(-MOST_UNWRITTEN);
    }
  };
  const writeSoon = (change: StateChange): void => {
    unwritten.push(change);
    cancelWrite ??= timers.after(WRITE_AFTER_MS, write);
  };

  const keepSeries = (entry: Entry, time: number, made: CheckMade): void => {
    const { check } = entry;
    entry.ingest ??= deps.sink.openTarget({
      labels: {
        job: 'check',
        instance: addressOf(check.what),
        check: check.name,
        kind: check.what.kind,
        host: hosts.get(check.hostId)?.name ?? check.hostId,
      },
      honorLabels: false,
      honorTimestamps: false,
      sampleLimit: 0,
    });
    const stored = entry.ingest.succeed({
      time,
      durationSeconds: made.result.durationMs / 1000,
      body: made.body,
      contentType: PROBE_CONTENT_TYPE,
    });
    if (!stored.ok)
      logger.log('error', 'the series of a check were not stored', {
        check: check.id,
        code: stored.error.code,
      });
  };

  const finished = (id: string, time: number, made: CheckMade): void => {
    const entry = entries.get(id);
    if (entry === undefined || closed) return;
    keepSeries(entry, time, made);
    if (made.remoteClock !== null) clocks.observe(entry.check.hostId, made.remoteClock);
    const { result } = made;
    const next = nextStanding(entry.standing, result, entry.check.retries);
    const before = entry.last;
    entry.standing = next.standing;
    entry.last = withoutSteps(result);
    if (next.retry) schedule.soon(id, entry.check.retryAfterMs);
    if (next.hasChanged) writeSoon({ id, state: result.state, at: result.at, sentence: result.sentence });
    if (next.hasChanged || before === null || before.sentence.en !== result.sentence.en) tell(id);
  };

  const schedule = createCheckSchedule({ clock, timers, logger, make, finished });

  const drop = (id: string): void => {
    const entry = entries.get(id);
    if (entry === undefined) return;
    schedule.remove(id);
    entry.ingest?.end(clock.now());
    entries.delete(id);
  };

  const take = (check: StoredCheck, standing: Standing, soon: boolean): void => {
    drop(check.id);
    entries.set(check.id, { check, standing, last: null, ingest: null });
    if (started && check.enabled) schedule.put(check, soon);
  };

  const view = ({ check, standing, last }: Entry): CheckView => ({
    ...check,
    state: standing.state,
    since: standing.since,
    failedAttempts: standing.failedAttempts,
    last,
  });
  const list = (hostId?: string): CheckView[] =>
    worstFirst(
      [...entries.values()].filter(({ check }) => hostId === undefined || check.hostId === hostId).map(view),
    );

  const { checks, unreadable } = store.checks();
  const standings = store.standings();
  for (const check of checks) take(check, standings.get(check.id) ?? PENDING, false);
  for (const id of unreadable) logger.log('error', 'a check in console.db cannot be read', { id });
  hosts.onMembers(() => {
    for (const { check } of [...entries.values()]) if (hosts.get(check.hostId) === null) drop(check.id);
    clocks.forget(new Set(hosts.list().map(({ id }) => id)));
  });

  /** Takes over checks that were written past this area; those that are as they were go on undisturbed. */
  const reread = (): void => {
    const told: string[] = [];
    for (const check of store.checks().checks) {
      const known = entries.get(check.id);
      if (known !== undefined && JSON.stringify(known.check) === JSON.stringify(check)) continue;
      take(check, known?.standing ?? PENDING, false);
      told.push(check.id);
    }
    tell(...told);
  };

  /** Writes checks, all or none; what SQLite refuses (a full disk) becomes an error value. */
  const keep = (wanted: readonly StoredCheck[]): Result<null> => {
    try {
      store.put(wanted);
    } catch (thrown) {
      return err(sqliteError(db.name, thrown));
    }
    for (const check of wanted) take(check, entries.get(check.id)?.standing ?? PENDING, wanted.length <= 20);
    tell(...wanted.map(({ id }) => id));
    return ok(null);
  };

  /** A person waits for these; they do not wait behind those of the schedule. */
  const nowLanes = createLanes();
  const runNow = (check: Check, id: string | null, signal: AbortSignal): Promise<CheckRun> =>
    makeNow(make, nowLanes, check, id, signal, { clock, timers });

  const importAll = (
    wanted: readonly WantedCheck[],
    notTaken: CheckImport['notTaken'],
    rules: string,
    dryRun: boolean,
  ): Result<CheckImport> => {
    const known = { hosts: hosts.list(), checks: [...entries.values()].map(({ check }) => check) };
    const plan = planImport(wanted, known, randomUUID);
    if (!dryRun) {
      const kept = keep(plan.checks);
      if (!kept.ok) return kept;
    }
    return ok({ ...plan.summary, rules, notTaken });
  };

  const handlers: AreaHandlers<'checks'> = {
    'checks.list': ({ hostId }) => ok({ checks: list(hostId) }),
    'checks.put': async ({ id, ...check }) => {
      if (id !== null && !entries.has(id)) return err(appError('NOT_FOUND', { what: 'check', id }));
      if (hosts.get(check.hostId) === null)
        return err(appError('NOT_FOUND', { what: 'host', id: check.hostId }, { field: 'hostId' }));
      const twin = [...entries.values()].find(
        ({ check: other }) => other.id !== id && other.hostId === check.hostId && other.name === check.name,
      );
      if (twin !== undefined)
        return err(appError('CHECK_NAME_TAKEN', { name: check.name }, { field: 'name' }));
      const wrong = await wrongSettings(check);
      if (wrong !== null) return err(wrong);
      const stored = { ...check, id: id ?? randomUUID() };
      const kept = keep([stored]);
      return kept.ok ? ok({ id: stored.id }) : kept;
    },
    'checks.remove': ({ id }) => {
      if (!entries.has(id)) return err(appError('NOT_FOUND', { what: 'check', id }));
      try {
        store.remove(id);
      } catch (thrown) {
        return err(sqliteError(db.name, thrown));
      }
      drop(id);
      tell(id);
      return ok({});
    },
    'checks.run': async ({ hostId }, { signal }) => {
      if (hosts.get(hostId) === null) return err(appError('NOT_FOUND', { what: 'host', id: hostId }));
      const own = list(hostId);
      const runs = await Promise.all([
        deps.tryTargets(hostId, signal),
        ...own.map(async ({ id, ...check }) => [await runNow(check, id, signal)]),
      ]);
      return signal.aborted ? err(appError('CANCELLED')) : ok({ runs: runs.flat() });
    },
    'checks.try': async ({ check }, { signal }) => {
      const wrong = await wrongSettings(check);
      if (wrong !== null) return err(wrong);
      const run = await runNow(check, null, signal);
      return signal.aborted ? err(appError('CANCELLED')) : ok(run);
    },
    'checks.history': ({ id, start, end }) => {
      if (!entries.has(id)) return err(appError('NOT_FOUND', { what: 'check', id }));
      write();
      const until = end ?? clock.now();
      return ok({ spans: [...store.spans(id, start ?? until - DEFAULT_HISTORY_MS, until)] });
    },
    'checks.importNagios': ({ files, pluginFolder, dryRun }) => {
      const read = importNagios(files, pluginFolder);
      return read.ok ? importAll(read.value.checks, [...read.value.notTaken], '', dryRun) : read;
    },
    'checks.importZabbix': async ({ fileName, text, hostId, agent, dryRun }) => {
      const host = hosts.get(hostId);
      if (host === null) return err(appError('NOT_FOUND', { what: 'host', id: hostId }, { field: 'hostId' }));
      const read = await importZabbix(fileName, text, host, agent ?? { host: host.address, port: 10_050 });
      if (!read.ok) return read;
      return importAll(read.value.checks, [...read.value.notTaken], read.value.rules, dryRun);
    },
    'checks.clocks': () => ok({ clocks: [...clocks.list()] }),
  };

  return {
    handlers,
    list: () => list(),
    unreadable,
    stats: schedule.stats,
    clocks: clocks.list,
    observeClock: clocks.observe,
    sections: [checksSection(db, store, reread)],
    start: () => {
      started = true;
      for (const { check } of entries.values()) if (check.enabled) schedule.put(check, false);
    },
    close: async () => {
      closed = true;
      cancelTell?.();
      await schedule.close();
      write();
    },
  };
}

const withoutSteps = ({ steps: _steps, output: _output, ...last }: CheckResult): Last => last;

/** Makes a check out of its turn. */
async function makeNow(
  make: MakeCheck,
  lanes: Lanes,
  check: Check,
  checkId: string | null,
  signal: AbortSignal,
  deps: { readonly clock: Clock; readonly timers: Timers },
): Promise<CheckRun> {
  const { result } = await inLane(lanes, make, check, false, signal, deps);
  return { ...result, checkId, name: check.name, kind: check.what.kind };
}
