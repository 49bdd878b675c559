import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type CheckInput, checkSchema } from '#shared/contract/checks.ts';
import { appError, err, ok } from '#shared/errors/index.ts';
import type { CheckMade } from '../../main/engine/collect/probes/make-check.ts';
import { createMakeCheck } from '../../main/engine/collect/probes/make-check.ts';
import { collectTasks } from '../../main/engine/collect/tasks.ts';
import { systemClock } from '../../main/engine/platform/clock.ts';
import { createResolver } from '../../main/engine/platform/http/resolver.ts';
import { systemTimers } from '../../main/engine/platform/timers.ts';
import { PATIENCE_MS } from './patience.ts';
import { type Peer, startPeer } from './peer-process.ts';
import { freePort } from './ports.ts';

/** Secrets that the checks of a test may use, by name. */
export const SECRETS: Readonly<Record<string, string>> = {
  db: 'correct horse',
  wrong: 'battery staple',
  psk: '1f87b595725ac58dd977beef14b97461a7c1045b9a1c963065002c5473194952',
};

const make = createMakeCheck({
  clock: systemClock,
  timers: systemTimers,
  lookup: createResolver(systemClock),
  secret: async (name) => {
    const text = SECRETS[name];
    return text === undefined ? err(appError('SECRET_UNKNOWN', { name })) : ok(text);
  },
  sqlite: async (ask) => {
    const context = {
      signal: new AbortController().signal,
      post: () => undefined,
      onMessage: () => undefined,
    };
    const start = (): never => {
      throw new Error('no task within a task');
    };
    return (await (
      await collectTasks['collect.sqlite']?.()
    )?.(ask, { ...context, start })) as Awaited<ReturnType<Parameters<typeof createMakeCheck>[0]['sqlite']>>;
  },
});

/** What a check found, with its series by name and labels. */
export type Made = CheckMade['result'] & { readonly series: Readonly<Record<string, number>> };

/** Makes one attempt of a check, with real time and real sockets. */
export async function attempt(
  what: CheckInput['what'],
  more: Partial<CheckInput> = {},
  signal: AbortSignal = new AbortController().signal,
): Promise<Made> {
  const check = checkSchema.parse({ name: 'c', hostId: 'h', timeoutMs: 5_000, ...more, what });
  const { result, body } = await make(check, signal).made;
  return { ...result, series: seriesIn(Buffer.from(body).toString('utf8')) };
}

/** The samples of an exposition by their name with labels. */
export function seriesIn(text: string): Readonly<Record<string, number>> {
  return Object.fromEntries(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => {
        const at = line.lastIndexOf(' ');
        return [line.slice(0, at), Number(line.slice(at + 1))];
      }),
  );
}

/** Waits until something listens on a port of loopback. */
export async function untilListens(port: number, peer: Peer, ms = PATIENCE_MS): Promise<void> {
  const deadline = performance.now() + ms;
  for (;;) {
    const listens = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (listens) return;
    if (performance.now() > deadline) throw new Error(`nothing listens on ${port}: ${peer.output()}`);
    await wait(50);
  }
}

/** A server on a port of loopback. */
export type Served = { readonly port: number; readonly stop: () => Promise<void> };

/** What runs a program as a user other than root, which database servers and agents insist on. */
function asUser(user: string, dir: string): readonly string[] {
  if (process.getuid?.() !== 0) return [];
  const ids = spawnSync('id', ['-u', user], { encoding: 'utf8' }).stdout.trim();
  if (ids !== '') chownSync(dir, Number(ids), -1);
  return ['runuser', '-u', user, '--'];
}

/** Starts Debian's PostgreSQL with the user `hmtt`, whose password is the secret `db`. */
export async function startPostgresql(dir: string): Promise<Served> {
  mkdirSync(dir, { recursive: true });
  chmodSync(join(dir, '..'), 0o755);
  const before = asUser('postgres', dir);
  const bin =
    spawnSync('pg_config', ['--bindir'], { encoding: 'utf8' }).stdout?.trim() || '/usr/lib/postgresql/15/bin';
  const passwordFile = join(dir, 'password');
  writeFileSync(passwordFile, SECRETS.db ?? '', { mode: 0o644 });
  const data = join(dir, 'data');
  run(
    [
      ...before,
      `${bin}/initdb`,
      '-D',
      data,
      '-U',
      'hmtt',
      '--auth=scram-sha-256',
      `--pwfile=${passwordFile}`,
      '-N',
    ],
    'postgresql',
  );
  const port = await freePort();
  const [command = '', ...args] = [
    ...before,
    ...[`${bin}/postgres`, '-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', dir, '-c', 'fsync=off'],
  ];
  const peer = await startPeer(command, args, 'postgresql');
  await untilListens(port, peer);
  return { port, stop: peer.stop };
}

/** Starts Debian's MariaDB with the user `hmtt`, whose password is the secret `db`. */
export async function startMariadb(dir: string): Promise<Served> {
  mkdirSync(dir, { recursive: true });
  chmodSync(join(dir, '..'), 0o755);
  const before = asUser('mysql', dir);
  const data = join(dir, 'data');
  run(
    [
      ...before,
      'mariadb-install-db',
      '--no-defaults',
      `--datadir=${data}`,
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
    ],
    'mariadb-server',
  );
  const port = await freePort();
  const init = join(dir, 'init.sql');
  writeFileSync(
    init,
    `CREATE USER 'hmtt'@'127.0.0.1' IDENTIFIED BY '${SECRETS.db}';\nGRANT ALL ON *.* TO 'hmtt'@'127.0.0.1';\n`,
  );
  const [command = '', ...args] = [
    ...before,
    ...['mariadbd', '--no-defaults', `--datadir=${data}`, `--port=${port}`, '--bind-address=127.0.0.1'],
    ...[
      `--socket=${join(dir, 's')}`,
      `--init-file=${init}`,
      '--skip-name-resolve',
      '--innodb-flush-log-at-trx-commit=0',
    ],
  ];
  const peer = await startPeer(command, args, 'mariadb-server');
  await untilListens(port, peer);
  return { port, stop: peer.stop };
}

function run([file = '', ...args]: readonly string[], debianPackage: string): void {
  try {
    execFileSync(file, args, { stdio: 'pipe', encoding: 'utf8' });
  } catch (thrown) {
    throw new Error(`${file} is needed by this test: apt-get install ${debianPackage} (${String(thrown)})`);
  }
}

/** Starts Debian's Redis; `password` is asked of clients. */
export async function startRedis(dir: string, password: string): Promise<Served> {
  mkdirSync(dir, { recursive: true });
  const port = await freePort();
  const args = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    dir,
    '--save',
    '',
    '--requirepass',
    password,
  ];
  const peer = await startPeer('redis-server', args, 'redis-server');
  await untilListens(port, peer);
  return { port, stop: peer.stop };
}

/** Starts Debian's Zabbix agent in the foreground, with further lines of its configuration. */
export async function startZabbixAgent(
  dir: string,
  lines: readonly string[] = [],
): Promise<Served & { readonly config: string }> {
  mkdirSync(dir, { recursive: true });
  // The agent takes no port above 32767.
  const port = await freePort();
  const config = join(dir, 'agent.conf');
  const own = [
    ...[
      'Server=127.0.0.1',
      `ListenPort=${port}`,
      'ListenIP=127.0.0.1',
      'Hostname=hmtt-test',
      'StartAgents=3',
    ],
    ...[`LogFile=${join(dir, 'agent.log')}`, `PidFile=${join(dir, 'agent.pid')}`],
    ...(process.getuid?.() === 0 ? ['AllowRoot=1'] : []),
    ...lines,
  ];
  writeFileSync(config, `${own.join('\n')}\n`);
  const peer = await startPeer('zabbix_agentd', ['-f', '-c', config], 'zabbix-agent');
  await untilListens(port, peer);
  return { port, config, stop: peer.stop };
}
