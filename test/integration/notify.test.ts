import { createServer, type Server } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import type { RequestInput, RequestName, RequestOutput } from '#shared/contract/index.ts';
import { type HeadlessEngine, hmtt, startHeadlessEngine } from '../helpers/headless-engine.ts';
import { freePort } from '../helpers/ports.ts';
import { temporaryFolder } from '../helpers/temp-folder.ts';

const servers: Server[] = [];
const engines: HeadlessEngine[] = [];
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.stop();
  for (const server of servers.splice(0)) server.close();
});

async function listen(
  answer: (body: string) => string,
): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString('utf8');
    });
    request.on('end', () => response.end(answer(body)));
  });
  servers.push(server);
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { server, port };
}

async function start(data: string): Promise<HeadlessEngine> {
  const engine = await startHeadlessEngine(data);
  engines.push(engine);
  return engine;
}

async function ask<N extends RequestName>(
  engine: HeadlessEngine,
  name: N,
  input: RequestInput<N>,
): Promise<RequestOutput<N>> {
  const result = await engine.client.call(name, input);
  if (!result.ok) throw new Error(`${name}: ${result.error.code}: ${result.error.message.en}`);
  return result.value;
}

async function until<T>(what: string, look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (const end = Date.now() + 60_000; Date.now() < end; await wait(100)) {
    const found = await look();
    if (found !== undefined) return found;
  }
  throw new Error(`not within a minute: ${what}`);
}

type Hook = {
  readonly status: string;
  readonly alerts: readonly { readonly labels: Record<string, string> }[];
};

test('a host dies, the engine is killed while its group waits: one notice, and its story is whole', async () => {
  const data = temporaryFolder('notify');
  const received: Hook[] = [];
  const hook = await listen((body) => {
    received.push(JSON.parse(body) as Hook);
    return '';
  });
  const exporter = await listen(() => 'app_requests_total 1\n');
  let engine = await start(data);
  const { id: channel } = await ask(engine, 'channels.add', {
    name: 'hook',
    settings: { type: 'webhook', url: `http://127.0.0.1:${hook.port}/` },
  });
  const { config, revision } = await ask(engine, 'notify.config.get', {});
  const set = await ask(engine, 'notify.config.set', {
    revision,
    config: {
      ...config,
      route: { ...config.route, receiver: 'hook', groupWaitMs: 6_000, groupIntervalMs: 1_000, routes: [] },
      receivers: [{ name: 'hook', targets: [{ kind: 'channel', channel }], sendResolved: true }],
    },
  });
  expect(set.problems).toEqual([]);
  await ask(engine, 'hosts.add', {
    name: 'app-1',
    address: '127.0.0.1',
    tier: 'business',
    scrapes: [{ job: 'app', address: `127.0.0.1:${exporter.port}`, intervalMs: 1_000, timeoutMs: 500 }],
  });
  await until('app-1 is up', async () =>
    (await ask(engine, 'hosts.list', {})).hosts.find(({ name, state }) => name === 'app-1' && state === 'up'),
  );
  exporter.server.close();
  exporter.server.closeAllConnections();
  const dead = await until('an alert that app-1 is down', async () =>
    (await ask(engine, 'notify.alerts', {})).alerts.find(
      ({ labels }) => labels.alertname === 'HostDown' && labels.host === 'app-1',
    ),
  );
  expect(dead.state).toBe('waiting');
  await engine.kill();
  engines.splice(0);
  expect(received).toEqual([]);

  engine = await start(data);
  const about = (): readonly Hook[] =>
    received.filter(({ alerts }) =>
      alerts.some(({ labels }) => labels.host === 'app-1' && labels.alertname === 'HostDown'),
    );
  await until('the notice', () => about()[0]);
  // An engine that is killed while the other side takes a copy does not know whether it did, and sends that copy again.
  await until('the answer is noted', async () =>
    (await ask(engine, 'notify.why', { id: dead.problem.id })).entries.find(
      ({ kind }) => kind === 'delivery',
    ),
  );
  await engine.kill();
  engines.splice(0);
  engine = await start(data);
  await wait(8_000);
  expect(about()).toHaveLength(1);

  // A machine too busy to start the engine within 20 s was blind meanwhile, and the host died anew after that.
  const { since } = dead.problem;
  const story = await ask(engine, 'notify.why', { id: dead.problem.id, since });
  const kinds = story.entries.map(({ kind }) => kind);
  for (const kind of ['observed', 'opened', 'routed', 'waiting', 'restarted', 'notice', 'delivery'] as const)
    expect(kinds).toContain(kind);
  expect(kinds.filter((kind) => kind === 'notice')).toHaveLength(1);
  expect(story.entries.map(({ at }) => at)).toEqual(
    story.entries.map(({ at }) => at).toSorted((a, b) => a - b),
  );
  await until('it counts as told', async () =>
    (await ask(engine, 'notify.alerts', {})).alerts.find(
      ({ problem, state }) => problem.id === dead.problem.id && state === 'told',
    ),
  );

  const acknowledged = await hmtt(
    data,
    'alerts',
    'ack',
    dead.problem.id,
    '--by',
    'Li',
    '--note',
    'on my way',
  );
  expect(acknowledged.code, acknowledged.stderr).toBe(0);
  const why = await hmtt(data, 'alerts', 'why', dead.problem.id);
  expect(why.stdout).toContain('Li acknowledged it');
  expect(why.stdout).toContain('on my way');

  const { records } = await ask(engine, 'notify.history', { from: 0, to: Date.now() + 1 });
  expect(records.find(({ problem }) => problem.id === dead.problem.id)).toMatchObject({
    acknowledgedBy: 'Li',
    openings: 1,
  });
});
