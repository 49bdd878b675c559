import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type HeadlessEngine, hmtt, startHeadlessEngine } from '../../helpers/headless-engine.ts';
import { jobEnd } from '../../helpers/job-end.ts';
import { type Sshd, startSshd } from '../../helpers/sshd.ts';
import { describeTree, treeDifferences } from '../../helpers/trees.ts';
import { backUp, execute, plan, restore, undo, undoPlan } from './harness.ts';

/** Restores to a host over Debian's sshd: complete, told apart, cut off, refused, undone. */

const root = mkdtempSync(join(tmpdir(), 'hmtt-restore-host-'));
const source = join(root, 'source');
const data = join(root, 'data');
const away = join(root, 'host');
const SECONDS = 1_700_000_000;
let sshd: Sshd;
let engine: HeadlessEngine;
let login = '';
let plain = '';
let pointId = '';

/** A login of the test's server. */
async function loginAs(name: string, user: string): Promise<string> {
  const { id } = await engine.call('ssh.logins.put', {
    id: null,
    name,
    host: '127.0.0.1',
    port: sshd.port,
    user,
    auth: { kind: 'key', keyFile: sshd.keyFile, passphraseFile: null },
    via: null,
  });
  const { unknownKey } = await engine.call('ssh.logins.test', { id });
  if (unknownKey !== null) await engine.call('ssh.hostKeys.trust', unknownKey);
  return id;
}

/** Temporary names of restores below a folder. */
const leftovers = (dir: string): string[] =>
  (readdirSync(dir, { recursive: true }) as string[]).filter((name) => name.includes('.hmtt-restore-'));

const hashOf = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

/** Waits for a fact. */
async function until(fact: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await fact())) await new Promise((resolve) => setTimeout(resolve, 2));
}

beforeAll(async () => {
  // Other users of the host have to reach the folders.
  chmodSync(root, 0o755);
  mkdirSync(join(source, 'deep/中文 名'), { recursive: true });
  mkdirSync(join(source, 'empty'));
  writeFileSync(join(source, 'deep/中文 名/data'), randomBytes(1_500_000));
  writeFileSync(join(source, 'nothing'), '');
  writeFileSync(join(source, 'config'), 'a=1\n');
  writeFileSync(join(source, "odd 'name\n"), 'odd');
  writeFileSync(join(source, 'big'), randomBytes(12 << 20));
  symlinkSync('config', join(source, 'link'));
  linkSync(join(source, 'config'), join(source, 'second name'));
  chmodSync(join(source, 'config'), 0o640);
  chmodSync(join(source, 'nothing'), 0o4755);
  chownSync(join(source, 'deep/中文 名/data'), 65_534, 65_534);
  for (const path of [
    'config',
    'big',
    'nothing',
    "odd 'name\n",
    'deep/中文 名/data',
    'deep/中文 名',
    'deep',
    'empty',
    '',
  ])
    utimesSync(join(source, path), SECONDS, SECONDS);
  mkdirSync(away);
  sshd = await startSshd(join(root, 'sshd'));
  chmodSync(join(root, 'sshd'), 0o755);
  chmodSync(join(root, 'sshd/authorized_keys'), 0o644);
  engine = await startHeadlessEngine(data);
  login = await loginAs('app-1', sshd.user);
  plain = await loginAs('app-1-plain', 'nobody');
  pointId = await backUp(engine, 'core', source, join(root, 'target'));
});
afterAll(async () => {
  engine?.close();
  await engine?.stop();
  await sshd?.stop();
  rmSync(root, { recursive: true, force: true });
});

const strip = source.slice(1);

test('everything comes to the host as it was, is compared there, and is proven', async () => {
  const to = join(away, 'whole');
  const asked = ['restore', 'core', '--to-host', `app-1:${to}`, '--strip', strip];
  const dry = await hmtt(data, ...asked, '--dry-run');
  expect(dry.stdout).toContain(`app-1:${to}`);
  expect(existsSync(to)).toBe(false);
  const done = await hmtt(data, ...asked, '--yes');
  expect(done.stderr).not.toContain('error[');
  expect(done.code).toBe(0);
  // SFTP sets the times of links, too, but this machine's tree has links of now.
  const differences = treeDifferences(describeTree(source), describeTree(to));
  expect(differences.filter((line) => !line.includes('link'))).toEqual([]);
  expect(readlinkSync(join(to, 'link'))).toBe('config');
  expect(statSync(join(to, 'nothing')).mode & 0o7777).toBe(0o4755);
  expect(statSync(join(to, 'deep/中文 名/data')).uid).toBe(65_534);
  expect(statSync(join(to, 'second name')).ino).toBe(statSync(join(to, 'config')).ino);
  expect(statSync(join(to, 'deep')).mtimeMs).toBe(SECONDS * 1000);
  expect(leftovers(to)).toEqual([]);
  const { restores } = await engine.call('restore.list', {});
  const { evidence } = await engine.call('restore.evidence', { restoreId: restores[0]?.id ?? '' });
  expect(evidence).toMatchObject({ outcome: 'verified', verified: 7, failures: [] });
  expect(evidence?.plan.host).toMatchObject({ login, name: 'app-1' });
  expect(evidence?.notes[0]?.en).toContain('app-1');
  const { entries } = await engine.call('ssh.audit', { limit: 100 });
  expect(entries.find(({ command }) => command === 'sftp-write')).toMatchObject({
    login: 'app-1',
    exitCode: 0,
    error: null,
  });
  expect(entries.find(({ command }) => command === 'hash')?.line).toBe('xargs -0 sha256sum -bz --');
  const again = await plan(engine, { pointId, targetDir: to, toHost: login, strip, overwrite: 'always' });
  expect(again.totals).toMatchObject({ restore: { files: 0 }, update: { files: 0 } });
});

test('what stands there is treated as the plan says, kept, and brought back by undoing', async () => {
  const to = join(away, 'conflict');
  mkdirSync(to);
  writeFileSync(join(to, 'config'), 'mine\n');
  utimesSync(join(to, 'config'), SECONDS - 100, SECONDS - 100);
  // As long and as old as the archive's: only the content tells.
  writeFileSync(join(to, "odd 'name\n"), 'ODD');
  utimesSync(join(to, "odd 'name\n"), SECONDS, SECONDS);
  symlinkSync('elsewhere', join(to, 'link'));
  lutimesSync(join(to, 'link'), SECONDS, SECONDS);
  const before = describeTree(to);
  const input = { pointId, targetDir: to, toHost: login, strip } as const;
  const never = await plan(engine, { ...input, overwrite: 'never' });
  expect(never.totals).toMatchObject({ update: { files: 0 }, skip: { files: 3 } });
  const older = await plan(engine, { ...input, overwrite: 'older' });
  // The file and the link; what is as old as the archive stays.
  expect(older.totals.update.files).toBe(2);
  const always = await plan(engine, { ...input, overwrite: 'always' });
  expect(always.totals.update.files).toBe(3);
  expect(always.safety).toMatchObject({ files: 2, method: 'copy' });
  expect(always.confirmWord).toBe('core');
  const { evidence, restoreId } = await execute(engine, always);
  expect(evidence).toMatchObject({ outcome: 'verified', failures: [] });
  expect(readFileSync(join(to, 'config'), 'utf8')).toBe('a=1\n');
  expect(readFileSync(join(to, "odd 'name\n"), 'utf8')).toBe('odd');
  expect(readlinkSync(join(to, 'link'))).toBe('config');
  const undone = await undo(engine, { restoreId });
  expect(undone.evidence).toMatchObject({ outcome: 'verified', failures: [] });
  expect(treeDifferences(before, describeTree(to))).toEqual([]);
});

test('a file that was changed after the preview, and a path through a link, are not touched', async () => {
  const to = join(away, 'changed');
  mkdirSync(to);
  writeFileSync(join(to, 'config'), 'mine\n');
  symlinkSync(root, join(to, 'deep'));
  const made = await plan(engine, { pointId, targetDir: to, toHost: login, strip, overwrite: 'always' });
  writeFileSync(join(to, 'config'), 'changed after all\n');
  const { evidence } = await execute(engine, made);
  expect(evidence.outcome).toBe('with_failures');
  expect(evidence.failures.map(({ error }) => error.code)).toContain('RESTORE_TARGET_CHANGED');
  expect(readFileSync(join(to, 'config'), 'utf8')).toBe('changed after all\n');
  expect(existsSync(join(root, '中文 名'))).toBe(false);
});

test('a login without a shell and without rights: what it may not is named, the rest is there', async () => {
  const to = join(away, 'plain');
  mkdirSync(to);
  chownSync(to, 65_534, 65_534);
  mkdirSync(join(to, 'deep'));
  chmodSync(join(to, 'deep'), 0o755);
  const done = await restore(engine, { pointId, targetDir: to, toHost: plain, strip });
  expect(done.evidence.outcome).toBe('with_failures');
  expect(done.evidence.failures.map(({ path }) => path)).toEqual([
    `${strip}/deep/中文 名`,
    `${strip}/deep/中文 名/data`,
  ]);
  expect(done.evidence.failures[1]?.error).toMatchObject({ code: 'RESTORE_WRITE_FAILED' });
  expect(JSON.stringify(done.evidence.failures)).toContain('ermission denied');
  // Its shell refuses every command, so that files were read back over SFTP.
  expect(hashOf(join(to, 'big'))).toBe(hashOf(join(source, 'big')));
  expect(statSync(join(to, 'config'))).toMatchObject({ uid: 65_534, mtimeMs: SECONDS * 1000 });
  expect(done.evidence.notes.some(({ en }) => en.includes('the login is not root'))).toBe(true);
  expect(leftovers(to)).toEqual([]);
});

test('a folder that the login may not look into is told for its own paths; everything else is planned and restored', async () => {
  const to = join(away, 'closed');
  mkdirSync(to);
  chownSync(to, 65_534, 65_534);
  mkdirSync(join(to, 'deep'));
  chmodSync(join(to, 'deep'), 0o700);
  const done = await restore(engine, { pointId, targetDir: to, toHost: plain, strip });
  expect(done.evidence.outcome).toBe('with_failures');
  expect(done.evidence.failures.map(({ path, error }) => [path, error.code])).toEqual([
    [`${strip}/deep/中文 名`, 'RESTORE_WRITE_FAILED'],
    [`${strip}/deep/中文 名/data`, 'RESTORE_WRITE_FAILED'],
  ]);
  expect(readFileSync(join(to, 'config'), 'utf8')).toBe('a=1\n');
  expect(hashOf(join(to, 'big'))).toBe(hashOf(join(source, 'big')));
});

test('undoing goes on when the host refuses one path: that path is told, everything else is taken back', async () => {
  const to = join(away, 'undo-closed');
  mkdirSync(to);
  chownSync(to, 65_534, 65_534);
  const done = await restore(engine, { pointId, targetDir: to, toHost: plain, strip });
  expect(done.job.error).toBeNull();
  const closed = join(to, 'deep');
  chownSync(closed, 0, 0);
  chmodSync(closed, 0o700);
  const back = await undoPlan(engine, { restoreId: done.restoreId });
  const { evidence } = await execute(engine, back);
  expect(evidence.outcome).toBe('with_failures');
  const refused = evidence.failures.filter(({ error }) => error.code === 'RESTORE_WRITE_FAILED');
  expect(refused.map(({ path }) => path).toSorted()).toEqual(
    [join(closed, '中文 名'), join(closed, '中文 名/data')].map((path) => path.slice(1)).toSorted(),
  );
  expect(readdirSync(to)).toEqual(['deep']);
  chmodSync(closed, 0o755);
  expect(readdirSync(join(closed, '中文 名'))).toEqual(['data']);
});

test('a full disk on the host stops it with a sentence; with room it goes on', async () => {
  const to = join(away, 'small');
  mkdirSync(to);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'hmtt-test', to]);
  try {
    const made = await plan(engine, {
      pointId,
      targetDir: to,
      toHost: login,
      strip,
      selection: [`${strip}/big`],
    });
    expect(made.freeBytes).toBeLessThan(made.neededBytes);
    const refused = await engine.call('restore.start', { planId: made.id, confirm: '' }).catch(String);
    expect(refused).toContain('RESTORE_NO_SPACE');
    execFileSync('mount', ['-o', 'remount,size=64m', to]);
    const fits = await plan(engine, {
      pointId,
      targetDir: to,
      toHost: login,
      strip,
      selection: [`${strip}/big`],
    });
    // Somebody else takes the room after the preview.
    execFileSync('mount', ['-o', 'remount,size=8m', to]);
    const { restoreId, jobId } = await engine.call('restore.start', { planId: fits.id, confirm: '' });
    expect((await jobEnd(engine, jobId)).error?.code).toBe('DISK_FULL');
    expect(readdirSync(to)).toEqual([]);
    execFileSync('mount', ['-o', 'remount,size=64m', to]);
    const resumed = await engine.call('restore.resume', { restoreId });
    expect((await jobEnd(engine, resumed.jobId)).error).toBeNull();
    expect(hashOf(join(to, 'big'))).toBe(hashOf(join(source, 'big')));
  } finally {
    execFileSync('umount', [to]);
  }
});

test('killed in the middle, it goes on where it stopped, and no final name was ever half-written', async () => {
  const to = join(away, 'killed');
  const made = await plan(engine, { pointId, targetDir: to, toHost: login, strip });
  const { restoreId } = await engine.call('restore.start', { planId: made.id, confirm: '' });
  // The large file has begun: there is a temporary name with something in it.
  await until(() => existsSync(to) && leftovers(to).some((name) => lstatSync(join(to, name)).size > 0));
  await engine.kill();
  const standing = (readdirSync(to, { recursive: true }) as string[]).filter(
    (name) => !name.includes('.hmtt-restore-') && lstatSync(join(to, name)).isFile(),
  );
  for (const name of standing) expect(hashOf(join(to, name))).toBe(hashOf(join(source, name)));
  engine = await startHeadlessEngine(data);
  expect((await engine.call('restore.get', { restoreId })).state).toBe('interrupted');
  const resumed = await engine.call('restore.resume', { restoreId });
  expect((await jobEnd(engine, resumed.jobId)).error).toBeNull();
  const { evidence } = await engine.call('restore.evidence', { restoreId });
  expect(evidence).toMatchObject({ outcome: 'verified', interruptions: 1, failures: [] });
  const differences = treeDifferences(describeTree(source), describeTree(to));
  expect(differences.filter((line) => !line.includes('link'))).toEqual([]);
  expect(leftovers(to)).toEqual([]);
});

test('a connection that breaks is taken up again by itself', async () => {
  const to = join(away, 'broken');
  const made = await plan(engine, { pointId, targetDir: to, toHost: login, strip });
  const { restoreId, jobId } = await engine.call('restore.start', { planId: made.id, confirm: '' });
  await until(() => existsSync(to) && leftovers(to).length > 0);
  // The sessions of the server die, the server lives.
  execFileSync('pkill', ['-KILL', '-P', String(sshd.peer.pid)]);
  const job = await jobEnd(engine, jobId);
  expect(job.error).toBeNull();
  const { evidence } = await engine.call('restore.evidence', { restoreId });
  expect(evidence).toMatchObject({ outcome: 'verified', failures: [] });
  expect(hashOf(join(to, 'big'))).toBe(hashOf(join(source, 'big')));
  expect(leftovers(to)).toEqual([]);
});

test('it can be said beforehand what a host lacks', async () => {
  const ready = await engine.call('restore.check', { pointId, targetDir: join(away, 'new'), toHost: login });
  expect(ready.items.find(({ id }) => id === 'target')?.state).toBe('ok');
  const file = await engine.call('restore.check', {
    pointId,
    targetDir: join(source, 'config'),
    toHost: login,
  });
  expect(file.items.find(({ id }) => id === 'target')?.state).toBe('blocked');
  const relative = await hmtt(data, 'restore', 'core', '--to-host', 'app-1:relative', '--yes');
  expect(relative.code).toBe(2);
});
