import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync } from 'node:fs';
import type { AreaHandlers, Broadcast, CallContext } from '#shared/contract/index.ts';
import type { LogEvent, LogSource } from '#shared/contract/logs.ts';
import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { NoteDeletion } from '../platform/deletions.ts';
import type { JobRegistry } from '../platform/jobs.ts';
import type { Logger } from '../platform/logger.ts';
import type { SecretStore } from '../platform/secrets.ts';
import type { SiteSection } from '../platform/site-section.ts';
import type { Timers } from '../platform/timers.ts';
import type { TaskStarter } from '../platform/worker-tasks.ts';
import type { WritableDb } from '../storage/sqlite.ts';
import { createCollection } from './collection.ts';
import { type IngestProxy, startIngest } from './ingest/proxy.ts';
import { LEVEL_CODE, LEVELS } from './model.ts';
import type { OutputFault } from './output/outputs.ts';
import { createProcessing, eventsOf } from './processing.ts';
import type { RemoteHosts } from './receive/pulls.ts';
import { createRenames, type RuleExpressions } from './renames.ts';
import { readStoreRetention } from './rotate/store-retention.ts';
import { type Arriving, createArriving } from './search/arriving.ts';
import { compileQuery } from './search/compile.ts';
import { contextHandler, type HostClocks } from './search/context-handler.ts';
import { progressOf, searchHandlers } from './search/handlers.ts';
import { startSearch } from './search/proxy.ts';
import { savedSearchesSection } from './site-sections.ts';

/** What the area is made with. */
export type LogsDeps = {
  /** The `logs` folder of the data folder. */
  readonly folder: string;
  readonly consoleDb: WritableDb;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly tasks: TaskStarter;
  readonly broadcast: Broadcast;
  readonly jobs: JobRegistry;
  /** Seals what other servers ask for; kept in clear when left out, as in a test. */
  readonly secrets?: SecretStore;
  /** What of an event may be seen in an export; as it is when left out. */
  readonly maskEvent?: (event: LogEvent) => LogEvent;
  /** False: log files are read only by `logs.sync`, for a command that ends soon. */
  readonly watching?: boolean;
  /** Files of hosts that are reached over SSH. */
  readonly remoteHosts?: RemoteHosts;
  /** How far off the clocks of hosts were; every clock counts as right when left out. */
  readonly clocks?: HostClocks;
  /** Rules that may ask for counters of the logs by name. */
  readonly ruleGroups?: RuleExpressions;
  /** Notes in the audit trail what retention removes; nothing does when left out, as in tests. */
  readonly noteDeletion?: NoteDeletion;
};

/** Errors of one hour, for the overview. */
export type HourErrors = { readonly hour: number; readonly errors: number };

/** The area `logs` as the engine's other parts see it. */
export type LogsArea = {
  readonly handlers: AreaHandlers<'logs'>;
  readonly sources: () => readonly LogSource[];
  readonly linesPerSecond: () => number;
  /** What arrived since the engine started: per counted search and stream, and what was new. */
  readonly arrivals: Arriving['totals'];
  /** Events of level error and fatal per hour: the hour of `nowMs` and the 23 before it, oldest first. */
  readonly errorsPerHour: (nowMs: number) => Promise<readonly HourErrors[]>;
  /** The same, or why it is not known. */
  readonly findErrorsPerHour: (nowMs: number) => Promise<Result<readonly HourErrors[]>>;
  /** What hinders sending events to other servers. */
  readonly outputProblems: () => readonly OutputFault[];
  /** Its part of the site document. */
  readonly sections: readonly SiteSection[];
  /** How long events stay was changed in console.db. */
  readonly retentionChanged: () => void;
  /** Stores what was read and ends the threads. */
  readonly close: () => Promise<void>;
};

const HOUR_MS = 3_600_000;
/**
 * How long reading waits after the engine's start: a thread costs as much as the engine's own start, while the first
 * picture of the window waits for both. Files keep what is written meanwhile.
 */
const START_AFTER_MS = 1_000;
/** A search over all times, for a first page. */
const FROM_NEWEST = { start: undefined, end: undefined, cursor: undefined, count: 'later' } as const;

/** Builds the area: a thin proxy of two threads, one that reads and stores, one that searches. */
export function createLogsArea(deps: LogsDeps): Result<LogsArea> {
  try {
    mkdirSync(deps.folder, { recursive: true, mode: 0o700 });
  } catch (thrown) {
    return err(appError('DATA_FOLDER_UNUSABLE', { dir: deps.folder, why: describeThrown(thrown) }));
  }
  const arriving = createArriving(deps.consoleDb, (config) => ingest.countArrivals(config));
  const searcher = startSearch(deps.tasks, deps.folder, deps.logger, (index) => ingest.mend(index));
  const ingest = startIngest({
    tasks: deps.tasks,
    timers: deps.timers,
    logger: deps.logger,
    start: () => ({
      folder: deps.folder,
      stage: processing.stage(),
      sources: collection.rows(),
      retention: readStoreRetention(deps.consoleDb),
      follow: deps.watching ?? true,
      ...((deps.watching ?? true) ? { arrivals: arriving.config() } : {}),
    }),
    arrived: arriving.arrived,
    sourcesChanged: (ids) => deps.broadcast('logs.sources.changed', { ids: [...ids] }),
    dayRemoved: (day, reason) => {
      deps.noteDeletion?.('logs.retention', day, { reason });
      searcher.forget(day);
      processing.dayRemoved(day);
    },
  });
  const cancelStart = (deps.watching ?? true) ? deps.timers.after(START_AFTER_MS, ingest.ensure) : null;
  const renames = createRenames(deps.consoleDb, deps.ruleGroups ?? (() => []));
  const collection = createCollection({
    db: deps.consoleDb,
    folder: deps.folder,
    tasks: deps.tasks,
    clock: deps.clock,
    timers: deps.timers,
    logger: deps.logger,
    broadcast: deps.broadcast,
    watching: deps.watching ?? true,
    ...(deps.remoteHosts === undefined ? {} : { remoteHosts: deps.remoteHosts }),
    renames,
    stageChanged: () => {
      ingest.setStage(processing.stage());
      deps.broadcast('logs.pipelines.changed', { what: 'pipelines' });
    },
    status: ingest.status,
    setSources: ingest.setSources,
  });
  const processing = createProcessing({
    ...{ folder: deps.folder, db: deps.consoleDb, clock: deps.clock, timers: deps.timers },
    ...{ logger: deps.logger, tasks: deps.tasks, broadcast: deps.broadcast },
    watching: deps.watching ?? true,
    secrets: deps.secrets ?? null,
    setStage: ingest.setStage,
    counts: ingest.pipelineCounts,
    search: async (query, limit, signal) =>
      eventsOf(await searcher.call({ method: 'search', ...FROM_NEWEST, query, limit }, signal)),
    addSource: collection.add,
    receivers: collection.receivers,
  });
  const searching = searchHandlers({
    searcher,
    db: deps.consoleDb,
    jobs: deps.jobs,
    clock: deps.clock,
    broadcast: deps.broadcast,
    memory: arriving.memory,
    countedChanged: arriving.changed,
    maskEvent: deps.maskEvent ?? processing.maskEvent,
  });
  const handlers: AreaHandlers<'logs'> = {
    ...collection.handlers,
    ...processing.handlers,
    'logs.sync': async (_params, call) => {
      await collection.pull(call.signal);
      return ingest.sync(call.signal);
    },
    'logs.search': async ({ searchId, query, start, end, limit, cursor, count }, call) => {
      const began = deps.clock.monotonic();
      const request = { method: 'search', query, start, end, limit, cursor, count } as const;
      const page = await searcher.call(request, call.signal, progressOf(searchId, call));
      return page.ok ? ok({ ...page.value, tookMs: deps.clock.monotonic() - began }) : page;
    },
    'logs.count': ({ searchId, query, start, end }, call) =>
      searcher.call({ method: 'count', query, start, end }, call.signal, progressOf(searchId, call)),
    'logs.histogram': async ({ query, start, end, buckets }, call) => {
      const found = await searcher.call({ method: 'histogram', query, start, end, buckets }, call.signal);
      if (!found.ok) return found;
      return ok({
        bucketMs: found.value.bucketMs,
        buckets: found.value.buckets.map((bucket) => ({
          time: bucket.time,
          counts: Object.fromEntries(
            LEVELS.map((level, code) => [level, bucket.counts[code] ?? 0] as const).filter(([, n]) => n > 0),
          ),
        })),
      });
    },
    'logs.context': contextHandler({
      searcher,
      clock: deps.clock,
      clocks: deps.clocks ?? (() => Promise.resolve(new Map())),
    }),
    ...searching,
    'logs.saved.save': (params, call) => {
      const checked = renames.checkSaved(params.id, params.name);
      return checked.ok ? searching['logs.saved.save'](params, call) : checked;
    },
    'logs.tail.start': (params, call) => startTail(ingest, params.query, call),
    'logs.tail.stop': ({ tailId }) => {
      ingest.stopTail(tailId);
      return ok({});
    },
  };
  const findErrorsPerHour: LogsArea['findErrorsPerHour'] = async (nowMs) => {
    const hours = hoursUntil(nowMs);
    const [first = 0] = hours;
    if (!hasDays(deps.folder)) return ok(hours.map((hour) => ({ hour, errors: 0 })));
    const found = await searcher.call(
      {
        method: 'histogram',
        query: 'level>=error',
        start: first,
        end: first + hours.length * HOUR_MS - 1,
        buckets: hours.length,
      },
      new AbortController().signal,
    );
    if (!found.ok) return found;
    const counts = new Map(found.value.buckets.map((bucket) => [bucket.time, bucket.counts]));
    const errorsOf = (hour: number): number => {
      const levels = counts.get(hour) ?? [];
      return (levels[LEVEL_CODE.error] ?? 0) + (levels[LEVEL_CODE.fatal] ?? 0);
    };
    return ok(hours.map((hour) => ({ hour, errors: errorsOf(hour) })));
  };
  return ok({
    handlers: { ...handlers, ...processing.governed(handlers) },
    outputProblems: processing.problems,
    sections: [
      ...collection.sections,
      ...processing.sections,
      savedSearchesSection(deps.consoleDb, () => {
        deps.broadcast('logs.saved.changed', { ids: [] });
        arriving.changed();
      }),
    ],
    sources: collection.sources,
    linesPerSecond: () => ingest.linesPerSecond(),
    retentionChanged: () => ingest.setRetention(readStoreRetention(deps.consoleDb)),
    arrivals: () => arriving.totals(collection.rows().map(({ name }) => name)),
    errorsPerHour: async (nowMs) => {
      const found = await findErrorsPerHour(nowMs);
      if (found.ok) return found.value;
      deps.logger.log('warn', 'errors per hour not known', { code: found.error.code });
      return hoursUntil(nowMs).map((hour) => ({ hour, errors: 0 }));
    },
    findErrorsPerHour,
    close: async () => {
      cancelStart?.();
      await processing.close();
      await collection.close();
      await ingest.close();
      await searcher.close();
    },
  });
}

async function startTail(
  ingest: IngestProxy,
  query: string,
  call: CallContext,
): Promise<Result<{ tailId: string }>> {
  const node = compileQuery(query);
  if (!node.ok) return node;
  const tailId = randomUUID();
  const started = ingest.startTail(tailId, query, (events, skipped) =>
    call.emit('logs.tail', { tailId, events: [...events], skipped }),
  );
  const stop = (): void => ingest.stopTail(tailId);
  call.closed.addEventListener('abort', stop, { once: true });
  call.signal.addEventListener('abort', stop, { once: true });
  if (call.closed.aborted || call.signal.aborted) stop();
  await started;
  call.signal.removeEventListener('abort', stop);
  return ok({ tailId });
}

/** The beginnings of the hour of a time and of the 23 before it, oldest first. */
function hoursUntil(nowMs: number): readonly number[] {
  const last = Math.floor(nowMs / HOUR_MS) * HOUR_MS;
  return Array.from({ length: 24 }, (_, index) => last - (23 - index) * HOUR_MS);
}

/** Whether anything was ever stored; without, no thread need be started to say that there are no errors. */
function hasDays(folder: string): boolean {
  return readdirSync(folder).some((name) => /^\d{4}-\d{2}-\d{2}\.db$/.test(name));
}
