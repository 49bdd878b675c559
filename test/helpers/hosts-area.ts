import { join } from 'node:path';
import {
  type HostInput,
  hostInputSchema,
  type ScrapeConfig,
  scrapeConfigSchema,
} from '#shared/contract/hosts.ts';
import type { CallContext, EventPayload } from '#shared/contract/index.ts';
import { type AppError, ok, type Result } from '#shared/errors/index.ts';
import type { ObservedScrape, WantedTarget } from '../../main/engine/hosts/collector.ts';
import { createHostsArea } from '../../main/engine/hosts/index.ts';
import { consoleMigrations } from '../../main/engine/storage/console-migrations/index.ts';
import { openWritable } from '../../main/engine/storage/sqlite.ts';
import { fakeTime } from './fake-time.ts';
import { newVault } from './secrets.ts';
import { silentLogger } from './silent-logger.ts';

/** When the console of a test starts, UTC milliseconds. */
export const START = 1_700_000_000_000;
export const context = { signal: new AbortController().signal } as CallContext;

/** What was answered at once; a refusal fails the test. */
export function value<T>(result: Result<T> | Promise<Result<T>>): T {
  if (result instanceof Promise) throw new Error('answers at once');
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message.en}`);
  return result.value;
}

/** Why something was refused; an answer fails the test. */
export function error<T>(result: Result<T> | Promise<Result<T>>): AppError {
  if (result instanceof Promise || result.ok) throw new Error('expected a refusal');
  return result.error;
}

/** An engine's start on a data folder, with a collector that a test speaks for. */
export function startOn(
  folder: string,
  time = fakeTime(START),
  /** When the rules of an import are found. */
  rulesFound = async (): Promise<void> => undefined,
) {
  const opened = openWritable(join(folder, 'console.db'), {
    migrations: consoleMigrations,
    synchronous: 'NORMAL',
  });
  if (!opened.ok) throw new Error(opened.error.code);
  const db = opened.value;
  const vault = newVault(db);
  let wanted: readonly WantedTarget[] = [];
  let listener: (scrape: ObservedScrape) => void = () => undefined;
  const told: EventPayload<'hosts.changed'>[] = [];
  const tried: Omit<WantedTarget, 'id'>[] = [];
  const asked: string[] = [];
  const area = createHostsArea({
    db,
    secrets: vault,
    clock: time.clock,
    timers: time.timers,
    logger: silentLogger,
    broadcast: (_event, payload) => told.push(payload as EventPayload<'hosts.changed'>),
    hostName: 'ws-1',
    remoteWrites: { adopt: () => ok({}) },
    rules: {
      find: async (patterns) => {
        await rulesFound();
        return ok({ summary: { rules: [], ruleFilesMissing: [...patterns] }, keep: () => undefined });
      },
      apply: async () => undefined,
    },
    collector: {
      setTargets: (targets) => {
        wanted = targets;
      },
      watch: (hear) => {
        listener = hear;
      },
      askSoon: (id) => {
        asked.push(id);
      },
      tryScrape: async (target) => {
        tried.push(target);
        return { steps: [], samples: 0, sampleNames: [] };
      },
      readSamples: async () => ok({ total: 0, series: [], error: null }),
    },
  });
  area.start();
  const scraped = (job: string, failure: AppError | null = null): void => {
    const target = wanted.find(({ config }) => config.job === job);
    if (!target) throw new Error(`no target of job ${job}`);
    const samples = failure ? null : 5;
    listener({ targetId: target.id, at: time.clock.now(), durationMs: 3, samples, error: failure });
  };
  const stop = (): void => {
    area.close();
    db.close();
  };
  return { area, db, vault, time, told, tried, asked, scraped, stop, wanted: () => wanted };
}

export const scrape = (job: string, address = 'app-1:9100', more: Partial<ScrapeConfig> = {}): ScrapeConfig =>
  scrapeConfigSchema.parse({ job, address, ...more });

export const input = (name: string, scrapes: ScrapeConfig[], more: Partial<HostInput> = {}) =>
  hostInputSchema.parse({ name, address: 'app-1', tier: 'business', scrapes, ...more });
