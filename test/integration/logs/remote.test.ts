import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { createEngineClient } from '#shared/contract/client.ts';
import type { Handlers } from '#shared/contract/index.ts';
import type { Result } from '#shared/errors/index.ts';
import { createHub } from '../../../main/engine/hub.ts';
import { inProcessPair } from '../../../main/engine/in-process.ts';
import { systemClock } from '../../../main/engine/platform/clock.ts';
import { systemTimers } from '../../../main/engine/platform/timers.ts';
import { remoteLogs } from '../../../main/engine/remote-logs.ts';
import { createSshArea, type SshArea } from '../../../main/engine/ssh/area.ts';
import { consoleMigrations } from '../../../main/engine/storage/console-migrations/index.ts';
import { openWritable } from '../../../main/engine/storage/sqlite.ts';
import { noTrail } from '../../helpers/no-trail.ts';
import { newVault } from '../../helpers/secrets.ts';
import { silentLogger } from '../../helpers/silent-logger.ts';
import { type Sshd, startSshd } from '../../helpers/sshd.ts';
import { openArea, type TestArea, tempFolder } from './helpers.ts';

/** Log files fetched over SFTP from Debian's sshd, round by round. */

let server: ReturnType<typeof tempFolder>;
let sshd: Sshd;
let ssh: SshArea;
let login = '';
let folder: ReturnType<typeof tempFolder>;
let area: TestArea;
let logs = '';
let next = 0;

const file = (name: string): string => join(logs, name);
const lines = (count: number): string =>
  Array.from({ length: count }, () => {
    next += 1;
    return `2026-11-22 10:00:00 INFO remote line n${String(next).padStart(6, '0')} of the writer\n`;
  }).join('');

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message.en}`);
  return result.value;
}

beforeAll(async () => {
  server = tempFolder();
  sshd = await startSshd(join(server.dir, 'sshd'));
  const db = value(
    openWritable(join(server.dir, 'console.db'), { migrations: consoleMigrations, synchronous: 'NORMAL' }),
  );
  ssh = createSshArea({ db, secrets: newVault(db), clock: systemClock, timers: systemTimers });
  const pair = inProcessPair();
  // Only this area's requests are asked.
  createHub(() => ssh.handlers as Handlers, silentLogger, noTrail).attach(pair.server, 'window');
  const { call } = createEngineClient(pair.client);
  const put = await call('ssh.logins.put', {
    id: null,
    name: 'app-1',
    host: '127.0.0.1',
    port: sshd.port,
    user: sshd.user,
    auth: { kind: 'key', keyFile: sshd.keyFile, passphraseFile: null },
    via: null,
  });
  login = value(put).id;
  const { unknownKey } = value(await call('ssh.logins.test', { id: login }));
  if (unknownKey !== null) value(await call('ssh.hostKeys.trust', unknownKey));
});
afterAll(async () => {
  ssh.close();
  await sshd.stop();
  server.remove();
});
beforeEach(() => {
  folder = tempFolder();
  logs = join(folder.dir, 'far');
  mkdirSync(logs);
  area = openArea(folder.dir, false, remoteLogs(ssh));
  next = 0;
});
afterEach(async () => {
  await area.close();
  folder.remove();
});

const add = (path: string, more: object = {}): Promise<{ id: string }> =>
  area.call('logs.sources.add', { path, host: 'app-1', remote: { login, ...more } });
const sync = (): Promise<unknown> => area.call('logs.sync', {});

/** Every line written so far is stored, and once. */
async function exactly(): Promise<void> {
  const { events, total } = await area.call('logs.search', { limit: 10_000 });
  expect(total).toBe(next);
  const seen = new Set(events.map(({ raw }) => /n\d{6}/.exec(raw)?.[0]));
  expect(seen.size).toBe(next);
}

it('fetches a file, a line completed later, and a file rotated by renaming', async () => {
  writeFileSync(file('app.log'), lines(50));
  await add(file('app.log'));
  await sync();
  await exactly();
  const half = lines(1);
  appendFileSync(file('app.log'), half.slice(0, 20));
  await sync();
  expect((await area.call('logs.count', {})).total).toBe(50);
  appendFileSync(file('app.log'), half.slice(20) + lines(10));
  renameSync(file('app.log'), file('app.log.1'));
  writeFileSync(file('app.log'), lines(30));
  await sync();
  await exactly();
  // Whoever has the old file open goes on writing there.
  appendFileSync(file('app.log.1'), lines(5));
  appendFileSync(file('app.log'), lines(5));
  await sync();
  await exactly();
  const { sources } = await area.call('logs.sources.list', {});
  expect(sources).toMatchObject([{ origin: { kind: 'remote', state: 'ok', behindBytes: 0 } }]);
  expect(sources[0]?.files.map(({ path }) => path)).toContain(file('app.log'));
});

it('goes on after copytruncate, with the rotated files part of the source', async () => {
  writeFileSync(file('app.log'), lines(40));
  await add(file('app.log*'));
  await sync();
  appendFileSync(file('app.log'), lines(10));
  copyFileSync(file('app.log'), file('app.log.1'));
  await sync();
  await exactly();
  truncateSync(file('app.log'), 0);
  appendFileSync(file('app.log'), lines(8));
  await sync();
  await exactly();
  renameSync(file('app.log.1'), file('app.log.2'));
  copyFileSync(file('app.log'), file('app.log.1'));
  truncateSync(file('app.log'), 0);
  await sync();
  appendFileSync(file('app.log'), lines(3));
  await sync();
  await exactly();
});

it('finds files that were rotated twice between two rounds', async () => {
  writeFileSync(file('app.log'), lines(40));
  await add(file('app.log'));
  await sync();
  // Times of files have whole seconds over SFTP.
  await new Promise((resolve) => setTimeout(resolve, 1100));
  appendFileSync(file('app.log'), lines(7));
  renameSync(file('app.log'), file('app.log.2'));
  writeFileSync(file('app.log.1'), lines(20));
  writeFileSync(file('app.log'), lines(20));
  await sync();
  await exactly();
});

it('reads the rest of files that were rotated and compressed between two rounds', async () => {
  writeFileSync(file('app.log'), lines(40));
  await add(file('app.log'));
  await sync();
  await new Promise((resolve) => setTimeout(resolve, 1100));
  appendFileSync(file('app.log'), lines(7));
  writeFileSync(file('app.log.2.gz'), gzipSync(readFileSync(file('app.log'))));
  writeFileSync(file('app.log.1.gz'), gzipSync(lines(20)));
  writeFileSync(file('app.log'), lines(20));
  await sync();
  await exactly();
  appendFileSync(file('app.log'), lines(2));
  await sync();
  await exactly();
});

it('takes no more than it may at a time, and goes on after the console was closed', async () => {
  writeFileSync(file('app.log'), lines(5000));
  const { id } = await add(file('app.log'), { maxBytesPerPoll: 100_000 });
  await sync();
  const first = (await area.call('logs.count', {})).total;
  expect(first).toBeGreaterThan(0);
  expect(first).toBeLessThan(2500);
  const { sources } = await area.call('logs.sources.list', {});
  expect(sources[0]?.origin).toMatchObject({ kind: 'remote' });
  expect(sources[0]?.lagBytes).toBeGreaterThan(100_000);
  await area.close();
  area = openArea(folder.dir, false, remoteLogs(ssh));
  for (let round = 0; round < 8; round += 1) await sync();
  await exactly();
  await area.call('logs.sources.remove', { id });
});

it('says that a host is down, and goes on when it is back', async () => {
  writeFileSync(file('app.log'), lines(20));
  await add(file('app.log'));
  await sync();
  await sshd.stop();
  appendFileSync(file('app.log'), lines(20));
  await sync();
  const { sources } = await area.call('logs.sources.list', {});
  expect(sources[0]).toMatchObject({ state: 'error', origin: { kind: 'remote', state: 'error' } });
  sshd = await startSshd(join(server.dir, 'sshd'), { port: sshd.port, keepKeys: true });
  await sync();
  await exactly();
  expect((await area.call('logs.sources.list', {})).sources[0]?.origin).toMatchObject({ state: 'ok' });
});
