import { join } from 'node:path';
import { createEngineClient, type EngineClient } from '#shared/contract/client.ts';
import type { Handlers } from '#shared/contract/index.ts';
import { ok, type Result } from '#shared/errors/index.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { createAlertsArea } from './alerts/area.ts';
import { createHub, type Hub } from './hub.ts';
import { inProcessPair } from './in-process.ts';
import { jobsHandlers } from './jobs-handlers.ts';
import { serveLocalSocket } from './local-socket.ts';
import { systemClock } from './platform/clock.ts';
import { createJobRegistry } from './platform/jobs.ts';
import { boundedLogFile } from './platform/log-file.ts';
import { jsonLogger, type Logger } from './platform/logger.ts';
import { systemTimers } from './platform/timers.ts';
import { threadTasks } from './platform/worker-tasks.ts';
import { createSiteArea } from './site/area.ts';
import { consoleMigrations } from './storage/console-migrations/index.ts';
import { openDataFolder } from './storage/data-folder.ts';
import { openWritable } from './storage/sqlite.ts';

/** The version of the console. */
export const version: string = packageJson.version;

/** How an engine is started. */
export type EngineOptions = {
  readonly dir: string;
  /** True: polls, follows logs, keeps schedules. False: one command, then it ends; it does not count as watching. */
  readonly watching: boolean;
  /** Where the console's own log goes; a bounded file in the data folder when left out. */
  readonly logger?: Logger;
};

/** A running site engine. */
export type Engine = {
  readonly hub: Hub;
  /** A client in the same process. */
  readonly client: EngineClient;
  /** Ends in order: long work is cancelled, files are closed, the folder's lock is given back. */
  readonly close: () => Promise<void>;
};

const LOG_BYTES = 5 * 1024 * 1024;

/** The worker entry beside this file: TypeScript in a checkout, JavaScript when bundled. */
function workerEntry(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);
}

/**
 * Opens the data folder, builds the areas, wires them, and serves the contract on the folder's local socket.
 *
 * @returns the engine, or why this folder cannot be used; nothing is left open then
 */
export async function startEngine(options: EngineOptions): Promise<Result<Engine>> {
  const clock = systemClock;
  const timers = systemTimers;
  const opened = openDataFolder(options.dir, clock.now());
  if (!opened.ok) return opened;
  const folder = opened.value;
  const logger =
    options.logger ?? jsonLogger(boundedLogFile(join(folder.dir, 'engine.log'), LOG_BYTES), clock.now);
  const database = openWritable(folder.consoleDb, { migrations: consoleMigrations, synchronous: 'FULL' });
  if (!database.ok) {
    folder.release();
    return database;
  }
  const db = database.value;
  const tasks = threadTasks(workerEntry());
  void tasks;

  let handlers: Handlers | null = null;
  const hub = createHub(() => {
    if (handlers === null) throw new Error('the engine is still starting');
    return handlers;
  }, logger.child('contract'));
  const { broadcast } = hub;
  const jobs = createJobRegistry(clock, logger.child('jobs'), (job) => broadcast('jobs.changed', job));
  const site = createSiteArea({
    db,
    dir: folder.dir,
    version,
    clock,
    timers,
    logger: logger.child('site'),
    broadcast,
    watching: options.watching,
    onGap: () => undefined,
  });
  const alerts = createAlertsArea({ db, clock, timers, logger: logger.child('alerts'), broadcast });

  handlers = { ...site.handlers, ...alerts.handlers, ...jobsHandlers(jobs) } as Handlers;
  site.start({
    hostCounts: () => ({ total: 0, up: 0, down: 0, unreachable: 0, notWatched: 0 }),
    targetCount: () => 0,
    logSources: () => [],
    logLinesPerSecond: () => 0,
    logErrorsPerHour: () => [],
    plans: () => [],
    confidence: () => [],
    lastVerifiedPoint: () => null,
    problems: alerts.problems,
    jobsRunning: () => jobs.list().filter((job) => job.endedAt === null).length,
  });

  const pair = inProcessPair();
  hub.attach(pair.server);
  const closeSocket = await serveLocalSocket(folder.socket, hub, logger.child('socket'));
  logger.log('info', 'engine started', { version, watching: options.watching, pid: process.pid });

  let closing: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    await closeSocket();
    pair.close();
    await jobs.close();
    alerts.close();
    site.close();
    db.close();
    folder.release();
    logger.log('info', 'engine stopped');
  };
  return ok({
    hub,
    client: createEngineClient(pair.client),
    close: () => {
      closing ??= close();
      return closing;
    },
  });
}
