import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { WebhookMessage } from '../../../main/engine/channels/alert-json.ts';
import { channelsBench, until } from '../../helpers/channels-area.ts';
import { aNotice, aProblem } from '../../helpers/notices.ts';
import { startPeer, untilAnswers } from '../../helpers/peer-process.ts';
import { freePort } from '../../helpers/ports.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

const open: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

type AmAlert = {
  readonly labels: Record<string, string>;
  readonly annotations: Record<string, string>;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly fingerprint: string;
};

/** Debian's Alertmanager, which posts what it has to a webhook of the test. */
async function alertmanager(webhook: string) {
  const folder = temporaryFolder('alertmanager');
  const port = await freePort();
  writeFileSync(
    join(folder, 'alertmanager.yml'),
    `route:
  receiver: hook
  group_by: [alertname]
  group_wait: 200ms
  group_interval: 300ms
  repeat_interval: 1h
receivers:
  - name: hook
    webhook_configs:
      - url: ${webhook}
        send_resolved: true
`,
  );
  const url = `http://127.0.0.1:${port}`;
  const peer = await startPeer(
    'prometheus-alertmanager',
    [
      ...['--config.file', join(folder, 'alertmanager.yml'), '--storage.path', join(folder, 'data')],
      ...['--web.listen-address', `127.0.0.1:${port}`, '--cluster.listen-address', ''],
    ],
    'prometheus-alertmanager',
  );
  open.push(peer.stop);
  await untilAnswers(`${url}/-/ready`, peer);
  const alerts = async (): Promise<readonly AmAlert[]> =>
    (await (await fetch(`${url}/api/v2/alerts`)).json()) as AmAlert[];
  return { url, alerts };
}

/** Keeps the JSON documents that are posted to it. */
async function hook() {
  const got: WebhookMessage[] = [];
  const server: Server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
    });
    request.on('end', () => {
      got.push(JSON.parse(text) as WebhookMessage);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { got, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

function bench() {
  const made = channelsBench(temporaryFolder('channels'));
  open.push(made.close);
  return made;
}

test('alerts arrive in a real Alertmanager, stay as long as they fire, and end there', async () => {
  const am = await alertmanager((await hook()).url);
  const { area, call, firing } = bench();
  const settings = {
    type: 'alertmanager',
    url: am.url,
    labels: { console: 'one' },
    resendMs: 1_000,
  } as const;
  const { id } = await call('channels.add', { name: 'am', settings });
  const problem = aProblem({ since: Date.now() - 60_000 });
  firing.add(problem.id);
  area.enqueue(aNotice({ id: 'n1', at: Date.now(), alerts: [problem] }), [{ channel: id, to: null }]);
  await until(async () => (await am.alerts()).length === 1, 'the alert');
  const [first] = await am.alerts();
  expect(first).toMatchObject({
    labels: { alertname: 'HostDown', host: 'app-2', severity: 'critical', console: 'one' },
    annotations: { summary: '主机 app-2 停止应答', description: '检查电源与网络' },
    startsAt: new Date(problem.since).toISOString(),
  });
  // Without repetition it would end after 4 s.
  const ends = Date.parse(first?.endsAt ?? '');
  await until(async () => Date.parse((await am.alerts())[0]?.endsAt ?? '') > ends + 2_000, 'a repetition');
  // It ends without a notice: the repetition tells.
  firing.clear();
  await until(async () => (await am.alerts()).length === 0, 'its end');
});

test('an end that a notice tells arrives at once, and is not overtaken by a repetition', async () => {
  const am = await alertmanager((await hook()).url);
  const { area, call, firing, said } = bench();
  const { id } = await call('channels.add', {
    name: 'am',
    settings: { type: 'alertmanager', url: `${am.url}/`, resendMs: 1_000 },
  });
  const problem = aProblem({ since: Date.now() - 60_000 });
  firing.add(problem.id);
  area.enqueue(aNotice({ id: 'n1', alerts: [problem] }), [{ channel: id, to: null }]);
  await until(async () => (await am.alerts()).length === 1, 'the alert');
  area.enqueue(aNotice({ id: 'n2', alerts: [{ ...problem, until: Date.now() }] }), [
    { channel: id, to: null },
  ]);
  await until(() => said.length === 2, 'the end told');
  expect(await am.alerts()).toEqual([]);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(await am.alerts()).toEqual([]);
});

test('our webhook posts what Alertmanager posts for the same alerts', async () => {
  const theirs = await hook();
  const ours = await hook();
  const am = await alertmanager(theirs.url);
  const { area, call } = bench();
  const told = [
    await call('channels.add', { name: 'am', settings: { type: 'alertmanager', url: am.url } }),
    await call('channels.add', { name: 'hook', settings: { type: 'webhook', url: ours.url } }),
  ].map(({ id }) => ({ channel: id, to: null }));
  const since = Date.now() - 60_000;
  const problems = [
    aProblem({ since }),
    aProblem({
      id: 'b',
      since,
      labels: { alertname: 'HostDown', host: '数据库', severity: 'critical', tier: 'data' },
    }),
  ];
  const notice = aNotice({
    id: 'n1',
    receiver: 'hook',
    groupKey: '{}:{alertname="HostDown"}',
    alerts: problems,
  });
  area.enqueue(notice, told);
  await until(() => theirs.got.length === 1 && ours.got.length === 1, 'both');
  const comparable = (message: WebhookMessage | undefined) =>
    message && {
      ...message,
      externalURL: '',
      alerts: [...message.alerts].sort((a, b) => a.fingerprint.localeCompare(b.fingerprint)),
    };
  expect(comparable(ours.got[0])).toEqual(comparable(theirs.got[0]));
  expect(Object.keys(ours.got[0] ?? {})).toEqual(Object.keys(theirs.got[0] ?? {}));
  const until2 = Date.now();
  area.enqueue(
    { ...notice, id: 'n2', alerts: problems.map((problem) => ({ ...problem, until: until2 })) },
    told,
  );
  await until(() => theirs.got.length === 2 && ours.got.length === 2, 'both ends');
  expect(comparable(ours.got[1])).toEqual(comparable(theirs.got[1]));
});

test('an alert without a name is refused by it, and that is said in its words', async () => {
  const am = await alertmanager((await hook()).url);
  const { area, call, said } = bench();
  const { id } = await call('channels.add', { name: 'am', settings: { type: 'alertmanager', url: am.url } });
  area.enqueue(aNotice({ alerts: [aProblem({ labels: {} })] }), [{ channel: id, to: null }]);
  await until(() => said.length === 1, 'an answer');
  expect(said[0]).toMatchObject({ state: 'failed', error: { code: 'CHANNEL_REFUSED' } });
  expect(said[0]?.error?.message.en).toContain('at least one label pair required');
});
