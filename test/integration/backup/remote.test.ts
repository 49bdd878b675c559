import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type HeadlessEngine, hmtt, startHeadlessEngine } from '../../helpers/headless-engine.ts';
import { jobEnd } from '../../helpers/job-end.ts';
import { type Sshd, startSshd } from '../../helpers/sshd.ts';
import { describeTree, treeDifferences } from '../../helpers/trees.ts';
import { debian, scratch } from './harness.ts';

/** Folders of a host over Debian's sshd: fetched, kept in step, backed up in chains, unpacked with standard tools. */

const place = scratch('backup-remote');
const source = join(place.dir, 'host', 'srv');
const target = join(place.dir, 'target');
const data = join(place.dir, 'data');
let sshd: Sshd;
let engine: HeadlessEngine;
let login = '';

beforeAll(async () => {
  sshd = await startSshd(join(place.dir, 'sshd'));
  mkdirSync(join(source, 'deep/中文 名'), { recursive: true });
  mkdirSync(join(source, 'empty'));
  writeFileSync(join(source, 'deep/中文 名/data'), randomBytes(1_500_000));
  writeFileSync(join(source, 'config'), 'a=1\n');
  writeFileSync(join(source, 'left.tmp'), 'out');
  symlinkSync('config', join(source, 'link'));
  chmodSync(join(source, 'config'), 0o640);
  // SFTP tells times in whole seconds.
  for (const path of ['config', 'deep/中文 名/data', 'deep/中文 名', 'deep', 'empty'])
    utimesSync(join(source, path), 1_700_000_000, 1_700_000_000);
  engine = await startHeadlessEngine(data);
  const put = await engine.call('ssh.logins.put', {
    id: null,
    name: 'app-1',
    host: '127.0.0.1',
    port: sshd.port,
    user: sshd.user,
    auth: { kind: 'key', keyFile: sshd.keyFile, passphraseFile: null },
    via: null,
  });
  login = put.id;
  const { unknownKey } = await engine.call('ssh.logins.test', { id: login });
  if (unknownKey !== null) await engine.call('ssh.hostKeys.trust', unknownKey);
});
afterAll(async () => {
  engine?.close();
  await engine?.stop();
  await sshd?.stop();
  place.remove();
});

async function run(type: 'full' | 'incremental') {
  const job = await jobEnd(engine, (await engine.call('backup.run', { name: 'hosts', type })).jobId);
  const pointId = job.result?.id;
  const point = pointId === undefined ? null : await engine.call('backup.points.get', { pointId });
  return { job, point, remote: point?.report.steps?.steps.find(({ kind }) => kind === 'remote') };
}

/** Restores a point and compares what came from the host with the host. Link times are the console's own. */
async function comesBack(pointId: string): Promise<string> {
  const out = join(place.dir, `out-${pointId}`);
  const restored = await hmtt(data, 'restore', 'hosts', '--point', pointId, '--to', out, '--yes');
  expect(restored.stderr).not.toContain('failed');
  expect(restored.code).toBe(0);
  return join(out, '.hmtt-remote/app-1', source);
}

test('a full has what stands on the host, without what the plan excludes', async () => {
  const added = await hmtt(
    data,
    ...['backup', 'add', 'hosts', '--to', target, '--exclude', '*.tmp'],
    ...['--remote', `app-1=app-1:${source}`],
  );
  expect(added.stderr).toBe('');
  expect(added.code).toBe(0);
  const { job, point, remote } = await run('full');
  expect(job.error).toBeNull();
  expect(point?.report.skipped).toEqual([]);
  expect(remote?.remote).toMatchObject({ files: 2, fetchedFiles: 2, fetchedBytes: 1_500_004 });
  const back = await comesBack(point?.id ?? '');
  const found = describeTree(back);
  expect(readdirSync(back).sort()).toEqual(['config', 'deep', 'empty', 'link']);
  expect(
    treeDifferences(describeTree(source), found).filter((line) => !/left\.tmp|link|^\.?$/.test(line)),
  ).toEqual([]);
  expect(statSync(join(back, 'config')).mtimeMs).toBe(1_700_000_000_000);
});

test('an incremental carries and stores only what changed, and knows what went', async () => {
  appendFileSync(join(source, 'config'), 'b=2\n');
  rmSync(join(source, 'link'));
  mkdirSync(join(source, 'link'));
  writeFileSync(join(source, 'link/new'), 'new');
  rmSync(join(source, 'empty'), { recursive: true });
  const { job, point, remote } = await run('incremental');
  expect(job.error).toBeNull();
  expect(remote?.remote).toMatchObject({ files: 3, fetchedFiles: 2, fetchedBytes: 11 });
  expect(point?.report.storedBytes).toBeLessThan(100_000);
  const back = await comesBack(point?.id ?? '');
  expect(readdirSync(back).sort()).toEqual(['config', 'deep', 'link']);
  expect(readFileSync(join(back, 'config'), 'utf8')).toBe('a=1\nb=2\n');
  expect(readFileSync(join(back, 'link/new'), 'utf8')).toBe('new');
});

test('the archive is unpacked by standard tools', () => {
  const full = readdirSync(target).find((name) => name.includes('.full.') && name.endsWith('.tar.zst'));
  const out = join(place.dir, 'by-hand');
  mkdirSync(out);
  debian('bash', ['-o', 'pipefail', '-c', 'zstd -dc "$1" | tar -xpf -', 'sh', join(target, full ?? '')], {
    cwd: out,
  });
  expect(readFileSync(join(out, '.hmtt-remote/app-1', source, 'config'), 'utf8')).toBe('a=1\n');
});

test('what a host holds has no place of its own on this machine', async () => {
  const { points } = await engine.call('backup.points.list', {});
  const planned = await jobEnd(
    engine,
    (await engine.call('restore.plan', { pointId: points[0]?.id ?? '', targetDir: null })).jobId,
  );
  expect(planned.error?.code).toBe('RESTORE_NOTHING_SELECTED');
});

test('a host that is away fails the run loudly; with files beside it a point is made that lacks it', async () => {
  await sshd.stop();
  const alone = await run('incremental');
  expect(alone.job.error?.code).toMatch(/^SSH_/);
  const beside = join(place.dir, 'beside');
  mkdirSync(beside);
  writeFileSync(join(beside, 'file'), 'file');
  expect((await hmtt(data, 'backup', 'edit', 'hosts', '--source', beside)).code).toBe(0);
  const { job } = await run('incremental');
  expect(job.error?.code).toBe('BACKUP_SOURCES_INCOMPLETE');
  const { points } = await engine.call('backup.points.list', {});
  expect(points[0]?.report.skipped.map(({ path }) => path)).toEqual(['.hmtt-remote/app-1']);
  const back = await comesBack(points[0]?.id ?? '');
  // As the point before had it.
  expect(readFileSync(join(back, 'config'), 'utf8')).toBe('a=1\nb=2\n');
});

test('a plan that is removed leaves no copy of the host behind', async () => {
  expect(existsSync(join(data, 'mirror/hosts/app-1'))).toBe(true);
  await engine.call('backup.plans.remove', { name: 'hosts' });
  expect(existsSync(join(data, 'mirror/hosts'))).toBe(false);
});
