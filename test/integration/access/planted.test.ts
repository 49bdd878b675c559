import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ChannelSettings } from '#shared/contract/channel-settings.ts';
import { type HeadlessEngine, hmtt, startHeadlessEngine } from '../../helpers/headless-engine.ts';
import { makeKey, type Sshd, startSshd } from '../../helpers/sshd.ts';

/**
 * Secrets go in by every door that there is, are used, and are then looked for: in every byte of the data folder while the engine runs
 * and after it, in what it says and exports, and in the list of processes.
 */
let folder = '';
let data = '';
let engine: HeadlessEngine;
let web: Server;
let sshd: Sshd;
/** Every Authorization header that came. */
const authorizations: string[] = [];
const planted = new Map<string, string>();

/** A secret that nothing else can look like. */
function plant(door: string): string {
  const text = `planted-${createHash('sha256').update(door).digest('hex').slice(0, 24)}`;
  planted.set(door, text);
  return text;
}

/** What is looked for: the text, and the forms in which it could lie about. */
function forms(text: string): readonly Buffer[] {
  const bytes = Buffer.from(text, 'utf8');
  // The middle of a base64 text is the same only where it begins at a multiple of three bytes.
  const base64 = [0, 1, 2].map((skip) => bytes.subarray(skip, skip + 18).toString('base64'));
  return [
    bytes,
    Buffer.from(bytes.toString('hex')),
    Buffer.from(text, 'utf16le'),
    ...base64.map((b) => Buffer.from(b)),
  ];
}

function filesOf(dir: string): readonly string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Where planted secrets are found. */
function found(where: string, bytes: Buffer): readonly string[] {
  return [...planted].flatMap(([door, text]) =>
    forms(text).some((form) => bytes.includes(form)) ? [`${door} in ${where}`] : [],
  );
}

/** Command lines and environments of everything that runs. */
function processes(): Buffer {
  const read = (path: string): Buffer => {
    try {
      return readFileSync(path);
    } catch {
      // It ended, or is somebody else's.
      return Buffer.alloc(0);
    }
  };
  const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && name !== String(process.pid));
  return Buffer.concat(ids.flatMap((id) => [read(`/proc/${id}/cmdline`), read(`/proc/${id}/environ`)]));
}

const origin = (): string => `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
const address = (): string => `127.0.0.1:${(web.address() as AddressInfo).port}`;
const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hmtt-planted-'));
  data = join(folder, 'data');
  web = createServer((request, response) => {
    authorizations.push(request.headers.authorization ?? '');
    request.resume();
    response.end(request.url === '/metrics' ? 'a 1\n' : '{}');
  });
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  sshd = await startSshd(join(folder, 'sshd'));
  engine = await startHeadlessEngine(data);
});
afterAll(async () => {
  await engine.stop();
  engine.close();
  web.close();
  await sshd.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function used(header: string): Promise<void> {
  await expect.poll(() => authorizations).toContain(header);
}

const host = (name: string, scrape: object) => ({
  name,
  address: '127.0.0.1',
  tier: 'business' as const,
  scrapes: [{ job: name, address: address(), intervalMs: 1_000, timeoutMs: 1_000, ...scrape }],
});

test('planted secrets are used and found nowhere', async () => {
  const { call, client } = engine;
  const login = (door: string) => ({ username: 'u', password: plant(door) });
  const labels = (instance: string) => ({ labels: { instance } });

  // Scrapes: added, imported, tried.
  await call('hosts.add', host('basic', { basicAuth: login('scrape password'), ...labels('a') }));
  await call('hosts.add', host('bearer', { bearerToken: plant('scrape token'), ...labels('b') }));
  const tlsKey = plant('scrape TLS key');
  await call('hosts.add', host('mutual', { scheme: 'https', tls: { key: tlsKey }, ...labels('c') }));
  await call('hosts.test', {
    scrape: host('t', { basicAuth: login('tried password') }).scrapes[0] ?? never(),
  });
  const prometheus = [
    'scrape_configs:',
    '- job_name: imported',
    '  scrape_interval: 1s',
    `  basic_auth: {username: u, password: ${plant('imported password')}}`,
    `  static_configs: [{targets: ['${address()}']}]`,
    '- job_name: authorized',
    '  scrape_interval: 1s',
    `  authorization: {credentials: ${plant('imported token')}}`,
    `  static_configs: [{targets: ['${address()}']}]`,
    'remote_write:',
    `- url: ${origin()}/write`,
    '  name: from-file',
    `  basic_auth: {username: u, password: ${plant('imported remote write password')}}`,
    '',
  ].join('\n');
  const imported = { fileName: 'prometheus.yml', text: prometheus };
  expect((await call('hosts.importPrometheus', imported)).targetsAdded).toBe(2);
  expect((await call('hosts.importPrometheus', imported)).targetsUnchanged).toBe(2);

  // Other servers.
  const url = `${origin()}/other`;
  await call('remote.add', { name: 'one', url, basicAuth: login('remote write password') });
  await call('remote.add', { name: 'two', url, bearerToken: plant('remote write token') });
  await call('remote.setSource', {
    kind: 'server',
    server: { url: origin(), basicAuth: login('source password') },
  });
  await client.call('metrics.query', { expr: 'up', time: Date.now() });
  await call('remote.setSource', { kind: 'local' });

  // Channels.
  const channel = async (name: string, settings: object): Promise<void> => {
    await call('channels.add', { name, settings: settings as ChannelSettings });
    const { channels } = await call('channels.list', {});
    const kept = channels.find((one) => one.name === name)?.settings ?? never();
    await call('channels.test', { settings: kept, to: null });
  };
  await channel('hook', { type: 'webhook', url, basicAuth: login('webhook password') });
  await channel('hook token', { type: 'webhook', url, bearerToken: plant('webhook token') });
  await channel('am', { type: 'alertmanager', url, basicAuth: login('alertmanager password') });
  await channel('mail', {
    ...{ type: 'smtp', host: '127.0.0.1', port: 9, security: 'none', from: 'a@b', to: ['c@d'] },
    ...{ login: login('mail password'), timeoutMs: 1_000 },
  });
  const syslog = { type: 'syslog', transport: 'tls', host: '127.0.0.1', timeoutMs: 500 };
  await channel('syslog', { ...syslog, tls: { key: plant('syslog TLS key') } });

  // Checks name secrets of the store; log outputs and a log server have logins of their own.
  const psk = createHash('sha256').update('Zabbix key').digest('hex');
  planted.set('Zabbix key', psk);
  const secrets = {
    'check-token': plant('check token'),
    'check-password': plant('check password'),
    'check-db': plant('check database password'),
    'check-psk': psk,
  };
  for (const [name, text] of Object.entries(secrets)) await call('secrets.put', { name, text });
  const { id: hostId } = await call('hosts.add', host('checked', labels('d')));
  const page = { kind: 'http' as const, url: `${origin()}/checked` };
  const closed = { host: '127.0.0.1', port: 9 };
  for (const [name, what] of Object.entries({
    token: { ...page, bearer: 'check-token' },
    login: { ...page, username: 'u', password: 'check-password' },
    database: { kind: 'postgresql' as const, ...closed, user: 'u', password: 'check-db' },
    agent: { kind: 'zabbix' as const, ...closed, items: ['x'], psk: { identity: 'i', key: 'check-psk' } },
  }))
    await call('checks.put', { hostId, name, what });
  const runs = await call('checks.run', { hostId });
  expect(runs.runs.length).toBeGreaterThanOrEqual(4);
  await call('logs.outputs.put', {
    output: { name: 'es', servers: [origin()], apiKey: plant('log output key') },
  });
  await call('logs.remote.set', {
    kind: 'server',
    server: { servers: [origin()], basicAuth: login('log server password') },
  });
  await call('logs.remote.set', { kind: 'local' });

  // SSH: a sealed key with a sealed passphrase really logs in.
  const passphrase = plant('SSH passphrase');
  const sealedKey = makeKey(join(folder, 'sealed-key'), 'ed25519', passphrase);
  execFileSync('sh', ['-c', `cat "${sealedKey}.pub" >> "${join(folder, 'sshd', 'authorized_keys')}"`]);
  const key = readFileSync(sealedKey, 'utf8');
  planted.set('SSH private key', key.split('\n')[2] ?? never());
  const account = { host: '127.0.0.1', port: sshd.port, user: sshd.user };
  const { id } = await call('ssh.logins.put', {
    ...{ name: 'app-1', ...account },
    auth: { kind: 'key', privateKey: key, passphrase },
  });
  const first = await call('ssh.logins.test', { id });
  await call('ssh.hostKeys.trust', first.unknownKey ?? never());
  expect((await call('ssh.logins.test', { id })).steps.every(({ ok }) => ok)).toBe(true);
  const withPassword = await call('ssh.logins.put', {
    ...{ name: 'app-2', ...account },
    auth: { kind: 'password', password: plant('SSH password') },
  });
  await call('ssh.logins.test', withPassword);

  // Keys of backups, and the store's own passphrase and names, from the command line too.
  await call('backup.keys.create', { name: 'archive', passphrase: plant('backup passphrase') });
  await call('backup.keys.unlock', { passphrase: planted.get('backup passphrase') ?? never(), dirs: [] });
  const fileOf = (door: string): string => {
    const path = join(folder, `${door}.txt`);
    writeFileSync(path, `${plant(door)}\n`, { mode: 0o600 });
    return path;
  };
  const old = fileOf('first passphrase');
  const named = fileOf('named secret');
  const put = hmtt(data, 'secrets', 'put', 'db-readonly', '--file', named);
  const duringCommand = processes();
  expect(await put).toMatchObject({ code: 0, stdout: 'db-readonly\n' });
  expect(await hmtt(data, 'secrets', 'passphrase', '--new-passphrase-file', old)).toMatchObject({ code: 0 });
  const next = fileOf('second passphrase');
  const change = ['secrets', 'passphrase', '--passphrase-file', old, '--new-passphrase-file', next];
  expect(await hmtt(data, ...change)).toMatchObject({ code: 0 });

  expect(planted.size).toBeGreaterThanOrEqual(25);
  for (const door of ['scrape password', 'imported password', 'tried password', 'webhook password'])
    await used(basic('u', planted.get(door) ?? never()));
  for (const door of ['source password', 'alertmanager password', 'check password'])
    await used(basic('u', planted.get(door) ?? never()));
  for (const door of ['scrape token', 'imported token', 'webhook token', 'check token'])
    await used(`Bearer ${planted.get(door) ?? never()}`);

  // What the engine says to a window, and what it exports.
  const said: unknown[] = [runs];
  for (const name of [
    'hosts.list',
    'remote.status',
    'channels.list',
    'ssh.logins.list',
    'ssh.audit',
    'checks.list',
    'logs.outputs.list',
    'logs.remote.get',
  ] as const)
    said.push(await call(name, {}));
  for (const { id: hostId } of (await call('hosts.list', {})).hosts)
    said.push(await call('hosts.get', { id: hostId }));
  said.push(await call('secrets.status', {}));
  const exported = await hmtt(data, 'inventory', 'export');
  expect(exported.code).toBe(0);

  const evidence = (): readonly string[] => filesOf(data).flatMap((path) => found(path, readFileSync(path)));
  expect(found('answers', Buffer.from(JSON.stringify(said)))).toEqual([]);
  expect(found('site file', Buffer.from(exported.stdout))).toEqual([]);
  expect(found('processes', Buffer.concat([duringCommand, processes()]))).toEqual([]);
  expect(evidence()).toEqual([]);
  expect(filesOf(data).some((path) => path.endsWith('.db-wal') && statSync(path).size > 0)).toBe(true);

  // After a restart the store is locked; what needs a secret says so, and works again once it is opened.
  await engine.stop();
  engine.close();
  expect(evidence()).toEqual([]);
  engine = await startHeadlessEngine(data);
  const stateOf = async (): Promise<string | undefined> => {
    const { hosts } = await engine.call('hosts.list', {});
    const basicHost = hosts.find(({ name }) => name === 'basic') ?? never();
    return (await engine.call('hosts.get', { id: basicHost.id })).targets[0]?.lastError?.code;
  };
  await expect.poll(stateOf).toBe('SECRETS_LOCKED');
  expect(await hmtt(data, 'secrets', 'unlock', '--passphrase-file', old)).toMatchObject({ code: 1 });
  expect(await hmtt(data, 'secrets', 'unlock', '--passphrase-file', next)).toMatchObject({ code: 0 });
  authorizations.length = 0;
  await used(basic('u', planted.get('scrape password') ?? never()));
  expect(evidence()).toEqual([]);
});

/** For what must be there. */
function never(): never {
  throw new Error('it is not there');
}
