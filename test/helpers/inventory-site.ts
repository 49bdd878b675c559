import { join } from 'node:path';
import { hostInputSchema, scrapeConfigSchema } from '#shared/contract/hosts.ts';
import type { CallContext } from '#shared/contract/index.ts';
import {
  componentInputSchema,
  hostCardInputSchema,
  linkInputSchema,
  type NodeRef,
} from '#shared/contract/inventory.ts';
import { type AppError, appError, ok, type Result } from '#shared/errors/index.ts';
import type { ObservedScrape, WantedTarget } from '../../main/engine/hosts/collector.ts';
import { createHostsArea } from '../../main/engine/hosts/index.ts';
import { createInventoryArea } from '../../main/engine/inventory/area.ts';
import { consoleMigrations } from '../../main/engine/storage/console-migrations/index.ts';
import { openWritable } from '../../main/engine/storage/sqlite.ts';
import { fakeTime } from './fake-time.ts';
import { newVault } from './secrets.ts';
import { silentLogger } from './silent-logger.ts';
import { temporaryFolder } from './temp-folder.ts';

const context: CallContext = {
  signal: new AbortController().signal,
  closed: new AbortController().signal,
  emit: () => undefined,
};

export const START = 1_700_000_000_000;

/** The value of a result that must have one. */
export function taken<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message.en}`);
  return result.value;
}

/** The error of a result that must have one. */
export function refused(result: Result<unknown>): AppError {
  if (result.ok) throw new Error(`was taken: ${JSON.stringify(result.value)}`);
  return result.error;
}

/** The value of a handler that answers at once. */
function now<T>(result: Result<T> | Promise<Result<T>>): Result<T> {
  if (result instanceof Promise) throw new Error('does not answer at once');
  return result;
}

export const host = (id: string): NodeRef => ({ kind: 'host', id });
export const component = (id: string): NodeRef => ({ kind: 'component', id });

/** Hosts and inventory on a data folder, with a collector that a test speaks for. */
export function startSite(folder = temporaryFolder()) {
  const time = fakeTime(START);
  const db = taken(
    openWritable(join(folder, 'console.db'), { migrations: consoleMigrations, synchronous: 'NORMAL' }),
  );
  let wanted: readonly WantedTarget[] = [];
  let listener: (scrape: ObservedScrape) => void = () => undefined;
  const secrets = newVault(db);
  const shared = { db, clock: time.clock, logger: silentLogger, broadcast: () => undefined };
  const hosts = createHostsArea({
    ...shared,
    secrets,
    timers: time.timers,
    hostName: 'ws-1',
    remoteWrites: { adopt: () => ok({}) },
    rules: {
      find: async () => ok({ summary: { rules: [], ruleFilesMissing: [] }, keep: () => undefined }),
      apply: async () => undefined,
    },
    collector: {
      setTargets: (targets) => {
        wanted = targets;
      },
      watch: (hear) => {
        listener = hear;
      },
      askSoon: () => undefined,
      tryScrape: async () => ({ steps: [], samples: 0, sampleNames: [] }),
      readSamples: async () => ok({ total: 0, series: [], error: null }),
    },
  });
  hosts.start();
  const area = createInventoryArea({ ...shared, hosts, version: '0.1.0' });
  const { handlers } = area;
  /** Says what the last check of a host's targets brought. */
  const checked = (name: string, lives: boolean): void => {
    const id = hosts.list().find((one) => one.name === name)?.id;
    for (const target of hosts.targets().filter(({ hostId }) => hostId === id))
      listener({
        targetId: target.id,
        at: time.clock.now(),
        durationMs: 3,
        samples: lives ? 5 : null,
        error: lives ? null : appError('SCRAPE_REFUSED', { address: name }),
      });
  };
  return {
    area,
    hosts,
    secrets,
    time,
    db,
    checked,
    wanted: () => wanted,
    addHost: (name: string): void => {
      const scrapes = [scrapeConfigSchema.parse({ job: 'node', address: `${name}:9100` })];
      const input = hostInputSchema.parse({ name, address: name, tier: 'business', scrapes });
      taken(now(hosts.handlers['hosts.add'](input, context)));
    },
    removeHost: (id: string) => taken(now(hosts.handlers['hosts.remove']({ id }, context))),
    link: (from: NodeRef, to: NodeRef, more: object = {}, version = 0) =>
      now(
        handlers['inventory.link.put'](
          { link: linkInputSchema.parse({ from, to, dependsOn: 'network', ...more }), version },
          context,
        ),
      ),
    putComponent: (more: object, version = 0) =>
      now(
        handlers['inventory.component.put'](
          { component: componentInputSchema.parse(more), version },
          context,
        ),
      ),
    putCard: (more: object, version = 0) =>
      now(handlers['inventory.card.put']({ card: hostCardInputSchema.parse(more), version }, context)),
    all: () => taken(now(handlers['inventory.get']({}, context))),
    topology: () => taken(now(handlers['inventory.topology']({}, context))),
    node: (node: NodeRef) => taken(now(handlers['inventory.node']({ node }, context))),
    history: (id?: string) =>
      taken(now(handlers['inventory.history']({ limit: 100, ...(id === undefined ? {} : { id }) }, context)))
        .changes,
    importText: async (
      text: string | Uint8Array,
      more: { fileName?: string; take?: 'all' | 'good'; dryRun?: boolean } = {},
    ) =>
      handlers['inventory.import'](
        {
          fileName: 'list.csv',
          bytes: Buffer.from(text as string).toString('base64'),
          format: 'auto',
          take: 'all',
          dryRun: false,
          ...more,
        },
        context,
      ),
    importYml: async (text: string) =>
      taken(
        await hosts.handlers['hosts.importPrometheus']({ fileName: 'p.yml', text, dryRun: false }, context),
      ),
    exported: () => taken(now(handlers['inventory.export']({}, context))).text,
    stop: (): void => {
      hosts.close();
      db.close();
    },
  };
}
