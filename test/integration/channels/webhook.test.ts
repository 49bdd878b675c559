import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcp } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { channelsBench, until } from '../../helpers/channels-area.ts';
import { aNotice } from '../../helpers/notices.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

const open: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function receiver(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
}

function bench() {
  const made = channelsBench(temporaryFolder('channels'));
  open.push(made.close);
  return made;
}

const TIMEOUT_MS = 400;
const hook = (url: string) => ({ type: 'webhook', url, timeoutMs: TIMEOUT_MS }) as const;

const HOSTILE: readonly [string, RequestListener, string][] = [
  ['hangs', () => undefined, 'CHANNEL_UNREACHABLE'],
  [
    'drips',
    (_, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('x'), 50);
      response.on('close', () => clearInterval(timer));
    },
    'CHANNEL_UNREACHABLE',
  ],
  ['answers 500', (_, response) => response.writeHead(500).end('broken\ninside'), 'CHANNEL_NOT_NOW'],
  ['answers 400', (_, response) => response.writeHead(400).end('bad'), 'CHANNEL_REFUSED'],
  ['wants a login', (_, response) => response.writeHead(401).end(), 'CHANNEL_LOGIN_REFUSED'],
  ['closes', (request) => request.socket.destroy(), 'CHANNEL_UNREACHABLE'],
  [
    'redirects',
    (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end(),
    'CHANNEL_NOT_NOW',
  ],
  [
    'answers 500 with 200 MB',
    (_, response) => {
      response.writeHead(500);
      const more = (): void => {
        while (response.write(Buffer.alloc(1 << 20)));
      };
      response.on('drain', more);
      more();
    },
    'CHANNEL_NOT_NOW',
  ],
];

for (const [how, answer, code] of HOSTILE)
  test(`a receiver that ${how} is left within its timeout, with a word`, async () => {
    const { call } = bench();
    const began = performance.now();
    const outcome = await call('channels.test', { settings: hook(await receiver(answer)) });
    expect(performance.now() - began).toBeLessThan(TIMEOUT_MS + 10_000);
    expect(outcome.ok).toBe(false);
    expect(outcome.error?.code).toBe(code);
    expect(outcome.answer).not.toMatch(/\n/);
  });

test('a hostile receiver holds up nobody else, and gets its notices in order once it behaves', async () => {
  let behaves = false;
  const got: string[] = [];
  const bad = await receiver((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
    });
    request.on('end', () => {
      if (!behaves) return;
      got.push(JSON.parse(text).status);
      response.end('thanks');
    });
  });
  let good = 0;
  const fine = await receiver((request, response) => {
    request.resume();
    good += 1;
    response.end();
  });
  const { area, call } = bench();
  const ids = [];
  for (const [name, url] of [
    ['bad', bad],
    ['fine', fine],
  ] as const)
    ids.push((await call('channels.add', { name, settings: hook(url) })).id);
  const told = ids.map((id) => ({ channel: id, to: null }));
  area.enqueue(aNotice({ id: 'f' }), told);
  area.enqueue(
    aNotice({ id: 'r', alerts: aNotice().alerts.map((one) => ({ ...one, until: Date.now() })) }),
    told,
  );
  // It waits for none of the attempts at the bad one, whose queue is still full.
  await until(() => good === 2, 'the other receiver');
  const bads = await call('channels.queue', { channel: ids[0] ?? '' });
  expect(bads.entries.map(({ notice }) => notice)).toEqual(['f', 'r']);
  behaves = true;
  await until(() => got.length === 2, 'the bad one');
  expect(got).toEqual(['firing', 'resolved']);
});

test('headers and the login of a file are sent, and never shown', async () => {
  const heads: Record<string, unknown>[] = [];
  const url = await receiver((request, response) => {
    heads.push({ auth: request.headers.authorization, own: request.headers['x-site'] });
    request.resume();
    response.end();
  });
  const { writeFileSync } = await import('node:fs');
  const folder = temporaryFolder('secret');
  writeFileSync(`${folder}/token`, 'sesame\n');
  const { call } = bench();
  const settings = { ...hook(url), headers: { 'x-site': 'one' }, bearerTokenFile: `${folder}/token` };
  await call('channels.add', { name: 'hook', settings });
  expect((await call('channels.test', { settings })).ok).toBe(true);
  expect(heads).toEqual([{ auth: 'Bearer sesame', own: 'one' }]);
  expect(JSON.stringify([await call('channels.list', {}), await call('channels.health', {})])).not.toContain(
    'sesame',
  );
});

test('something that is no HTTP server is said to be none', async () => {
  const server = createTcp((socket) => socket.end('220 ready\r\n'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(() => {
    server.close();
  });
  const { call } = bench();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const outcome = await call('channels.test', { settings: hook(url) });
  expect(outcome.error?.code).toBe('CHANNEL_UNREACHABLE');
});
