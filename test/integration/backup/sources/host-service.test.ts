import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type HeadlessEngine, hmtt, startHeadlessEngine } from '../../../helpers/headless-engine.ts';
import { jobEnd } from '../../../helpers/job-end.ts';
import { freePort } from '../../../helpers/ports.ts';
import { type Sshd, startSshd } from '../../../helpers/sshd.ts';

/**
 * A service of a host that stands still while its folder is read: a Redis behind Debian's sshd, stopped and started by the very
 * command lines of the list. systemd is no process of a test, so `systemctl` and `sudo` are scripts on the host's path that do what
 * they say with Debian's start-stop-daemon.
 */

const folder = mkdtempSync(join(tmpdir(), 'hmtt-host-service-'));
const data = join(folder, 'data');
const tools = join(folder, 'tools');
const source = join(folder, 'srv');
const pidFile = join(folder, 'redis.pid');
const calls = join(folder, 'calls');
let sshd: Sshd;
let engine: HeadlessEngine;
let login = '';

const script = (name: string, text: string): void => {
  writeFileSync(join(tools, name), text);
  chmodSync(join(tools, name), 0o755);
};

/** The service's process, while it runs. */
function pid(): number | null {
  try {
    const found = Number(readFileSync(pidFile, 'utf8'));
    process.kill(found, 0);
    return found;
  } catch {
    return null;
  }
}

async function start(): Promise<void> {
  const done = await engine.call('ssh.service', { id: login, unit: 'erp.service', action: 'start' });
  expect(done.active).toBe('active');
}

async function logIn(): Promise<void> {
  const { logins } = await engine.call('ssh.logins.list', {});
  const put = await engine.call('ssh.logins.put', {
    id: logins[0]?.id ?? null,
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
}

async function run() {
  const job = await jobEnd(engine, (await engine.call('backup.run', { name: 'erp', type: 'full' })).jobId);
  const { runs } = await engine.call('backup.steps', { plan: 'erp' });
  return { job, steps: runs[0]?.steps ?? [] };
}

beforeAll(async () => {
  const port = await freePort();
  for (const dir of [tools, source]) mkdirSync(dir);
  writeFileSync(join(source, 'file'), 'of the host');
  script('sudo', '#!/bin/sh\n[ "$1" = -n ] && shift\nexec "$@"\n');
  script(
    'systemctl',
    `#!/bin/sh
verb=$1
[ "$2 $3" = "-- erp.service" ] || { echo "Unit $3 not found." >&2; exit 5; }
echo "$verb" >>'${calls}'
[ -e '${folder}/refuse-'"$verb" ] && { echo "Job for $3 failed." >&2; exit 1; }
case $verb in
start) exec start-stop-daemon --start --oknodo --quiet --pidfile '${pidFile}' --exec /usr/bin/redis-server -- \\
  --port ${port} --bind 127.0.0.1 --daemonize yes --pidfile '${pidFile}' --dir '${folder}' --save '' --logfile '${folder}/redis.log' ;;
stop) exec start-stop-daemon --stop --oknodo --quiet --retry 10 --remove-pidfile --pidfile '${pidFile}' ;;
is-active) if start-stop-daemon --status --pidfile '${pidFile}'; then echo active; else echo inactive; exit 3; fi ;;
esac
`,
  );
  sshd = await startSshd(join(folder, 'sshd'), {
    config: [`SetEnv PATH=${tools}:/usr/sbin:/usr/bin:/sbin:/bin`],
  });
  engine = await startHeadlessEngine(data);
  await logIn();
  const added = await hmtt(
    data,
    ...['backup', 'add', 'erp', '--to', join(folder, 'target'), '--remote', `app-1=app-1:${source}`],
    ...['--offline-unit', 'app-1:erp.service', '--offline-timeout', '20s'],
  );
  expect(added.stderr).toBe('');
});
beforeEach(async () => {
  for (const verb of ['start', 'stop']) rmSync(join(folder, `refuse-${verb}`), { force: true });
  await start();
  writeFileSync(calls, '');
});
afterAll(async () => {
  engine?.close();
  await engine?.stop();
  await sshd?.stop();
  const left = pid();
  if (left !== null) process.kill(left, 'SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const verbs = (): string[] =>
  readFileSync(calls, 'utf8')
    .split('\n')
    .filter((verb) => verb === 'start' || verb === 'stop');

test('it is stopped before its folder is read, and runs again afterwards', async () => {
  const before = pid();
  const { job, steps } = await run();
  expect(job.error).toBeNull();
  expect(steps.map(({ kind, state }) => `${kind} ${state}`)).toEqual([
    'stop done',
    'remote done',
    'start done',
  ]);
  expect(steps[0]?.what).toBe('app-1: systemctl stop erp.service');
  expect(verbs()).toEqual(['stop', 'start']);
  expect(pid()).not.toBeNull();
  expect(pid()).not.toBe(before);
  const { entries } = await engine.call('ssh.audit', { limit: 50 });
  expect(entries.map(({ line }) => line)).toContain('sudo -n systemctl stop -- erp.service');
});

test('a stop that is refused makes no point, and what was owed is started all the same', async () => {
  writeFileSync(join(folder, 'refuse-stop'), '');
  const { job, steps } = await run();
  expect(job.error?.code).toBe('BACKUP_OFFLINE_STOP_FAILED');
  expect(JSON.stringify(job.error)).toContain('Job for erp.service failed.');
  expect(steps.map(({ kind }) => kind)).not.toContain('remote');
  expect(verbs()).toEqual(['stop', 'start']);
  expect(pid()).not.toBeNull();
});

test('a folder that cannot be read does not leave it standing', async () => {
  rmSync(source, { recursive: true });
  const { job } = await run();
  expect(job.error).not.toBeNull();
  expect(pid()).not.toBeNull();
  mkdirSync(source);
  writeFileSync(join(source, 'file'), 'of the host');
});

test('a start that fails is told loudly, stays owed, and is made at the next start of the console', async () => {
  writeFileSync(join(folder, 'refuse-start'), '');
  const { job, steps } = await run();
  expect(job.error?.code).toBe('BACKUP_OFFLINE_START_FAILED');
  expect(steps.find(({ kind }) => kind === 'start')?.state).not.toBe('done');
  expect(pid()).toBeNull();
  const { plans } = await engine.call('backup.plans.list', {});
  expect(plans[0]?.lastError?.code).toBe('BACKUP_OFFLINE_START_FAILED');
  rmSync(join(folder, 'refuse-start'));
  await engine.kill();
  engine = await startHeadlessEngine(data);
  while (pid() === null) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(existsSync(pidFile)).toBe(true);
});

test('an engine that is killed while it stands still starts it at its next start', async () => {
  // Large enough that somebody sees it standing.
  writeFileSync(join(source, 'large'), Buffer.alloc(16 << 20, 1));
  await engine.call('backup.run', { name: 'erp', type: 'full' });
  while (pid() !== null) await new Promise((resolve) => setTimeout(resolve, 5));
  await engine.kill();
  expect(pid()).toBeNull();
  engine = await startHeadlessEngine(data);
  while (pid() === null) await new Promise((resolve) => setTimeout(resolve, 50));
  rmSync(join(source, 'large'));
});
