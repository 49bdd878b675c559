import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scrapeConfigSchema } from '#shared/contract/hosts.ts';
import { requests } from '#shared/contract/index.ts';
import { type AppError, appError, ok } from '#shared/errors/index.ts';
import { WORKSTATION_ID } from '../../../main/engine/hosts/index.ts';
import { fakeTime } from '../../helpers/fake-time.ts';
import { context, error, input, START, scrape, startOn, value } from '../../helpers/hosts-area.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

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

test('a quick restart and a new target leave a dead host dead until all of it was asked', async () => {
  const folder = temporaryFolder();
  const refused = appError('SCRAPE_REFUSED', { address: 'app-1:9100' });
  const first = startOn(folder);
  const { id } = value(
    first.area.handlers['hosts.add'](input('app-1', [scrape('node'), scrape('app')]), context),
  );
  first.scraped('node', refused);
  first.scraped('app', refused);
  first.stop();

  const second = startOn(folder, fakeTime(START + 3_000));
  const host = () => second.area.list().find((each) => each.id === id);
  second.scraped('app', refused);
  expect(host()).toMatchObject({ state: 'down', stateSince: START });
  second.scraped('node', refused);
  const text = 'scrape_configs: [{ job_name: more, static_configs: [{ targets: ["app-1:9200"] }] }]';
  const file = { fileName: 'p.yml', text, dryRun: false };
  value(await second.area.handlers['hosts.importPrometheus'](file, context));
  second.scraped('node', refused);
  expect(host()).toMatchObject({ state: 'down', stateSince: START, targets: 3 });
  second.scraped('more');
  expect(host()).toMatchObject({ state: 'up' });
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

test('a host that is removed while an import waits for its rules is planned anew, not written over', async () => {
  let find = (): void => undefined;
  let isAsked = false;
  const found = new Promise<void>((resolve) => {
    find = resolve;
  });
  const { area, stop } = startOn(temporaryFolder(), fakeTime(START), async () => {
    isAsked = true;
    await found;
  });
  const added = value(
    area.handlers['hosts.add'](
      input('old name', [scrape('other', 'db-1:9300')], { address: 'db-1' }),
      context,
    ),
  );
  const text = 'scrape_configs: [{ job_name: node, static_configs: [{ targets: ["db-1:9100"] }] }]';
  const importing = area.handlers['hosts.importPrometheus'](
    { fileName: 'p.yml', text, dryRun: false },
    context,
  );
  await expect.poll(() => isAsked).toBe(true);
  value(area.handlers['hosts.remove']({ id: added.id }, context));
  find();
  expect(value(await importing)).toMatchObject({ hostsAdded: ['db-1'], targetsAdded: 1 });
  const targets = area.targets().filter(({ config }) => config.job === 'node');
  expect(targets).toHaveLength(1);
  expect(area.list().map(({ id }) => id)).toContain(targets[0]?.hostId);
  stop();
});

test('a stored job that cannot be read is told and listed, keeps its targets, and can be imported again or removed', async () => {
  const folder = temporaryFolder();
  const text = 'scrape_configs: [{ job_name: node, static_configs: [{ targets: ["db-1:9100"] }] }]';
  const file = { fileName: 'p.yml', text, dryRun: false };
  const first = startOn(folder);
  value(await first.area.handlers['hosts.importPrometheus'](file, context));
  const spoil = first.db.prepare(
    `UPDATE scrape_job SET data = json_set(data, '$.settings.intervalMs', 'often')`,
  );
  expect(spoil.run().changes).toBe(1);
  first.stop();

  const second = startOn(folder);
  const jobs = () => second.area.handlers['hosts.jobs.list']({}, context);
  expect(value(jobs())).toMatchObject({
    jobs: [],
    unreadable: [
      { name: 'node', error: { message: { en: expect.stringContaining('(settings.intervalMs)') } } },
    ],
  });
  expect(second.area.unreadableJobs()).toHaveLength(1);
  expect(second.wanted().map(({ config }) => config.address)).toContain('db-1:9100');
  value(await second.area.handlers['hosts.importPrometheus'](file, context));
  expect(value(jobs())).toMatchObject({ jobs: [{ targets: 1 }], unreadable: [] });
  second.db.exec(`UPDATE scrape_job SET data = json_set(data, '$.settings.intervalMs', 'often')`);
  second.stop();

  const third = startOn(folder);
  value(await third.area.handlers['hosts.jobs.remove']({ name: 'node' }, context));
  expect(third.area.unreadableJobs()).toEqual([]);
  expect(third.wanted().map(({ config }) => config.address)).not.toContain('db-1:9100');
  third.stop();
});
