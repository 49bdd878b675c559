import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Host, hostInputSchema, scrapeConfigSchema } from '#shared/contract/hosts.ts';
import type { CallContext } from '#shared/contract/index.ts';
import { ok, type Result } from '#shared/errors/index.ts';
import { slotOffset } from '../../main/engine/collect/grid.ts';
import { type CollectArea, createCollectArea } from '../../main/engine/collect/index.ts';
import { createHostsArea, type HostsArea } from '../../main/engine/hosts/index.ts';
import { inspectExposition } from '../../main/engine/metrics/exposition/inspect.ts';
import { systemClock } from '../../main/engine/platform/clock.ts';
import { systemTimers } from '../../main/engine/platform/timers.ts';
import { consoleMigrations } from '../../main/engine/storage/console-migrations/index.ts';
import { openWritable, type WritableDb } from '../../main/engine/storage/sqlite.ts';
import { type MemorySink, memorySink, type SunkScrape } from '../helpers/memory-sink.ts';
import { type NodeExporter, startNodeExporter } from '../helpers/node-exporter.ts';
import { PATIENCE_MS } from '../helpers/patience.ts';
import { type Peer, startPeer, untilAnswers } from '../helpers/peer-process.ts';
import { freePort } from '../helpers/ports.ts';
import { newVault } from '../helpers/secrets.ts';
import { silentLogger } from '../helpers/silent-logger.ts';

const context = { signal: new AbortController().signal } as CallContext;

let folder: string;
let db: WritableDb;
let sink: MemorySink;
let collect: CollectArea;
let hosts: HostsArea;
let exporter: NodeExporter;
let prometheus: Peer;
let prometheusPort: number;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hmtt-peers-'));
  exporter = await startNodeExporter();
  prometheusPort = await freePort();
  const config = join(folder, 'empty.yml');
  writeFileSync(config, 'global: {}\n');
  prometheus = await startPeer(
    'prometheus',
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, 'tsdb')}`,
      `--web.listen-address=127.0.0.1:${prometheusPort}`,
    ],
    'prometheus',
  );
  await untilAnswers(`http://127.0.0.1:${prometheusPort}/-/ready`, prometheus);
  const opened = openWritable(join(folder, 'console.db'), {
    migrations: consoleMigrations,
    synchronous: 'FULL',
  });
  if (!opened.ok) throw new Error(opened.error.message.en);
  db = opened.value;
  sink = memorySink();
  const deps = { clock: systemClock, timers: systemTimers, logger: silentLogger };
  collect = createCollectArea({ ...deps, sink, inspect: inspectExposition });
  hosts = createHostsArea({
    ...deps,
    db,
    secrets: newVault(db),
    collector: collect,
    broadcast: () => undefined,
    hostName: 'ws-1',
    remoteWrites: { adopt: () => ok({}) },
    rules: {
      find: async (patterns) =>
        ok({ summary: { rules: [], ruleFilesMissing: [...patterns] }, keep: () => undefined }),
      apply: async () => undefined,
    },
  });
  hosts.start();
});

afterAll(async () => {
  hosts.close();
  await collect.close();
  db.close();
  await Promise.all([exporter.stop(), prometheus.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

async function value<T>(result: Result<T> | Promise<Result<T>>): Promise<T> {
  const answer = await result;
  if (!answer.ok) throw new Error(`${answer.error.code}: ${answer.error.message.en}`);
  return answer.value;
}

async function untilState(name: string, state: Host['state'], ms = PATIENCE_MS): Promise<Host> {
  const deadline = performance.now() + ms;
  for (;;) {
    const host = hosts.list().find((other) => other.name === name);
    if (host?.state === state) return host;
    if (performance.now() > deadline)
      throw new Error(`${name} is ${host?.state}, not ${state}: ${host?.lastError?.message.en}`);
    await wait(20);
  }
}

const upScrapes = (job: string): Extract<SunkScrape, { kind: 'up' }>[] =>
  sink.of(job).scrapes.filter((scrape) => scrape.kind === 'up');

test('this workstation is up within seconds of the first start, with no set-up', async () => {
  const start = performance.now();
  await untilState('ws-1', 'up');
  expect(performance.now() - start).toBeLessThan(10_000);
  const target = sink.of('this-workstation');
  expect(target.spec.labels).toEqual({ job: 'this-workstation', instance: 'ws-1' });
  expect(upScrapes('this-workstation')[0]?.body).toContain('node_memory_MemTotal_bytes');
});

test('the example of the source document, against a real Prometheus and a real node_exporter', async () => {
  const text = `global:
  scrape_interval: 1s
scrape_configs:
  - job_name: 'prometheus'
    static_configs:
      - targets: ['localhost:${prometheusPort}']
  - job_name: 'hmtt-system'
    static_configs:
      - targets: ['${exporter.address}']
`;
  const file = join(folder, 'prometheus.yml');
  writeFileSync(file, text);
  // What the console accepts, Prometheus accepts too.
  expect(execFileSync('promtool', ['check', 'config', file]).toString()).toContain('SUCCESS');
  const summary = await value(
    hosts.handlers['hosts.importPrometheus']({ fileName: file, text, dryRun: false }, context),
  );
  expect(summary.hostsAdded).toEqual(['localhost', '127.0.0.1']);
  await untilState('localhost', 'up');
  await untilState('127.0.0.1', 'up');
  const [own] = upScrapes('prometheus');
  expect(own?.contentType).toContain('version=0.0.4');
  expect(own?.body).toContain('prometheus_build_info');
  const [node] = upScrapes('hmtt-system');
  expect(node?.samples).toBeGreaterThan(300);
  expect(sink.of('hmtt-system').spec.labels).toEqual({ job: 'hmtt-system', instance: exporter.address });
});

test('scrapes keep to the grid to the millisecond', async () => {
  const target = hosts.targets().find(({ config }) => config.job === 'hmtt-system');
  const offset = slotOffset(target?.id ?? '', 1_000);
  const lateness = (): readonly number[] =>
    upScrapes('hmtt-system')
      .slice(1)
      .map(({ time }) => (time - offset + 1_000) % 1_000);
  // A machine under load may wake any timer late; one that is woken within 2 ms of its slot has exactly its time. A
  // scheduler off its grid would meet it by chance only, once in hundreds.
  await expect.poll(() => lateness().filter((ms) => ms === 0).length).toBeGreaterThanOrEqual(3);
  // Later than half the interval, a scrape is left out.
  expect(lateness().filter((ms) => ms > 500)).toEqual([]);
});

test('an exporter that dies is down, and up again when it is back', async () => {
  await exporter.stop();
  const down = await untilState('127.0.0.1', 'down');
  expect(down.lastError?.code).toMatch(/^SCRAPE_(REFUSED|RESET)$/);
  expect(down.lastSeenAt).toBeGreaterThan(Date.now() - 10_000);
  exporter = await startNodeExporter(exporter.port);
  await untilState('127.0.0.1', 'up');
  const { history } = await value(hosts.handlers['hosts.get']({ id: down.id }, context));
  expect(history.map(({ state }) => state)).toEqual(['not_watched', 'up', 'down', 'up']);
});

test('a removed host becomes stale and is scraped no more', async () => {
  const scrape = scrapeConfigSchema.parse({
    job: 'gone',
    address: exporter.address,
    intervalMs: 1_000,
    timeoutMs: 900,
  });
  const input = hostInputSchema.parse({
    name: 'gone',
    address: '127.0.0.1',
    tier: 'other',
    scrapes: [scrape],
  });
  const { id } = await value(hosts.handlers['hosts.add'](input, context));
  await untilState('gone', 'up');
  await value(hosts.handlers['hosts.remove']({ id }, context));
  const { scrapes } = sink.of('gone');
  expect(scrapes.at(-1)?.kind).toBe('end');
  const count = scrapes.length;
  await wait(1_500);
  expect(scrapes).toHaveLength(count);
});

test('trying a target tells its steps apart', async () => {
  const tryOut = (more: object) =>
    value(
      hosts.handlers['hosts.test'](
        {
          scrape: scrapeConfigSchema.parse({
            job: 'try',
            address: exporter.address,
            timeoutMs: 2_000,
            ...more,
          }),
        },
        context,
      ),
    );
  const good = await tryOut({ address: exporter.address.replace('127.0.0.1', 'localhost') });
  expect(good.steps.map(({ step, ok }) => `${step} ${ok}`)).toEqual([
    'resolve true',
    'connect true',
    'request true',
    'parse true',
  ]);
  expect(good.samples).toBeGreaterThan(300);
  expect(good.sampleNames).toContain('node_cpu_seconds_total');
  expect(good.steps.map(({ detail }) => detail).join(' ')).toMatch(/127\.0\.0\.1.*HTTP 200.*samples/);

  const refused = await tryOut({ address: `127.0.0.1:${await freePort()}` });
  expect(refused.steps).toMatchObject([{ step: 'connect', ok: false, error: { code: 'SCRAPE_REFUSED' } }]);

  const noName = await tryOut({ address: 'no-such-host.invalid:9100' });
  expect(noName.steps).toMatchObject([
    { step: 'resolve', ok: false, error: { code: 'SCRAPE_NAME_UNKNOWN' } },
  ]);

  const wrongPath = await tryOut({ metricsPath: '/' });
  expect(wrongPath.steps.at(-1)).toMatchObject({
    step: 'request',
    ok: false,
    error: { code: 'SCRAPE_HTML' },
  });

  const notTls = await tryOut({ scheme: 'https' });
  expect(notTls.steps.map(({ step, ok }) => `${step} ${ok}`)).toEqual(['connect true', 'tls false']);

  const tooMany = await tryOut({ sampleLimit: 10 });
  expect(tooMany.steps.at(-1)).toMatchObject({
    step: 'parse',
    ok: false,
    error: { code: 'SAMPLE_LIMIT_EXCEEDED' },
  });
  const own = await value(hosts.handlers['hosts.get']({ id: 'this-workstation' }, context));
  const config = own.targets[0]?.config;
  if (!config) throw new Error('no target');
  const local = await value(hosts.handlers['hosts.test']({ scrape: config }, context));
  expect(local.steps.map(({ step, ok }) => `${step} ${ok}`)).toEqual(['request true', 'parse true']);
  expect(local.sampleNames).toContain('node_load1');
  // Nothing of it was stored.
  expect(() => sink.of('try')).toThrow();
});
