import { execFileSync, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEngineClient } from '#shared/contract/client.ts';
import type { Handlers } from '#shared/contract/index.ts';
import type { SshLogin } from '#shared/contract/ssh.ts';
import { ok, type Result } from '#shared/errors/index.ts';
import { createHub } from '../../../main/engine/hub.ts';
import { inProcessPair } from '../../../main/engine/in-process.ts';
import { systemClock } from '../../../main/engine/platform/clock.ts';
import { systemTimers } from '../../../main/engine/platform/timers.ts';
import { createSshArea, type SshArea } from '../../../main/engine/ssh/area.ts';
import { consoleMigrations } from '../../../main/engine/storage/console-migrations/index.ts';
import { openWritable, type WritableDb } from '../../../main/engine/storage/sqlite.ts';
import { noTrail } from '../../helpers/no-trail.ts';
import { newVault } from '../../helpers/secrets.ts';
import { silentLogger } from '../../helpers/silent-logger.ts';
import { makeKey, type Sshd, startSshd } from '../../helpers/sshd.ts';

/** The console's SSH against Debian's sshd, started here with keys of its own. */

let sshd: Sshd;
let folder = '';
const areas: SshArea[] = [];
const never = new AbortController().signal;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hmtt-ssh-'));
  sshd = await startSshd(join(folder, 'server'));
});
afterAll(async () => {
  for (const area of areas) area.close();
  await sshd.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** An area with an empty console.db, and a client of it as a window has one. */
function newArea() {
  const db = openWritable(join(mkdtempSync(join(folder, 'db-')), 'console.db'), {
    migrations: consoleMigrations,
    synchronous: 'NORMAL',
  });
  if (!db.ok) throw new Error(db.error.message.en);
  const area = createSshArea({
    db: db.value,
    secrets: newVault(db.value),
    clock: systemClock,
    timers: systemTimers,
  });
  areas.push(area);
  const pair = inProcessPair();
  // Only this area's requests are asked.
  createHub(() => area.handlers as Handlers, silentLogger, noTrail).attach(pair.server, 'window');
  return { area, call: createEngineClient(pair.client).call, db: db.value };
}

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message.en}`);
  return result.value;
}

const loginTo = (server: Sshd, change: Partial<SshLogin> = {}): SshLogin => ({
  name: 'app-1',
  host: '127.0.0.1',
  port: server.port,
  user: server.user,
  auth: { kind: 'key', keyFile: server.keyFile, passphraseFile: null },
  via: null,
  ...change,
});

/** An area that trusts a server, and a login on it. */
async function trusting(server: Sshd, change: Partial<SshLogin> = {}) {
  const made = newArea();
  const { id } = value(await made.call('ssh.logins.put', { id: null, ...loginTo(server, change) }));
  const { unknownKey } = value(await made.call('ssh.logins.test', { id }));
  if (unknownKey !== null) value(await made.call('ssh.hostKeys.trust', unknownKey));
  return { ...made, id };
}

const accepted = (server: Sshd): number => (server.peer.output().match(/Accepted /g) ?? []).length;

describe('a host key', () => {
  test('that is unknown is shown as ssh-keygen shows it, and nobody logs in before it is trusted', async () => {
    const before = accepted(sshd);
    const { call } = newArea();
    const { id } = value(await call('ssh.logins.put', { id: null, ...loginTo(sshd) }));
    const first = value(await call('ssh.logins.test', { id }));
    expect(first.unknownKey?.fingerprint).toBe(sshd.fingerprint);
    expect(first.steps.map(({ step, ok: fine }) => [step, fine])).toEqual([
      ['connect', true],
      ['host_key', false],
    ]);
    expect(accepted(sshd)).toBe(before);
    const key = first.unknownKey;
    if (key === null) throw new Error('no key');
    const wrong = await call('ssh.hostKeys.trust', { ...key, fingerprint: 'SHA256:somethingelse' });
    expect(wrong.ok).toBe(false);
    value(await call('ssh.hostKeys.trust', key));
    const second = value(await call('ssh.logins.test', { id }));
    expect(second.steps.every((step) => step.ok)).toBe(true);
    expect(second.steps.find(({ step }) => step === 'command')?.detail).toBe(
      execFileSync('uname', ['-srm'], { encoding: 'utf8' }).trim(),
    );
  });

  test('that changed stops everything before any login is sent, until the old one is taken away', async () => {
    const first = await startSshd(join(folder, 'before'));
    const { call, id } = await trusting(first);
    await first.stop();
    const second = await startSshd(join(folder, 'after'), { port: first.port });
    const tried = value(await call('ssh.logins.test', { id }));
    expect(tried.steps.at(-1)).toMatchObject({ step: 'host_key', error: { code: 'SSH_HOST_KEY_CHANGED' } });
    expect(tried.steps.at(-1)?.error?.message.zh).toContain(first.fingerprint);
    expect(tried.unknownKey).toBeNull();
    expect(second.peer.output()).not.toMatch(/publickey|userauth|Accepted|Failed/);
    const changed = {
      host: '127.0.0.1',
      port: first.port,
      type: 'ssh-ed25519',
      fingerprint: second.fingerprint,
    };
    expect(await call('ssh.hostKeys.trust', changed)).toMatchObject({
      error: { code: 'SSH_HOST_KEY_CHANGED' },
    });
    value(await call('ssh.hostKeys.forget', changed));
    const again = value(await call('ssh.logins.test', { id }));
    expect(again.unknownKey?.fingerprint).toBe(second.fingerprint);
    await second.stop();
  });

  test('of another type beside the trusted one changes nothing', async () => {
    const dir = join(folder, 'two-keys');
    const rsa = await startSshd(dir, { keyType: 'rsa' });
    const { call, id } = await trusting(rsa);
    await rsa.stop();
    const newer = makeKey(join(dir, 'newer'));
    const both = await startSshd(join(folder, 'two-keys-again'), {
      port: rsa.port,
      config: [
        `HostKey ${newer}`,
        `HostKey ${join(dir, 'host')}`,
        `AuthorizedKeysFile ${join(dir, 'authorized_keys')}`,
      ],
    });
    // sshd takes the first AuthorizedKeysFile, so the old login is refused there; the host key is what counts here.
    const tried = value(await call('ssh.logins.test', { id }));
    expect(tried.steps.find(({ step }) => step === 'host_key')?.ok).toBe(true);
    await both.stop();
  });
});

describe('a login', () => {
  test('that the server refuses, and a key file that is none, are told apart', async () => {
    const { call, id } = await trusting(sshd);
    const stranger = makeKey(join(folder, 'stranger'));
    const refused = loginTo(sshd, { auth: { kind: 'key', keyFile: stranger, passphraseFile: null } });
    value(await call('ssh.logins.put', { id, ...refused }));
    const first = value(await call('ssh.logins.test', { id }));
    expect(first.steps.at(-1)).toMatchObject({ step: 'login', error: { code: 'SSH_LOGIN_REFUSED' } });
    const broken = join(folder, 'broken');
    writeFileSync(broken, 'not a key');
    value(
      await call('ssh.logins.put', {
        id,
        ...loginTo(sshd, { auth: { kind: 'key', keyFile: broken, passphraseFile: null } }),
      }),
    );
    const second = value(await call('ssh.logins.test', { id }));
    expect(second.steps.at(-1)).toMatchObject({ step: 'login', error: { code: 'SSH_SECRET_UNREADABLE' } });
    expect(JSON.stringify(second)).not.toContain('not a key');
  });

  test('by a key with a passphrase, and by an agent', async () => {
    const dir = join(folder, 'sealed');
    mkdirSync(dir);
    const keyFile = makeKey(join(dir, 'key'), 'ed25519', 'a long passphrase');
    const authorized = join(folder, 'server', 'authorized_keys');
    writeFileSync(authorized, readFileSync(`${keyFile}.pub`), { flag: 'a' });
    const passphraseFile = join(dir, 'passphrase');
    writeFileSync(passphraseFile, 'a long passphrase\n');
    const sealed = await trusting(sshd, { auth: { kind: 'key', keyFile, passphraseFile } });
    expect(
      value(await sealed.call('ssh.logins.test', { id: sealed.id })).steps.every((step) => step.ok),
    ).toBe(true);

    const socket = join(dir, 'agent');
    const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
    try {
      await expect.poll(() => statSync(socket, { throwIfNoEntry: false })?.isSocket()).toBe(true);
      execFileSync('ssh-add', ['-q', sshd.keyFile], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
      const byAgent = await trusting(sshd, { auth: { kind: 'agent', socket } });
      expect(
        value(await byAgent.call('ssh.logins.test', { id: byAgent.id })).steps.every((step) => step.ok),
      ).toBe(true);
    } finally {
      agent.kill();
    }
  });

  test('through a jump host ends at the host behind it, and never goes round', async () => {
    const jump = await startSshd(join(folder, 'jump'));
    const { call, id } = await trusting(jump, { name: 'jump' });
    const behind = { ...loginTo(sshd, { name: 'behind', via: id }) };
    const { id: behindId } = value(await call('ssh.logins.put', { id: null, ...behind }));
    const { unknownKey } = value(await call('ssh.logins.test', { id: behindId }));
    expect(unknownKey?.fingerprint).toBe(sshd.fingerprint);
    if (unknownKey !== null) value(await call('ssh.hostKeys.trust', unknownKey));
    const before = accepted(jump);
    expect(value(await call('ssh.logins.test', { id: behindId })).steps.every((step) => step.ok)).toBe(true);
    expect(accepted(jump)).toBeGreaterThanOrEqual(before);
    const round = await call('ssh.logins.put', { id, ...loginTo(jump, { name: 'jump', via: behindId }) });
    expect(round).toMatchObject({ error: { code: 'SSH_LOOP' } });
    expect(await call('ssh.logins.remove', { id })).toMatchObject({ error: { code: 'BAD_INPUT' } });
    await jump.stop();
  });

  test('on a server that says nothing ends in bounded time', async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const { area, call } = newArea();
    const { id } = value(
      await call('ssh.logins.put', { id: null, ...loginTo(sshd, { port: address.port }) }),
    );
    const began = performance.now();
    const cancelled = await area.run(id, { id: 'identify' }, AbortSignal.timeout(1_000));
    expect(cancelled).toMatchObject({ error: { code: 'CANCELLED' } });
    expect(performance.now() - began).toBeLessThan(15_000);
    silent.close();
  });
});

describe('commands and files', () => {
  test('40 at once share one connection and are all written down', async () => {
    const { area, call, id } = await trusting(sshd);
    value(await area.run(id, { id: 'identify' }, never));
    const before = accepted(sshd);
    const results = await Promise.all(Array.from({ length: 40 }, () => area.run(id, { id: 'clock' }, never)));
    for (const result of results) {
      const seconds = Number(value(result).stdout.toString('utf8'));
      expect(Math.abs(seconds * 1000 - Date.now())).toBeLessThan(30_000);
    }
    expect(accepted(sshd)).toBe(before);
    const { entries, total } = value(await call('ssh.audit', { limit: 40 }));
    expect(total).toBeGreaterThanOrEqual(41);
    for (const entry of entries)
      expect(entry).toMatchObject({ login: 'app-1', line: "date '+%s.%N'".replaceAll("'", ''), exitCode: 0 });
  });

  test('a connection that is lost fails what runs on it, and is made again', async () => {
    const own = await startSshd(join(folder, 'dying'));
    const { area, id } = await trusting(own);
    value(await area.run(id, { id: 'identify' }, never));
    // The processes that serve sessions are children of the one that listens.
    const held = area.withFiles(id, never, async (files) => {
      const children = execFileSync('pgrep', ['-P', String(own.peer.pid)], { encoding: 'utf8' });
      for (const pid of children.trim().split('\n')) process.kill(Number(pid), 'SIGKILL');
      return files.list('/');
    });
    expect(await held).toMatchObject({ error: { code: 'SSH_CONNECTION_LOST' } });
    expect(value(await area.run(id, { id: 'identify' }, never)).code).toBe(0);
    await own.stop();
  });

  test('folders are listed and large files read from anywhere, as they are', async () => {
    const dir = join(folder, 'files');
    mkdirSync(join(dir, 'sub'), { recursive: true });
    const content = randomBytes(5_000_003);
    writeFileSync(join(dir, '日志 1.log'), content, { mode: 0o640 });
    const { area, id } = await trusting(sshd);
    const read = await area.withFiles(id, never, async (files) => {
      const listed = value(await files.list(dir));
      expect(listed.map(({ name, type, size, mode }) => [name, type, size, mode]).sort()).toEqual([
        ['sub', 'directory', statSync(join(dir, 'sub')).size, 0o755],
        ['日志 1.log', 'file', content.length, 0o640],
      ]);
      const file = value(await files.open(join(dir, '日志 1.log')));
      const whole = value(await file.read(0, content.length + 10));
      const part = value(await file.read(1_234_567, 100_000));
      const behind = value(await file.read(content.length + 5, 10));
      await file.close();
      expect(await files.open(join(dir, 'missing'))).toMatchObject({ error: { code: 'SSH_REMOTE_FAILED' } });
      return ok({ whole, part, behind });
    });
    const { whole, part, behind } = value(read);
    const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
    expect(hash(whole)).toBe(hash(content));
    expect(part.equals(content.subarray(1_234_567, 1_334_567))).toBe(true);
    expect(behind.length).toBe(0);
  });

  test('a question does not wait until the last answer is acknowledged', async () => {
    const file = join(folder, 'small');
    writeFileSync(file, 'x');
    const { area, id } = await trusting(sshd);
    const took = await area.withFiles(id, never, async (files) => {
      const times: number[] = [];
      for (let round = 0; round < 30; round += 1) {
        const began = performance.now();
        const opened = value(await files.open(file));
        value(await opened.read(0, 1));
        await opened.close();
        times.push(performance.now() - began);
      }
      return ok(times);
    });
    // A kernel acknowledges after 40 ms at the soonest when it has nothing to send; the quickest round shows that none waited.
    expect(Math.min(...value(took))).toBeLessThan(60);
  });
});

test('the sudoers file is one that visudo takes', async () => {
  const { sudoersText } = await import('../../../main/engine/ssh/commands.ts');
  const file = join(mkdtempSync(join(folder, 'sudoers-')), 'hmtt');
  writeFileSync(file, sudoersText('hmtt', ['erp.service', 'web:1@2.service']) ?? '', { mode: 0o440 });
  expect(execFileSync('visudo', ['-cf', file], { encoding: 'utf8' })).toContain('parsed OK');
});

test('nothing of a key or passphrase is in the data folder', async () => {
  const secret = `planted-${randomBytes(12).toString('hex')}`;
  const file = join(folder, 'planted');
  writeFileSync(file, secret);
  const { call, db } = await trusting(sshd);
  const { id } = value(
    await call('ssh.logins.put', {
      id: null,
      ...loginTo(sshd, { auth: { kind: 'password', passwordFile: file } }),
    }),
  );
  const tried = value(await call('ssh.logins.test', { id }));
  expect(tried.steps.at(-1)?.ok).toBe(false);
  expect(JSON.stringify(tried)).not.toContain(secret);
  expect(bytesOf(db).includes(secret)).toBe(false);
});

function bytesOf(db: WritableDb): Buffer {
  db.pragma('wal_checkpoint(TRUNCATE)');
  return readFileSync(db.name);
}
