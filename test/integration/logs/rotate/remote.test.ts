import { execFileSync, spawn } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RotationPolicyInput } from '#shared/contract/logs-rotation-policy.ts';
import { type Sshd, startSshd } from '../../../helpers/sshd.ts';
import { callContext, tempFolder, until } from '../helpers.ts';
import { peer, start, stop } from '../peers.ts';
import { putPolicy, unpacked } from './rotation-area.ts';
import { addLogin, type CutWay, openRotationOverSsh, openWay } from './ssh-rotation.ts';

const writerEntry = fileURLToPath(new URL('../writer.ts', import.meta.url));
const childEntry = fileURLToPath(new URL('./remote-child.ts', import.meta.url));
/** Steps after which the console is killed; a release tries every one. */
const KILLED_STEPS = (process.env.HMTT_REMOTE_STEPS ?? 'fetch,record').split(',');

/** Rotations of a log that is being written to. */
const ROUNDS = Number(process.env.HMTT_REMOTE_ROUNDS ?? 1);

let server: ReturnType<typeof tempFolder>;
let sshd: Sshd;
let way: CutWay;
beforeAll(async () => {
  server = tempFolder();
  sshd = await startSshd(join(server.dir, 'sshd'));
  way = await openWay(sshd.port);
});
afterAll(async () => {
  await way.close();
  await sshd.stop();
  server.remove();
});

describe('rotation of files on a host', { timeout: 300_000 }, () => {
  let folder: ReturnType<typeof tempFolder>;
  let rotation: ReturnType<typeof openRotationOverSsh>;
  let login = '';
  const logs = (): string => join(folder.dir, 'there');
  const log = (): string => join(logs(), 'app.log');
  const lines = (first: number, count: number): string =>
    Array.from({ length: count }, (_, n) => `numbered ${String(first + n).padStart(7, '0')} end\n`).join('');
  const numbers = (text: string): number[] =>
    [...text.matchAll(/numbered (\d{7}) end\n/g)].map((match) => Number(match[1]));
  const policy = (more: Partial<RotationPolicyInput> = {}): RotationPolicyInput => ({
    name: 'app',
    host: { login },
    paths: [log()],
    ...more,
  });
  const archived = async (): Promise<string> => {
    const { segments } = await rotation.call('rotation.segments.list', {});
    return segments
      .toReversed()
      .map(({ file }) => unpacked(file))
      .join('');
  };

  beforeEach(async () => {
    folder = tempFolder();
    mkdirSync(logs());
    way.cutAfter = null;
    rotation = openRotationOverSsh(join(folder.dir, 'data'));
    login = await addLogin(rotation.ssh, sshd, way.port);
  });
  afterEach(async () => {
    await rotation.close();
    folder.remove();
  });

  it('tells the writer, waits until it let go, fetches, compares, archives, and only then removes', async () => {
    const child = start(process.execPath, [writerEntry, log(), '20']);
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    await until('the writer writes', () => output.includes('ready'));
    const pidFile = join(folder.dir, 'writer.pid');
    writeFileSync(pidFile, `${child.pid}\n`);
    await putPolicy(rotation, policy({ reopen: { kind: 'signal', signal: 'HUP', pidFile } }));
    for (let round = 0; round < ROUNDS; round += 1) {
      await until('something is to be rotated', () => statSync(log()).size > 0);
      expect((await rotation.run('app')).error).toBeNull();
      await until('the writer has a new file', () => readdirSync(logs()).includes('app.log'));
    }
    await stop(child);
    await until('the writer says how much it wrote', () => /ready\n\d+\n/.test(output));
    const { rotations } = await rotation.call('rotation.history', {});
    expect(rotations).toHaveLength(ROUNDS);
    for (const one of rotations) {
      expect(one).toMatchObject({ state: 'done', path: `app-1:${log()}`, lostBytes: 0 });
      expect(one.linesAfter).toBe(one.linesBefore);
      expect(one.steps.map(({ step }) => step)).toEqual([
        'rename',
        'reopen',
        'release',
        'drain',
        'fetch',
        'pack',
        'verify',
        'record',
        'delete',
      ]);
      expect(one.steps.find(({ step }) => step === 'fetch')?.note?.en).toMatch(/lines on the host and here/);
    }
    expect(readdirSync(logs())).toEqual(['app.log']);
    const all = numbers((await archived()) + readFileSync(log(), 'utf8'));
    expect(all).toEqual(Array.from({ length: Number(/ready\n(\d+)\n/.exec(output)?.[1]) }, (_, n) => n));
    expect(await rotation.call('rotation.verify', {})).toMatchObject({
      ok: true,
      findings: [],
      segments: ROUNDS,
    });
    const audit = await rotation.ssh.handlers['ssh.audit']({ limit: 1000 }, callContext());
    const ran = audit.ok ? audit.value.entries.map(({ line }) => line) : [];
    for (const begin of [
      'mv -n -T -- ',
      'pkill -HUP -F ',
      'find /proc ',
      'wc -l -- ',
      'xargs -0 sha256sum',
      'rm -- ',
    ])
      expect(ran.filter((line) => line.startsWith(begin)).length).toBeGreaterThanOrEqual(ROUNDS);
  });

  it(`goes on after kill -9 in ${KILLED_STEPS.join(', ')}: no line lost or doubled, nothing left over`, async () => {
    await putPolicy(rotation, policy({ create: {}, missingOk: true }));
    await rotation.close();
    let written = 0;
    writeFileSync(log(), '');
    for (const step of KILLED_STEPS) {
      appendFileSync(log(), lines(written, 3000));
      written += 3000;
      const child = spawn(process.execPath, [childEntry, join(folder.dir, 'data'), 'app', step], {
        stdio: ['ignore', 'inherit', 'inherit'],
      });
      expect(await new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)))).toBe(
        'SIGKILL',
      );
    }
    rotation = openRotationOverSsh(join(folder.dir, 'data'));
    expect((await rotation.run('app')).error).toBeNull();
    expect(rotation.area.faults()).toEqual([]);
    const { segments } = await rotation.call('rotation.segments.list', {});
    const found = segments.flatMap(({ file }) => numbers(unpacked(file))).toSorted((a, b) => a - b);
    expect(found).toEqual(Array.from({ length: written }, (_, n) => n));
    expect(readdirSync(logs())).toEqual(['app.log']);
    expect(readdirSync(join(rotation.archive, 'app')).filter((name) => name.endsWith('.part'))).toEqual([]);
    expect((await rotation.call('rotation.verify', {})).findings).toEqual([]);
  });

  it('of a policy that encrypts nothing lies here in clear, not even after kill -9; it is fetched anew then', async () => {
    const keyFile = join(folder.dir, 'key.txt');
    execFileSync(peer('age-keygen', 'age'), ['-o', keyFile], { stdio: 'pipe' });
    const [, recipient = ''] = /public key: (age1\S+)/.exec(readFileSync(keyFile, 'utf8')) ?? [];
    // The last line has no line end, which only what was fetched can tell.
    const text = `${lines(0, 300_000)}unfinished`;
    writeFileSync(log(), text);
    await putPolicy(rotation, policy({ encryptTo: [recipient], missingOk: true }));
    const data = join(folder.dir, 'data');
    const inClear = (): readonly string[] =>
      readdirSync(data, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .filter((file) => readFileSync(file).includes('numbered 00'));
    const staged = (): readonly string[] => {
      const archive = join(rotation.archive, 'app');
      const names = existsSync(archive) ? readdirSync(archive) : [];
      return names.filter((name) => name.endsWith('.fetched.part'));
    };
    way.cutAfter = 3_000_000;
    expect((await rotation.run('app')).error?.code).toBe('SSH_CONNECTION_LOST');
    expect(staged()).toHaveLength(1);
    const kept = statSync(join(rotation.archive, 'app', staged()[0] ?? '')).size;
    expect(inClear()).toEqual([]);
    way.cutAfter = 3_000_000;
    expect((await rotation.run('app')).error?.code).toBe('SSH_CONNECTION_LOST');
    // The same console goes on where it was.
    expect(statSync(join(rotation.archive, 'app', staged()[0] ?? '')).size).toBeGreaterThan(kept);
    way.cutAfter = null;
    await rotation.close();
    for (const step of ['fetch', 'pack']) {
      const child = spawn(process.execPath, [childEntry, data, 'app', step], { stdio: 'inherit' });
      expect(await new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)))).toBe(
        'SIGKILL',
      );
      expect(staged()).toHaveLength(1);
      expect(inClear()).toEqual([]);
    }
    rotation = openRotationOverSsh(data);
    expect(staged()).toEqual([]);
    expect((await rotation.run('app')).error).toBeNull();
    const { segments } = await rotation.call('rotation.segments.list', {});
    expect(segments).toMatchObject([{ encrypted: true, lines: 300_001 }]);
    const plain = join(folder.dir, 'plain.zst');
    execFileSync(peer('age', 'age'), ['-d', '-i', keyFile, '-o', plain, segments[0]?.file ?? '']);
    expect(unpacked(plain) === text).toBe(true);
    expect(readdirSync(logs())).toEqual([]);
    expect(staged()).toEqual([]);
    expect(inClear()).toEqual([]);
  });

  it('goes on where a broken connection left it, and finds what was damaged meanwhile', async () => {
    const text = lines(0, 300_000);
    writeFileSync(log(), text);
    await putPolicy(rotation, policy());
    way.cutAfter = 3_000_000;
    const broken = await rotation.run('app');
    expect(broken.error?.code).toBe('SSH_CONNECTION_LOST');
    expect(rotation.area.faults()).toMatchObject([{ policy: 'app', step: 'fetch', path: `app-1:${log()}` }]);
    const [part = ''] = readdirSync(join(rotation.archive, 'app'));
    const staged = join(rotation.archive, 'app', part);
    const kept = statSync(staged).size;
    expect(kept).toBeGreaterThan(0);
    // A second break further on; what is here already is not asked for again.
    way.cutAfter = 3_000_000;
    expect((await rotation.run('app')).error?.code).toBe('SSH_CONNECTION_LOST');
    expect(statSync(staged).size).toBeGreaterThan(kept);
    way.cutAfter = null;
    const handle = openSync(staged, 'r+');
    writeFileSync(handle, 'X');
    closeSync(handle);
    expect((await rotation.run('app')).error?.code).toBe('LOG_ROTATION_CARRIED');
    expect(readdirSync(logs())).toHaveLength(1);
    expect((await rotation.run('app')).error).toBeNull();
    expect((await archived()) === text).toBe(true);
    expect(readdirSync(logs())).toEqual([]);
    expect(rotation.area.faults()).toEqual([]);
  });

  it('says who holds the old file, keeps it there, and finishes when it is let go', async () => {
    writeFileSync(log(), lines(0, 10));
    const child = start(process.execPath, [writerEntry, log(), '20']);
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    await until('the writer writes', () => output.includes('ready'));
    await putPolicy(rotation, policy({ releaseMs: 200 }));
    const held = await rotation.run('app');
    expect(held.error?.code).toBe('LOG_ROTATION_HELD');
    expect(held.error?.message.en).toContain(`PID ${child.pid}`);
    expect((await rotation.call('rotation.segments.list', {})).total).toBe(0);
    expect(readdirSync(logs())).toHaveLength(1);
    await stop(child, 'SIGKILL');
    expect((await rotation.run('app', true)).error).toBeNull();
    expect(readdirSync(logs())).toEqual([]);
  });

  it('shows every command before it runs, and the sudoers file that a host needs', async () => {
    writeFileSync(log(), lines(0, 10));
    writeFileSync(join(logs(), 'other.log'), lines(0, 10));
    const pidFile = '/run/app.pid';
    const wanted = policy({
      host: { login, sudo: true },
      paths: [join(logs(), '*.log')],
      create: {},
      reopen: { kind: 'signal', signal: 'USR1', pidFile },
    });
    const preview = await rotation.call('rotation.preview', { policy: wanted });
    expect(preview.files.map(({ path }) => path)).toEqual([
      `app-1:${log()}`,
      `app-1:${join(logs(), 'other.log')}`,
    ]);
    const shown = preview.host?.commands.map(({ line }) => line) ?? [];
    expect(shown).toContain(`sudo -n pkill -USR1 -F ${pidFile}`);
    expect(shown.filter((line) => line.startsWith('sudo -n '))).toHaveLength(5);
    const file = join(folder.dir, 'sudoers');
    writeFileSync(file, preview.host?.sudoers ?? '', { mode: 0o440 });
    execFileSync(peer('visudo', 'sudo'), ['-cf', file]);
    expect(preview.host?.sudoers).toContain(`/usr/bin/rm -- ${log()}-[0-9]`);
    // What has to be allowed is told also while the host cannot be reached.
    way.cutAfter = 0;
    const away = await rotation.call('rotation.preview', { policy: { ...wanted, paths: [log()] } });
    expect(away.files).toEqual([]);
    expect(away.host?.sudoers).toContain(`/usr/bin/rm -- ${log()}-[0-9]`);
    await rotation.call('rotation.policies.put', wanted);
    const { policies } = await rotation.call('rotation.policies.list', {});
    expect(policies[0]?.policy.host).toEqual({ login, sudo: true });
  });

  it.each<[string, Partial<RotationPolicyInput>]>([
    ['copytruncate', { method: 'copytruncate' }],
    ['a folder of its own', { dir: '/srv' }],
    ['numbered names', { naming: { style: 'numbered' } }],
    ['a script', { hooks: { after: 'true' } }],
    ['a shell command', { reopen: { kind: 'command', command: 'kill -HUP 1' } }],
    ['a signal to whoever holds the file', { reopen: { kind: 'signal', signal: 'HUP' } }],
  ])('refuses %s on a host', async (_name, more) => {
    await expect(putPolicy(rotation, policy(more))).rejects.toMatchObject({
      appError: { code: 'LOG_ROTATION_POLICY' },
    });
  });

  it('is refused for a login that there is not', async () => {
    await expect(putPolicy(rotation, policy({ host: { login: 'nowhere' } }))).rejects.toMatchObject({
      appError: { code: 'NOT_FOUND', field: 'host' },
    });
  });
});
