import { closeSync, mkdirSync, openSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDataFolder } from '../../main/engine/storage/data-folder.ts';
import { hmtt, startHeadlessEngine } from '../helpers/headless-engine.ts';
import { temporaryFolder } from '../helpers/temp-folder.ts';

const PROMETHEUS = `global:
  scrape_interval: 15s
scrape_configs:
  - job_name: 'prometheus'
    static_configs:
      - targets: ['localhost:9090']
  - job_name: 'hmtt-system'
    static_configs:
      - targets: ['hmtt-system:9100']
`;

test('wrong usage ends with 2, and says how to use it', async () => {
  const data = join(temporaryFolder('cli'), 'data');
  for (const args of [
    ['no-such-command'],
    ['query'],
    ['restore', 'x'],
    ['logs', 'search', '--limit', 'many'],
  ]) {
    const run = await hmtt(data, ...args);
    expect(run.code, args.join(' ')).toBe(2);
    expect(run.stderr).toMatch(/^error\[[A-Z_]+\]: .+\nhint: .+\n$/);
    expect(run.stdout).toBe('');
  }
});

test("the source document's prometheus.yml is imported, once; a broken one is refused whole with its line", async () => {
  const root = temporaryFolder('cli');
  const data = join(root, 'data');
  const file = join(root, 'prometheus.yml');
  writeFileSync(file, PROMETHEUS);
  const first = await hmtt(data, '--json', 'import', 'prometheus', file);
  expect(first.code).toBe(0);
  expect(JSON.parse(first.stdout)).toMatchObject({
    jobs: [
      { name: 'prometheus', targets: 1, intervalMs: 15_000 },
      { name: 'hmtt-system', targets: 1, intervalMs: 15_000 },
    ],
    targetsAdded: 2,
  });
  const again = await hmtt(data, '--json', 'import', 'prometheus', file);
  expect(JSON.parse(again.stdout)).toMatchObject({ targetsAdded: 0, targetsUnchanged: 2 });

  writeFileSync(file, PROMETHEUS.replace('static_configs', 'static_confgis').replace('9090', '9999'));
  const broken = await hmtt(data, 'import', 'prometheus', file);
  expect(broken.code).toBe(1);
  expect(broken.stderr).toMatch(/^error\[[A-Z_]+\]: .*\n?.*5/m);
  expect(broken.stderr).toMatch(/^hint: /m);
  const hosts = await hmtt(data, '--json', 'hosts', 'list');
  expect(hosts.stdout).not.toContain('9999');
});

test('a backup is made, listed, verified, restored; damage ends with 3', async () => {
  const root = temporaryFolder('cli');
  const data = join(root, 'data');
  const source = join(root, 'source');
  mkdirSync(source);
  for (let i = 0; i < 20; i++) writeFileSync(join(source, `f${i}`), `content of ${i}`.repeat(i * 50));
  const to = join(root, 'archive');
  expect(
    (await hmtt(data, 'backup', 'add', 'core', '--source', source, '--to', to, '--rpo', '1d')).code,
  ).toBe(0);
  const run = await hmtt(data, '--json', 'backup', 'run', 'core');
  expect(run.code).toBe(0);
  const point = JSON.parse(run.stdout);
  expect(point).toMatchObject({ type: 'full', state: 'complete', report: { files: 20 } });
  expect((await hmtt(data, 'backup', 'verify', 'core')).code).toBe(0);

  const dry = await hmtt(data, '--json', 'restore', 'core', '--to', join(root, 'out'), '--dry-run');
  expect(JSON.parse(dry.stdout).plan.totals.restore.files).toBe(20);
  const unconfirmed = await hmtt(data, 'restore', 'core', '--to', join(root, 'out'));
  expect(unconfirmed.code).toBe(2);
  const restored = await hmtt(
    data,
    '--json',
    'restore',
    'core',
    '--to',
    join(root, 'out'),
    '--only',
    `${source}/f7`,
    '--yes',
  );
  expect(restored.code).toBe(0);
  expect(JSON.parse(restored.stdout)).toMatchObject({ outcome: 'verified', files: 1 });
  expect(readFileSync(join(root, 'out', source, 'f7'))).toEqual(readFileSync(join(source, 'f7')));

  const handle = openSync(point.archivePath, 'r+');
  writeSync(handle, Buffer.from([0]), 0, 1, Math.floor(statSync(point.archivePath).size / 3));
  writeSync(handle, Buffer.from([0xff]), 0, 1, Math.floor(statSync(point.archivePath).size / 3) + 1);
  closeSync(handle);
  const damaged = await hmtt(data, '--json', 'backup', 'verify', 'core');
  expect(damaged.code).toBe(3);
  expect(JSON.parse(damaged.stdout).ok).toBe(false);
});

test('logs are added, read once, found and counted', async () => {
  const root = temporaryFolder('cli');
  const data = join(root, 'data');
  const log = join(root, 'app.log');
  writeFileSync(log, '2026-11-22T10:00:00Z ERROR 数据库连接失败\n2026-11-22T10:00:01Z INFO all well again\n');
  expect((await hmtt(data, 'logs', 'add', '--path', log)).code).toBe(0);
  expect(JSON.parse((await hmtt(data, '--json', 'logs', 'sync')).stdout)).toMatchObject({
    lines: 2,
    files: 1,
  });
  const found = await hmtt(data, '--json', 'logs', 'search', '连接失败');
  expect(JSON.parse(found.stdout)).toMatchObject({ total: 1, events: [{ level: 'error' }] });
  expect((await hmtt(data, 'logs', 'search', 'level:info', '--count')).stdout.trim()).toBe('1');
  const narrow = await hmtt(
    data,
    '--json',
    'logs',
    'search',
    '--from',
    '2026-11-22T10:00:01Z',
    '--to',
    '2026-11-22T11:00:00Z',
  );
  expect(JSON.parse(narrow.stdout).total).toBe(1);
});

test('a command asks the engine that runs; the API answers as Prometheus does; a silent owner ends with 4', async () => {
  const root = temporaryFolder('cli');
  const data = join(root, 'data');
  const engine = await startHeadlessEngine(data);
  const query = await hmtt(data, '--json', 'query', '1 + 1');
  expect(JSON.parse(query.stdout)).toMatchObject({ resultType: 'scalar', result: [expect.any(Number), '2'] });
  const answer = await fetch(`${engine.api}/api/v1/query?query=vector(3)&time=1700000000`);
  expect(await answer.json()).toEqual({
    status: 'success',
    data: { resultType: 'vector', result: [{ metric: {}, value: [1_700_000_000, '3'] }] },
  });
  const refused = await fetch(`${engine.api}/api/v1/query?query=sum(`);
  expect(refused.status).toBe(400);
  expect(await refused.json()).toMatchObject({ status: 'error', errorType: 'bad_data' });
  engine.close();
  expect(await engine.stop()).toBe(0);

  const owner = openDataFolder(data, Date.now());
  if (!owner.ok) throw new Error(owner.error.code);
  const blocked = await hmtt(data, 'hosts', 'list');
  owner.value.release();
  expect(blocked.code).toBe(4);
  expect(blocked.stderr).toContain('error[DATA_FOLDER_IN_USE]');
});

test('the API listens on loopback only', async () => {
  const data = join(temporaryFolder('cli'), 'data');
  for (const address of ['0.0.0.0:0', '192.0.2.1:80', 'example.org:80', '127.0.0.1:99999']) {
    const run = await hmtt(data, 'serve', '--listen', address);
    expect(run.code, address).toBe(2);
  }
});
