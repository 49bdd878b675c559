import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  type HostInput,
  hostInputSchema,
  type ScrapeConfig,
  scrapeConfigSchema,
} from '#shared/contract/hosts.ts';
import { type CallContext, type EventPayload, requests } from '#shared/contract/index.ts';
import { type AppError, appError, ok, type Result } from '#shared/errors/index.ts';
import type { ObservedScrape, WantedTarget } from '../../../main/engine/hosts/collector.ts';
import { createHostsArea, WORKSTATION_ID } from '../../../main/engine/hosts/index.ts';
import type { HostPaths } from '../../../main/engine/hosts/paths.ts';
import { consoleMigrations } from '../../../main/engine/storage/console-migrations/index.ts';
import { openWritable } from '../../../main/engine/storage/sqlite.ts';
import { fakeTime } from '../../helpers/fake-time.ts';
import { newVault } from '../../helpers/secrets.ts';
import { silentLogger } from '../../helpers/silent-logger.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

const START = 1_700_000_000_000;
const context = { signal: new AbortController().signal } as CallContext;

function value<T>(result: Result<T> | Promise<Result<T>>): T {
  if (result instanceof Promise) throw new Error('answers at once');
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message.en}`);
  return result.value;
}

function error<T>(result: Result<T> | Promise<Result<T>>): AppError {
  if (result instanceof Promise || result.ok) throw new Error('expected a refusal');
  return result.error;
}

/** An engine's start on a data folder, with a collector that a test speaks for. */
function startOn(folder: string, time = fakeTime(START)) {
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
      find: async (patterns) =>
        ok({ summary: { rules: [], ruleFilesMissing: [...patterns] }, keep: () => undefined }),
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

const scrape = (job: string, address = 'app-1:9100', more: Partial<ScrapeConfig> = {}): ScrapeConfig =>
  scrapeConfigSchema.parse({ job, address, ...more });

const input = (name: string, scrapes: ScrapeConfig[], more: Partial<HostInput> = {}) =>
  hostInputSchema.parse({ name, address: 'app-1', tier: 'business', scrapes, ...more });

test('this workstation is the first host, without any set-up, and only once', () => {
  const folder = temporaryFolder();
  const first = startOn(folder);
  expect(first.area.list()).toMatchObject([
    { id: WORKSTATION_ID, name: 'ws-1', thisWorkstation: true, state: 'not_watched', tier: 'workstation' },
  ]);
  expect(first.wanted()).toMatchObject([
    {
      kind: 'this-workstation',
      config: { job: 'this-workstation', intervalMs: 5_000, labels: { instance: 'ws-1' } },
    },
  ]);
  first.scraped(WORKSTATION_ID);
  expect(first.area.counts()).toEqual({ total: 1, up: 1, down: 0, unreachable: 0, notWatched: 0 });
  first.stop();
  const second = startOn(folder);
  expect(second.area.list()).toHaveLength(1);
  expect(error(second.area.handlers['hosts.remove']({ id: WORKSTATION_ID }, context)).code).toBe(
    'HOST_IS_WORKSTATION',
  );
  second.stop();
});

test('a host goes through its states, and its history survives a restart', () => {
  const folder = temporaryFolder();
  const first = startOn(folder);
  const { id } = value(
    first.area.handlers['hosts.add'](input('app-1', [scrape('node'), scrape('app')]), context),
  );
  expect(id).toBe('app-1');
  const step = (ms: number, job: string, failure: AppError | null = null): void => {
    first.time.advance(ms);
    first.scraped(job, failure);
  };
  const refused = appError('SCRAPE_REFUSED', { address: 'app-1:9100' });
  const noRoute = appError('SCRAPE_NO_ROUTE', { address: 'app-1:9100' });
  step(1_000, 'node', refused);
  step(1_000, 'app');
  step(1_000, 'app', refused);
  step(1_000, 'node', noRoute);
  step(1_000, 'app', noRoute);
  const { host, targets, history } = value(first.area.handlers['hosts.get']({ id }, context));
  expect(history).toEqual([
    { state: 'not_watched', from: START, to: START + 2_000 },
    { state: 'up', from: START + 2_000, to: START + 3_000 },
    { state: 'down', from: START + 3_000, to: START + 5_000 },
    { state: 'unreachable', from: START + 5_000, to: null },
  ]);
  expect(host).toMatchObject({ state: 'unreachable', targets: 2, targetsUp: 0, lastSeenAt: START + 2_000 });
  expect(host.lastError?.code).toBe('SCRAPE_NO_ROUTE');
  expect(targets.map(({ health }) => health)).toEqual(['down', 'down']);
  first.stop();

  // The engine was away for a minute.
  const second = startOn(folder, fakeTime(START + 65_000));
  second.area.recordGap({ from: START + 5_500, to: START + 65_000, reason: 'stopped' });
  second.time.advance(500);
  second.scraped('node');
  const after = value(second.area.handlers['hosts.get']({ id, start: START }, context));
  expect(after.history.slice(-3)).toEqual([
    { state: 'unreachable', from: START + 5_000, to: START + 5_500 },
    { state: 'not_watched', from: START + 5_500, to: START + 65_500 },
    { state: 'up', from: START + 65_500, to: null },
  ]);
  // One target is still to be asked; that is no failure.
  expect(after.host).toMatchObject({ state: 'up', targets: 2, targetsUp: 2 });
  second.stop();
});

test('what was up when the engine died was seen until then', () => {
  const folder = temporaryFolder();
  const first = startOn(folder);
  first.scraped(WORKSTATION_ID);
  // Killed: no close.
  first.db.close();
  const second = startOn(folder, fakeTime(START + 100_000));
  second.area.recordGap({ from: START + 10_000, to: START + 100_000, reason: 'crashed' });
  expect(second.area.list()[0]).toMatchObject({ state: 'not_watched', lastSeenAt: START + 10_000 });
  second.stop();
});

test('names, labels and timeouts that cannot be are refused and nothing is changed', () => {
  const { area, stop, wanted } = startOn(temporaryFolder());
  const add = area.handlers['hosts.add'];
  value(add(input('app-1', [scrape('node')]), context));
  const before = wanted();
  expect(error(add(input('app-1', [scrape('other')]), context))).toMatchObject({
    code: 'HOST_NAME_TAKEN',
    field: 'name',
  });
  expect(error(add(input('app-2', [scrape('node')]), context))).toMatchObject({
    code: 'TARGET_TAKEN',
    field: 'scrapes.0',
  });
  expect(error(add(input('app-2', [scrape('x'), scrape('x')]), context)).field).toBe('scrapes.1');
  const slow = scrape('slow', 'app-2:1', { intervalMs: 5_000, timeoutMs: 6_000 });
  expect(error(add(input('app-2', [slow]), context))).toMatchObject({
    code: 'SCRAPE_TIMEOUT_OVER_INTERVAL',
    field: 'scrapes.0.timeoutMs',
  });
  const reserved = scrape('r', 'app-2:1', { labels: { __name__: 'x' } });
  expect(error(add(input('app-2', [reserved]), context)).code).toBe('LABEL_RESERVED');
  expect(wanted()).toBe(before);
  expect(area.list()).toHaveLength(2);
  stop();
});

test('ids read well and differ', () => {
  const { area, stop } = startOn(temporaryFolder());
  const ids = ['App 1', 'app-1', '数据库 主机', '::1', '..'].map(
    (name, n) => value(area.handlers['hosts.add'](input(name, [scrape(`j${n}`)]), context)).id,
  );
  expect(ids).toEqual(['app-1', 'app-1-2', '数据库-主机', '1', 'host']);
  stop();
});

test('secrets are sealed: what is kept, collected and shown is a reference', () => {
  const { area, db, vault, stop, wanted } = startOn(temporaryFolder());
  const secret = scrape('node', 'app-1:9100', {
    basicAuth: { username: 'ops', password: 'hunter2' },
  });
  const token = scrape('token', 'app-1:9101', { bearerToken: 'hunter2' });
  const { id } = value(area.handlers['hosts.add'](input('app-1', [secret, token]), context));
  const shown = value(area.handlers['hosts.get']({ id }, context));
  expect(JSON.stringify(shown)).not.toContain('hunter2');
  expect(JSON.stringify(wanted())).not.toContain('hunter2');
  expect(JSON.stringify(db.prepare('SELECT config FROM scrape_target').all())).not.toContain('hunter2');
  const password = wanted().find(({ config }) => config.job === 'node')?.config.basicAuth?.password ?? '';
  expect(vault.open(password, 'http://app-1:9100')).toEqual(ok('hunter2'));
  value(area.handlers['hosts.remove']({ id }, context));
  expect(vault.status().secrets).toEqual([]);
  stop();
});

test('what an older version kept in clear is sealed at the start and wiped off the disk', () => {
  const folder = temporaryFolder();
  const first = startOn(folder);
  const config = scrape('node', 'app-1:9100', { basicAuth: { username: 'ops', password: 'hunter2' } });
  const { id } = value(first.area.handlers['hosts.add'](input('app-1', [config]), context));
  first.db.prepare('UPDATE scrape_target SET config = ? WHERE host_id = ?').run(JSON.stringify(config), id);
  first.db.prepare('DELETE FROM secret').run();
  first.db.exec(`VACUUM INTO '${join(folder, 'console.db.before-v24')}'`);
  first.stop();
  const disk = (): string =>
    readdirSync(folder)
      .filter((name) => name.startsWith('console.db'))
      .map((name) => readFileSync(join(folder, name), 'latin1'))
      .join('\n');
  expect(disk()).toContain('hunter2');
  const { vault, wanted, stop } = startOn(folder);
  const password = wanted().find(({ config: { job } }) => job === 'node')?.config.basicAuth?.password ?? '';
  expect(vault.open(password, 'http://app-1:9100')).toEqual(ok('hunter2'));
  expect(disk()).not.toContain('hunter2');
  stop();
});

test('an existing target is tried with its secrets, but only at its own place', async () => {
  const { area, vault, stop, tried } = startOn(temporaryFolder());
  const secret = scrape('node', 'app-1:9100', { basicAuth: { username: 'ops', password: 'hunter2' } });
  const { id } = value(area.handlers['hosts.add'](input('app-1', [secret]), context));
  const [shown] = value(area.handlers['hosts.get']({ id }, context)).targets;
  if (!shown) throw new Error('no target');
  expect(JSON.stringify(shown)).not.toContain('hunter2');
  await area.handlers['hosts.test']({ scrape: shown.config }, context);
  const ref = tried[0]?.config.basicAuth?.password ?? '';
  expect(vault.open(ref, 'http://app-1:9100')).toEqual(ok('hunter2'));
  // The same labels, but another machine: the secret stays here.
  const elsewhere = { ...shown.config, address: 'evil:9100', labels: { instance: 'app-1:9100' } };
  await area.handlers['hosts.test']({ scrape: elsewhere }, context);
  expect(tried[1]?.config.basicAuth?.password).toBe(ref);
  expect(vault.open(ref, 'http://evil:9100')).toMatchObject({ error: { code: 'SECRET_ELSEWHERE' } });
  const [own] = value(area.handlers['hosts.get']({ id: WORKSTATION_ID }, context)).targets;
  if (!own) throw new Error('no target');
  await area.handlers['hosts.test']({ scrape: own.config }, context);
  expect(tried[2]?.kind).toBe('this-workstation');
  stop();
});

test('a removed host is scraped no more and leaves no history', () => {
  const { area, stop, wanted } = startOn(temporaryFolder());
  const { id } = value(area.handlers['hosts.add'](input('app-1', [scrape('node')]), context));
  expect(wanted()).toHaveLength(2);
  value(area.handlers['hosts.remove']({ id }, context));
  expect(wanted()).toHaveLength(1);
  expect(error(area.handlers['hosts.get']({ id }, context)).code).toBe('NOT_FOUND');
  expect(error(area.handlers['hosts.remove']({ id }, context)).code).toBe('NOT_FOUND');
  stop();
});

test('changes are told together, about once a second', () => {
  const { area, time, told, scraped, stop } = startOn(temporaryFolder());
  time.advance(2_000);
  told.length = 0;
  value(area.handlers['hosts.add'](input('app-1', [scrape('node')]), context));
  for (let n = 0; n < 5; n += 1) scraped(WORKSTATION_ID);
  expect(told).toEqual([]);
  time.advance(1_000);
  expect(told).toHaveLength(1);
  expect(new Set(told[0]?.ids)).toEqual(new Set(['app-1', WORKSTATION_ID]));
  stop();
});

const FILE = `global: {scrape_interval: 15s}
rule_files: [rules.yml]
scrape_configs:
  - job_name: prometheus
    static_configs: [{targets: ['localhost:9090']}]
  - job_name: hmtt-system
    static_configs: [{targets: ['hmtt-system:9100', 'hmtt-system:9256', 'HMTT-db:9100']}]
`;

test('an import makes one host for each address, and importing again changes nothing', async () => {
  const folder = temporaryFolder();
  const { area, stop, wanted } = startOn(folder);
  const load = area.handlers['hosts.importPrometheus'];
  const dry = value(await load({ fileName: 'p.yml', text: FILE, dryRun: true }, context));
  expect(area.list()).toHaveLength(1);
  const summary = value(await load({ fileName: 'p.yml', text: FILE, dryRun: false }, context));
  expect(summary).toEqual(dry);
  expect(summary).toEqual({
    jobs: [
      { name: 'prometheus', targets: 1, intervalMs: 15_000, line: 4 },
      { name: 'hmtt-system', targets: 3, intervalMs: 15_000, line: 6 },
    ],
    ruleFiles: ['rules.yml'],
    rules: [],
    ruleFilesMissing: ['rules.yml'],
    remoteWrites: [],
    hostsAdded: ['localhost', 'hmtt-system', 'hmtt-db'],
    targetsAdded: 4,
    targetsChanged: 0,
    targetsUnchanged: 0,
    targetsDropped: 0,
    targetsGone: 0,
    discovery: [],
  });
  expect(area.list().map(({ name }) => name)).toEqual(['hmtt-db', 'hmtt-system', 'localhost', 'ws-1']);
  expect(wanted()).toHaveLength(5);
  const again = value(await load({ fileName: 'p.yml', text: FILE, dryRun: false }, context));
  expect(again).toMatchObject({ hostsAdded: [], targetsAdded: 0, targetsChanged: 0, targetsUnchanged: 4 });
  const faster = FILE.replace('15s', '7s').replace("'localhost:9090'", "'localhost:9090', 'localhost:9093'");
  expect(value(await load({ fileName: 'p.yml', text: faster, dryRun: false }, context))).toMatchObject({
    hostsAdded: [],
    targetsAdded: 1,
    targetsChanged: 4,
    targetsUnchanged: 0,
  });
  stop();
  const second = startOn(folder);
  expect(second.wanted()).toHaveLength(6);
  expect(second.wanted().filter(({ config }) => config.intervalMs === 7_000)).toHaveLength(5);
  second.stop();
});

test('a file with one wrong line changes nothing', async () => {
  const { area, stop, wanted } = startOn(temporaryFolder());
  const refused = error(
    await area.handlers['hosts.importPrometheus'](
      { fileName: '/etc/p.yml', text: `${FILE}  - job_name: x\n    scrape_interval: often\n`, dryRun: false },
      context,
    ),
  );
  expect(refused).toMatchObject({
    code: 'PROMETHEUS_FILE_FIELD',
    line: 9,
    field: 'scrape_configs[2].scrape_interval',
  });
  expect(refused.message.en).toContain('p.yml, line 9');
  expect(area.list()).toHaveLength(1);
  expect(wanted()).toHaveLength(1);
  stop();
});

test('an imported target joins the host that was added by hand at the same address', async () => {
  const { area, stop } = startOn(temporaryFolder());
  value(area.handlers['hosts.add'](input('System', [scrape('node')], { address: 'HMTT-system' }), context));
  const summary = value(
    await area.handlers['hosts.importPrometheus']({ fileName: 'p.yml', text: FILE, dryRun: false }, context),
  );
  expect(summary.hostsAdded).toEqual(['localhost', 'hmtt-db']);
  expect(area.list().find(({ name }) => name === 'System')?.targets).toBe(3);
  stop();
});

/** Hosts app-1 and app-2 behind the switch sw-1. */
const behindSwitch: HostPaths = {
  causesOf: (id, life) =>
    id !== 'sw-1' && life.host('sw-1') === 'dead' ? [{ kind: 'host', id: 'sw-1', name: 'sw-1' }] : [],
  waysOf: (id) => (id.startsWith('app') ? ['sw-1'] : []),
  dependentsOf: (id) => (id === 'sw-1' ? ['app-1', 'app-2'] : []),
};

/** A site of a switch and two hosts behind it, all of them up. */
function switchSite() {
  const site = startOn(temporaryFolder());
  const refused = appError('SCRAPE_REFUSED', { address: 'app-1:9100' });
  for (const name of ['sw-1', 'app-1', 'app-2'])
    site.area.handlers['hosts.add'](input(name, [scrape(name, `${name}:9100`)]), context);
  site.area.setPaths(behindSwitch);
  for (const name of ['sw-1', 'app-1', 'app-2']) site.scraped(name);
  const host = (id: string) => site.area.list().find((one) => one.id === id);
  return { ...site, refused, host };
}

test('hosts behind a dead switch go from up to unreachable without ever being called down', () => {
  const { time, scraped, asked, refused, host, wanted, stop } = switchSite();
  time.advance(5_000);
  scraped('app-1', refused);
  // Nothing new is said, not even that a target fails, until the switch was asked out of its turn.
  expect(host('app-1')).toMatchObject({ state: 'up', targetsUp: 1 });
  expect(asked).toEqual([wanted().find(({ config }) => config.job === 'sw-1')?.id]);
  time.advance(1_000);
  scraped('sw-1', refused);
  expect(host('sw-1')).toMatchObject({ state: 'down' });
  expect(host('app-1')).toMatchObject({
    state: 'unreachable',
    stateSince: START + 5_000,
    causes: [{ kind: 'host', id: 'sw-1', name: 'sw-1' }],
    lastError: { code: 'HOST_BEHIND_DEAD', message: { zh: '位于 sw-1 之后，sw-1 已故障。' } },
  });
  // The other has not failed yet; when it does, its cause is known at once.
  expect(host('app-2')?.state).toBe('up');
  time.advance(1_000);
  scraped('app-2', refused);
  expect(host('app-2')).toMatchObject({ state: 'unreachable', causes: [{ id: 'sw-1' }] });
  stop();
});

test('a host that dies alone is down as soon as its switch was found alive', () => {
  const { time, scraped, refused, host, stop } = switchSite();
  time.advance(5_000);
  scraped('app-1', refused);
  time.advance(200);
  scraped('sw-1');
  expect(host('app-1')).toMatchObject({
    state: 'down',
    stateSince: START + 5_000,
    lastError: { code: 'SCRAPE_REFUSED' },
  });
  expect(host('app-1')?.causes).toBeUndefined();
  stop();
});

test('after the switch comes back a host is unreachable until it is asked again', () => {
  const { time, scraped, refused, host, stop } = switchSite();
  time.advance(5_000);
  scraped('sw-1', refused);
  for (const name of ['app-1', 'app-2']) scraped(name, refused);
  time.advance(60_000);
  scraped('sw-1');
  expect(host('app-1')).toMatchObject({ state: 'unreachable', causes: [{ id: 'sw-1' }] });
  time.advance(1_000);
  scraped('app-1');
  scraped('app-2', refused);
  expect(host('app-1')?.state).toBe('up');
  expect(host('app-2')).toMatchObject({ state: 'down', lastError: { code: 'SCRAPE_REFUSED' } });
  stop();
});

test('hosts are judged anew when somebody says what stands behind what', () => {
  const { area, time, scraped, refused, host, stop } = switchSite();
  area.setPaths({ causesOf: () => [], waysOf: () => [], dependentsOf: () => [] });
  time.advance(5_000);
  scraped('sw-1', refused);
  scraped('app-1', refused);
  expect(host('app-1')?.state).toBe('down');
  area.setPaths(behindSwitch);
  expect(host('app-1')?.state).toBe('unreachable');
  stop();
});

test('a listed host is found by its name, or by the address that an import named it after', () => {
  const { area, scraped, stop } = startOn(temporaryFolder());
  const named = input('10.0.0.7', [scrape('node', '10.0.0.7:9100')], { address: '10.0.0.7' });
  const added = area.handlers['hosts.add'](named, context);
  expect(added).toMatchObject({ ok: true });
  scraped('node');
  const plan = area.entries.plan([
    { name: 'db-7', address: '10.0.0.7', tier: 'data', scrapes: [scrape('node', '10.0.0.7:9100')] },
    { name: 'db-8', address: '10.0.0.8', scrapes: [scrape('node', '10.0.0.8:9100')] },
    { name: 'nowhere' },
  ]);
  expect(plan.changes).toEqual([
    { name: 'db-7', action: 'change', fields: ['name', 'tier'], targetsAdded: 0, targetsChanged: 0 },
    { name: 'db-8', action: 'add', fields: [], targetsAdded: 1, targetsChanged: 0 },
  ]);
  expect(plan.refused).toMatchObject([{ name: 'nowhere', error: { code: 'INVENTORY_NO_ADDRESS' } }]);
  area.entries.write(plan);
  area.entries.took(plan);
  expect(area.list()).toMatchObject([
    { name: 'db-8', state: 'not_watched' },
    { name: 'ws-1' },
    { name: 'db-7', id: '10.0.0.7', tier: 'data', state: 'up' },
  ]);
  expect(area.entries.plan([{ name: 'db-7', tier: 'data' }]).changes).toMatchObject([{ action: 'same' }]);
  stop();
});

test('a list without secrets leaves those that a target has, and carries them nowhere else', () => {
  const { area, vault, wanted, stop } = startOn(temporaryFolder());
  const login = { basicAuth: { username: 'prom', password: 'planted-secret' } };
  area.handlers['hosts.add'](input('app-1', [scrape('node', 'app-1:9100', login)]), context);
  const listed = (more: Partial<ScrapeConfig>) =>
    scrape('node', 'app-1:9100', { basicAuth: { username: 'prom' }, ...more });
  const put = (config: ScrapeConfig): void => {
    const plan = value(area.entries.seal(area.entries.plan([{ name: 'app-1', scrapes: [config] }])));
    area.entries.write(plan);
    area.entries.took(plan);
  };
  const password = () => wanted().find(({ config }) => config.job === 'node')?.config.basicAuth?.password;
  put(listed({ intervalMs: 30_000 }));
  expect(vault.open(password() ?? '', 'http://app-1:9100')).toEqual(ok('planted-secret'));
  put(listed({ metricsPath: '/elsewhere' }));
  expect(password()).toBeUndefined();
  expect(vault.status().secrets).toEqual([]);
  stop();
});

test('what a person said of a host can be changed; this workstation and taken names cannot', () => {
  const folder = temporaryFolder();
  const { area, stop } = startOn(folder);
  const { id } = value(area.handlers['hosts.add'](input('app-1', [scrape('node')]), context));
  value(area.handlers['hosts.add'](input('app-2', [scrape('node', 'app-2:9100')]), context));
  const change = (more: object) => {
    const { scrapes: _, ...said } = input('erp', [scrape('node')], { tier: 'data', labels: { site: 'x' } });
    return area.handlers['hosts.update']({ id, ...said, ...more }, context);
  };
  value(change({}));
  expect(area.list().find((host) => host.id === id)).toMatchObject({ name: 'erp', tier: 'data', targets: 1 });
  expect(error(change({ name: 'app-2' })).code).toBe('HOST_NAME_TAKEN');
  expect(error(change({ id: WORKSTATION_ID })).code).toBe('HOST_IS_WORKSTATION');
  stop();
  const again = startOn(folder);
  expect(again.area.list().find((host) => host.id === id)).toMatchObject({
    name: 'erp',
    labels: { site: 'x' },
  });
  again.stop();
});

test('a stored target whose address no request may name any more is still scraped, and not lost', () => {
  const folder = temporaryFolder();
  const first = startOn(folder);
  const { id } = value(first.area.handlers['hosts.add'](input('app-1', [scrape('node')]), context));
  first.db
    .prepare(`UPDATE scrape_target SET config = json_set(config, '$.address', ?) WHERE host_id = ?`)
    .run('10.0.0.300:9100', id);
  first.stop();
  const second = startOn(folder);
  expect(second.area.unreadableTargets).toEqual([]);
  expect(second.wanted().map(({ config }) => config.address)).toContain('10.0.0.300:9100');
  second.scraped('node', appError('SCRAPE_BAD_ADDRESS', { address: '10.0.0.300:9100' }));
  expect(second.area.list().find((host) => host.id === id)).toMatchObject({ state: 'down', targets: 1 });
  const shown = value(second.area.handlers['hosts.get']({ id }, context));
  expect(requests['hosts.get'].output.safeParse(shown).error).toBeUndefined();
  second.stop();
  expect(scrapeConfigSchema.safeParse({ job: 'node', address: '10.0.0.300:9100' }).success).toBe(false);
});
