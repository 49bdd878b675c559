import { hostname } from 'node:os';
import { join } from 'node:path';
import { createEngineClient, type EngineClient } from '#shared/contract/client.ts';
import type { Handlers } from '#shared/contract/index.ts';
import { ok, type Result } from '#shared/errors/index.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { createAuditArea } from './access/audit/area.ts';
import { createSecretsArea } from './access/secrets/area.ts';
import { createAlerting } from './alerting.ts';
import { createBackupArea } from './backup/area.ts';
import { createSiteChecks } from './checks.ts';
import { correctedTimelines } from './clock-corrected.ts';
import { hostClocks } from './clock-history.ts';
import { createCollectArea } from './collect/index.ts';
import { consoleSigner } from './console-signer.ts';
import { createDashboardsArea } from './dashboards/area.ts';
import { dashboardSources } from './dashboards-sources.ts';
import { figuresOver } from './host-figures.ts';
import { createHostsArea } from './hosts/index.ts';
import { checkListen, createHttpArea, type FixedListen, type HttpArea } from './http/control.ts';
import { apiQuerySources } from './http-sources.ts';
import { createHub, type Hub } from './hub.ts';
import { inProcessPair } from './in-process.ts';
import { createInventoryArea } from './inventory/area.ts';
import { jobsHandlers } from './jobs-handlers.ts';
import { serveLocalSocket } from './local-socket.ts';
import { createLogRotation } from './log-rotation.ts';
import { createLogsArea } from './logs/area.ts';
import { createMetricsArea } from './metrics/area.ts';
import { inspectExposition } from './metrics/exposition/inspect.ts';
import { inThreads } from './metrics/rollup/tasks.ts';
import { recordOwnSeries } from './own-series.ts';
import { systemClock } from './platform/clock.ts';
import { watchErrors } from './platform/error-watch.ts';
import { createJobRegistry } from './platform/jobs.ts';
import { boundedLogFile } from './platform/log-file.ts';
import { jsonLogger, type Logger } from './platform/logger.ts';
import { operatingUser } from './platform/operating-user.ts';
import { systemTimers } from './platform/timers.ts';
import { threadTasks } from './platform/worker-tasks.ts';
import { createPromqlAnswers } from './promql/answers.ts';
import { createPromqlEngine } from './promql/engine.ts';
import { createRecovering } from './recovering.ts';
import { createRemoteArea } from './remote/area.ts';
import { remoteLogs } from './remote-logs.ts';
import { createAuthoredRules } from './rule-authoring.ts';
import { seriesHandlers } from './series-handlers.ts';
import { createSignals } from './signals.ts';
import { createSiteArea } from './site/area.ts';
import { settingStore } from './site/settings.ts';
import { siteDocument } from './site-document.ts';
import { siteSeries } from './site-series.ts';
import { createSshArea } from './ssh/area.ts';
import { consoleMigrations } from './storage/console-migrations/index.ts';
import { openDataFolder } from './storage/data-folder.ts';
import { openWritable } from './storage/sqlite.ts';
import { beginAnewIfAsked, createTrainingSite } from './training-site.ts';

/** The version of the console. */
export const version: string = packageJson.version;

/** How an engine is started. */
export type EngineOptions = {
  readonly dir: string;
  /** True: polls, follows logs, keeps schedules. False: one command, then it ends; it does not count as watching. */
  readonly watching: boolean;
  /** Where the HTTP API listens, whatever the settings say. Only an engine that watches serves it. */
  readonly listen?: FixedListen;
  /** Where the console's own log goes; a bounded file in the data folder when left out. */
  readonly logger?: Logger;
  /** Tasks that a command is going to need one after another: their threads are made before they are asked for. */
  readonly threadsAhead?: readonly string[];
  /**
   * For so long, milliseconds, an engine that watches leaves rules unread and conditions unlooked at, so that a window's first
   * questions are answered before; not at all when left out. Until then problems are those of before, and `site.overview` says
   * that nobody has looked yet.
   */
  readonly firstScreenMs?: number;
};

/** A running site engine. */
export type Engine = {
  readonly hub: Hub;
  /** A client in the same process. */
  readonly client: EngineClient;
  /** Base address of the HTTP API while it listens, or null. */
  readonly apiUrl: HttpArea['url'];
  /** What the desktop's key store gives for this session, or null; it opens the sealed store. */
  readonly offerKeyStore: (key: Uint8Array | null) => void;
  /** Ends in order: long work is cancelled, files are closed, the folder's lock is given back. */
  readonly close: () => Promise<void>;
};

/** Interval of rule groups that name none, as long as no prometheus.yml says otherwise. */
const RULE_INTERVAL_MS = 15_000;
const LOG_BYTES = 5 * 1024 * 1024;

/** The worker entry: TypeScript beside this file in a checkout, JavaScript in a folder beside this one's when bundled. */
function workerEntry(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : '../engine/worker.js', import.meta.url);
}

/**
 * Opens the data folder, builds the areas, wires them, and serves the contract on the folder's local socket.
 *
 * @returns the engine, or why this folder cannot be used; nothing is left open then
 */
export async function startEngine(options: EngineOptions): Promise<Result<Engine>> {
  const clock = systemClock;
  const timers = systemTimers;
  const listen = options.listen === undefined ? null : checkListen(options.listen);
  if (listen?.ok === false) return listen;
  const opened = openDataFolder(options.dir, clock.now());
  if (!opened.ok) return opened;
  const folder = beginAnewIfAsked(opened.value);
  const { logger, errors } = watchErrors(
    options.logger ?? jsonLogger(boundedLogFile(join(folder.dir, 'engine.log'), LOG_BYTES), clock.now),
    clock,
  );
  const database = openWritable(folder.consoleDb, { migrations: consoleMigrations, synchronous: 'FULL' });
  if (!database.ok) {
    folder.release();
    return database;
  }
  const db = database.value;
  /** What is to be closed when the engine ends, or cannot begin; the last opened first. */
  const closers: (() => void | Promise<void>)[] = [folder.release, () => db.close()];
  const closeAll = async (): Promise<void> => {
    for (const close of closers.toReversed()) await close();
  };
  /** Leaves nothing open behind a start that cannot go on. */
  const failed = async <E>(why: E): Promise<E> => {
    await closeAll();
    return why;
  };
  const tasks = threadTasks(workerEntry(), options.threadsAhead);

  let handlers: Handlers | null = null;
  const allHandlers = (): Handlers => {
    if (handlers === null) throw new Error('the engine is still starting');
    return handlers;
  };
  const signer = consoleSigner(folder.restores);
  const audit = createAuditArea({
    ...{ db, clock, timers, signer, version, logger: logger.child('audit'), watching: options.watching },
    checkpointFile: join(folder.archive, 'audit-checkpoints.ndjson'),
    user: operatingUser(),
    workstation: hostname(),
    job: (id) => jobs.get(id),
  });
  const { trail } = audit;
  const noteDeletion = trail.deleted;
  // What ends while the engine closes is still recorded.
  closers.push(trail.close);
  const hub = createHub(allHandlers, logger.child('contract'), trail);
  const { broadcast } = hub;
  const jobs = createJobRegistry(clock, logger.child('jobs'), (job) => {
    trail.jobChanged(job);
    broadcast('jobs.changed', job);
  });
  const keeper = createSecretsArea({
    ...{ db, clock, timers, broadcast, logger: logger.child('secrets') },
    keyFile: join(folder.dir, 'secrets.key'),
  });
  const { vault: secrets } = keeper;
  closers.push(keeper.close);
  const metrics = createMetricsArea({
    folder: folder.metrics,
    ...{ clock, timers, logger: logger.child('metrics') },
    ...{ buildRollup: inThreads(tasks), settings: settingStore(db), noteDeletion },
  });
  if (!metrics.ok) return failed(metrics);
  closers.push(metrics.value.close);
  const remote = createRemoteArea({
    folder: join(folder.dir, 'remote'),
    staging: settingStore(db),
    commits: metrics.value.commits,
    ...{ secrets, clock, timers, broadcast, logger: logger.child('remote'), sending: options.watching },
  });
  if (!remote.ok) return failed(remote);
  closers.push(remote.value.close);
  const promql = createPromqlEngine({
    source: metrics.value.store,
    rollups: metrics.value.rollups,
    leftOpen: () => metrics.value.settings().leftOpenRanges,
    monotonic: clock.monotonic,
  });
  const queries = createPromqlAnswers(promql);
  const ssh = createSshArea({ db, secrets, clock, timers });
  const collect = createCollectArea({
    sink: metrics.value.sink,
    inspect: inspectExposition,
    askHost: figuresOver(ssh),
    ...{ secrets, clock, timers, logger },
  });
  closers.push(ssh.close, collect.close);
  const rules = createAuthoredRules({
    ...{ db, promql, metrics: metrics.value },
    defaults: () => {
      const imported = hosts.importedRuleSettings();
      return {
        intervalMs: imported?.evaluationIntervalMs ?? RULE_INTERVAL_MS,
        externalLabels: imported?.externalLabels ?? {},
      };
    },
    externalUrl: () => http.url() ?? '',
    ...{ clock, timers, logger: logger.child('rules') },
  });
  const hosts = createHostsArea({
    ...{ db, secrets, clock, timers, logger, broadcast },
    collector: collect,
    hostName: hostname(),
    remoteWrites: remote.value,
    rules,
  });
  const checks = createSiteChecks({
    ...{ db, hosts, collect, secrets, tasks, clock, timers, logger, broadcast, sink: metrics.value.sink },
  });
  closers.push(checks.close);
  const inventory = createInventoryArea({
    ...{ db, hosts, clock, broadcast, version, logger: logger.child('inventory') },
  });
  closers.push(hosts.close, rules.close);
  const logs = createLogsArea({
    ...{ folder: folder.logs, remoteHosts: remoteLogs(ssh), clocks: hostClocks(queries), consoleDb: db },
    ...{ secrets, clock, timers, logger: logger.child('logs'), ruleGroups: rules.groups },
    ...{ tasks, broadcast, jobs, noteDeletion, watching: options.watching },
  });
  if (!logs.ok) return failed(logs);
  closers.push(logs.value.close);
  let pointsInUse = (): ReadonlySet<string> => new Set();
  const backup = createBackupArea({
    consoleDb: db,
    folder: folder.backups,
    ...{ clock, timers, logger: logger.child('backup'), tasks, jobs, broadcast, version },
    keepSchedules: options.watching,
    pointsInUse: () => pointsInUse(),
    ...{ withRemoteFiles: ssh.withFiles, runOnHost: ssh.run, noteDeletion },
  });
  if (!backup.ok) return failed(backup);
  closers.push(backup.value.close);
  const rotation = createLogRotation({
    ...{ db, folder, clock, timers, logger, tasks, jobs, broadcast, watching: options.watching },
    ...{ logs: logs.value, backup: backup.value, ssh, signer, noteDeletion },
  });
  closers.push(rotation.close);
  const { restore, recovery } = createRecovering({
    ...{ db, folder, version, clock, timers, logger, tasks, jobs, broadcast, hosts },
    ...{ backup: backup.value, ssh },
    watching: options.watching,
  });
  pointsInUse = restore.pointsInUse;
  const site = createSiteArea({
    dir: folder.dir,
    ...{ db, version, clock, timers, broadcast, logger: logger.child('site') },
    watching: options.watching,
    onGap: hosts.recordGap,
  });
  const alerts = createAlerting({
    ...{ db, secrets, clock, timers, logger, broadcast, watching: options.watching },
    apiUrl: () => http.url(),
    hosts: hosts.list,
    targets: hosts.targets,
    ...{ ruleGroups: rules.groups, logSilenceMs: (id) => signals.logSilenceMs(id) },
  });
  const http = createHttpArea({
    sources: {
      ...apiQuerySources(promql, metrics.value),
      version,
      targets: hosts.targets,
      problems: () => alerts.problems().filter(({ alert }) => alert === undefined),
      hostCounts: hosts.counts,
      logLinesPerSecond: logs.value.linesPerSecond,
      jobsRunning: () => jobs.list().filter((job) => job.endedAt === null).length,
      moreMetrics: () =>
        remote.value.exposition() + signals.exposition() + siteSeries(hosts, checks, logs.value),
      ...{ areRulesRead: rules.areRead, ruleGroups: rules.groups },
    },
    ...{ clock, timers, broadcast, logger: logger.child('http'), store: settingStore(db) },
    hostName: hostname(),
  });
  collect.watch(http.countScrape);
  const signals = createSignals({
    ...{ db, clock, timers, version, hosts, checks, site, queries },
    ...{ recovery, rules, jobs, http, alerts, errors },
    ...{
      backup: backup.value,
      folder: folder.dir,
      logger: logger.child('signals'),
      channels: alerts.channelHealth,
      reports: () => dashboards.reportHealth(),
    },
    ...{ logs: logs.value, metrics: metrics.value, remote: remote.value, rotation },
  });

  const dashboards = createDashboardsArea({
    ...{ db, clock, timers, jobs, broadcast, logger: logger.child('dashboards'), watching: options.watching },
    noteDeletion,
    sources: dashboardSources(allHandlers, hosts),
  });
  closers.push(dashboards.close);
  const training = createTrainingSite({
    ...{ dir: folder.dir, clock, timers, logger, broadcast, handlers: allHandlers },
  });
  handlers = {
    ...site.handlers,
    ...siteDocument(
      { db, clock, version, vault: secrets, inventory: inventory.document, logger: logger.child('document') },
      [
        ...[site, keeper, ssh, hosts, rules, alerts, checks, logs.value, signals, rotation, backup.value],
        ...[recovery, dashboards, metrics.value, remote.value, http],
      ],
    ),
    ...alerts.handlers,
    ...rules.handlers,
    ...hosts.handlers,
    ...checks.handlers,
    ...inventory.handlers,
    ...seriesHandlers({
      ...{ jobs, tasks, clock, timers, folder: folder.metrics, answers: queries },
      area: metrics.value,
      remote: remote.value,
    }),
    ...{ ...logs.value.handlers, ...correctedTimelines(logs.value.handlers, queries, clock) },
    ...rotation.handlers,
    ...backup.value.handlers,
    ...restore.handlers,
    ...recovery.handlers,
    ...ssh.handlers,
    ...keeper.handlers,
    ...training.handlers,
    ...jobsHandlers(jobs),
    ...http.handlers,
    ...signals.handlers,
    ...dashboards.handlers,
    ...audit.handlers,
  };
  site.start({
    hostCounts: hosts.counts,
    targetCount: hosts.targetCount,
    logSources: logs.value.sources,
    logLinesPerSecond: logs.value.linesPerSecond,
    logErrorsPerHour: logs.value.errorsPerHour,
    plans: backup.value.plans,
    confidence: () => [...backup.value.confidence()],
    lastVerifiedPoint: backup.value.lastVerifiedPoint,
    problems: alerts.problems,
    explained: alerts.explained,
    lookedAt: alerts.lookedAt,
    jobsRunning: () => jobs.list().filter((job) => job.endedAt === null).length,
  });
  let closing: Promise<void> | null = null;
  /** Conditions are looked at once it is known which rules there are: what they find missing would be taken for ended. */
  const beginLooking = async (): Promise<void> => {
    await rules.start();
    if (closing !== null) return;
    alerts.start(signals.read, rules.isSettled);
    signals.watchdog.start();
    closers.push(
      signals.watchdog.close,
      recordOwnSeries({
        sink: metrics.value.sink,
        exposition: http.metrics,
        instance: hostname(),
        ...{ clock, timers, logger: logger.child('own') },
      }),
    );
  };
  if (options.watching) {
    hosts.start();
    checks.start();
    if (options.firstScreenMs === undefined) await beginLooking();
    else closers.push(timers.after(options.firstScreenMs, () => void beginLooking()));
  }

  const trained = options.watching ? await training.start() : null;
  if (trained?.ok === false) return failed(trained);
  if (trained !== null) closers.push(trained.value);
  const pair = inProcessPair();
  hub.attach(pair.server, 'command');
  const closeSocket = await serveLocalSocket(folder.socket, hub, logger.child('socket'));
  logger.log('info', 'engine started', { version, watching: options.watching, pid: process.pid });

  closers.push(site.close, alerts.close, () => jobs.close());
  closers.push(restore.close, recovery.close, pair.close, closeSocket, http.close);
  if (options.watching) {
    const served = await http.start(options.listen ?? null);
    if (!served.ok) return failed(served);
  }
  return ok({
    hub,
    client: createEngineClient(pair.client),
    apiUrl: http.url,
    offerKeyStore: secrets.offerKeyStore,
    close: () => {
      closing ??= closeAll().then(() => logger.log('info', 'engine stopped'));
      return closing;
    },
  });
}
