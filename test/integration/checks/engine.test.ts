import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { hmtt, startHeadlessEngine } from '../../helpers/headless-engine.ts';
import { freePort } from '../../helpers/ports.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

async function listen(port: number): Promise<Server> {
  const server = createServer((socket) => socket.on('error', () => undefined).end('220 ready\r\n'));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return server;
}

test('a check is made on time, kept as series, a problem while it fails, and known after a restart', async () => {
  const dir = join(temporaryFolder('checks'), 'data');
  const port = await freePort();
  let server = await listen(port);
  let engine = await startHeadlessEngine(dir);
  let stopped = false;
  onTestFinished(async () => {
    if (!stopped) await engine.stop();
    server.close();
  });
  const { hosts } = await engine.call('hosts.list', {});
  const own = hosts[0];
  if (own === undefined) throw new Error('no workstation');
  const settings = {
    name: 'mail',
    what: { kind: 'tcp', host: '127.0.0.1', port, expect: [{ kind: 'contains', text: '220' }] },
    intervalMs: 1_000,
    retries: 1,
    retryAfterMs: 1_000,
  };
  const added = await hmtt(dir, 'checks', 'add', own.name, JSON.stringify(settings));
  expect(added.stderr).toBe('');
  const id = added.stdout.trim();
  const state = async () => (await engine.call('checks.list', { hostId: own.id })).checks[0]?.state;
  await expect.poll(state).toBe('ok');

  const ran = await hmtt(dir, 'checks', 'run', own.name);
  expect(ran.code).toBe(0);
  expect(ran.stdout).toContain('mail (tcp');
  expect(ran.stdout).toContain('this-workstation (scrape');
  const listed = await hmtt(dir, 'checks', 'list');
  expect(listed.stdout).toMatch(/mail\s+tcp\s+ok\s+1 s/);

  const series = async (expr: string) => {
    const { result } = (await engine.call('metrics.query', { expr })) as unknown as {
      result: { metric: Record<string, string>; value: [number, string] }[];
    };
    return result;
  };
  await expect.poll(async () => (await series('probe_success{check="mail"}'))[0]?.value[1]).toBe('1');
  const [sample] = await series('probe_duration_seconds{check="mail"}');
  expect(sample?.metric).toMatchObject({
    job: 'check',
    instance: `127.0.0.1:${port}`,
    kind: 'tcp',
    host: own.name,
  });

  await new Promise((resolve) => server.close(resolve));
  const problem = async () => {
    const { alerts } = await engine.call('alerts.list', {});
    return alerts.find(({ labels }) => labels.alertname === 'CheckFailing');
  };
  await expect.poll(async () => (await problem())?.sentence.en ?? '').toContain('refuses the connection');
  expect((await problem())?.labels).toMatchObject({ check: 'mail', kind: 'tcp', host: own.name });
  await engine.stop();
  stopped = true;

  engine = await startHeadlessEngine(dir);
  stopped = false;
  expect(['critical']).toContain(await state());
  server = await listen(port);
  await expect.poll(state).toBe('ok');
  const { spans } = await engine.call('checks.history', { id });
  expect(spans.map((span) => span.state)).toEqual(['ok', 'critical', 'ok']);
  await engine.call('checks.remove', { id });
  expect((await engine.call('checks.list', {})).checks).toEqual([]);
});
