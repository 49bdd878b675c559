import { mkdtempSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type HeadlessEngine, startHeadlessEngine } from '../../helpers/headless-engine.ts';
import { type Sshd, startSshd } from '../../helpers/sshd.ts';

/** A host without an exporter, watched over SSH by a whole engine. */

const folder = mkdtempSync(join(tmpdir(), 'hmtt-ssh-figures-'));
let sshd: Sshd;
let engine: HeadlessEngine;
let login = '';

beforeAll(async () => {
  sshd = await startSshd(join(folder, 'server'));
  engine = await startHeadlessEngine(join(folder, 'data'));
  const { id } = await engine.call('ssh.logins.put', {
    name: 'app-1',
    host: '127.0.0.1',
    port: sshd.port,
    user: sshd.user,
    auth: { kind: 'key', keyFile: sshd.keyFile },
  });
  login = id;
  const { unknownKey } = await engine.call('ssh.logins.test', { id });
  if (unknownKey === null) throw new Error('the host key was trusted by itself');
  await engine.call('ssh.hostKeys.trust', unknownKey);
  await engine.call('ssh.logins.test', { id });
});
afterAll(async () => {
  await engine.stop();
  await sshd.stop();
  rmSync(folder, { recursive: true, force: true });
});

const scrape = () => ({
  job: 'ssh',
  address: `127.0.0.1:${sshd.port}`,
  intervalMs: 3_000,
  timeoutMs: 3_000,
  overSsh: { login },
});

async function sample(
  expr: string,
): Promise<{ readonly labels: Record<string, string>; readonly value: number } | null> {
  const data = await engine.call('metrics.query', { expr });
  if (data.resultType !== 'vector') throw new Error(data.resultType);
  const [first] = data.result;
  return first === undefined ? null : { labels: first.metric, value: Number(first.value[1]) };
}

test('a try shows what would come, and stores nothing', async () => {
  const tried = await engine.call('hosts.test', { scrape: scrape() });
  expect(tried.steps.map(({ step, ok }) => [step, ok])).toEqual([
    ['request', true],
    ['parse', true],
  ]);
  expect(tried.sampleNames).toContain('node_memory_MemTotal_bytes');
  expect(await sample('node_memory_MemTotal_bytes{job="ssh"}')).toBeNull();
});

test('its figures are series like those of an exporter, it is up, and down when its SSH is gone', async () => {
  await engine.call('hosts.add', {
    name: 'app-1',
    address: '127.0.0.1',
    tier: 'business',
    scrapes: [scrape()],
  });
  await expect
    .poll(() => sample('node_uname_info{job="ssh"}'), { timeout: 40_000 })
    .toMatchObject({ labels: { nodename: hostname(), sysname: 'Linux' }, value: 1 });
  expect((await sample('up{job="ssh"}'))?.value).toBe(1);
  await expect
    .poll(async () => (await sample('sum(rate(node_cpu_seconds_total{job="ssh"}[30s]))'))?.value ?? 0, {
      timeout: 40_000,
    })
    .toBeGreaterThan(0.5);
  const { entries } = await engine.call('ssh.audit', {});
  // What is read every second is not in the trail; the try of the login is.
  expect(new Set(entries.map(({ command }) => command))).toEqual(new Set(['identify']));
  await sshd.stop();
  await expect.poll(async () => (await sample('up{job="ssh"}'))?.value, { timeout: 40_000 }).toBe(0);
  const { hosts } = await engine.call('hosts.list', {});
  expect(hosts.find(({ name }) => name === 'app-1')).toMatchObject({ state: 'down' });
});
