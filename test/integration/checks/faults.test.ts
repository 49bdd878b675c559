import { createSocket } from 'node:dgram';
import { connect, createServer } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CheckInput, CheckKind } from '#shared/contract/checks.ts';
import { attempt, type Made } from '../../helpers/checks.ts';
import type { FaultsSeen } from '../../helpers/fault-servers-child.ts';
import { type Attempts, type FaultSite, startAttempts, startFaultSite } from '../../helpers/fault-site.ts';

const HABITS = [
  ...['hanging', 'closing', 'resetting', 'dripping', 'flooding', 'zeros', 'talking HTTP', 'talking SSH'],
  ...['talking TLS', 'random bytes', 'a huge length'],
];

/** Long enough for a slow machine: no check ends by its time that could end otherwise. */
const PATIENCE_MS = 30_000;

let site: FaultSite;
let attempts: Attempts;

beforeAll(async () => {
  site = await startFaultSite();
  attempts = startAttempts();
  // Loads the libraries, which is not what the checks are timed for.
  await attempts.make(checks(site.port('closing')), PATIENCE_MS);
});
afterAll(() => {
  attempts.stop();
  site.stop();
});

/** A check of every kind that talks to a server, with and without encryption. */
function checks(port: number): readonly CheckInput['what'][] {
  const url = `http://127.0.0.1:${port}/`;
  const host = '127.0.0.1';
  const tls = { insecureSkipVerify: true };
  const login = { host, port, user: 'hmtt', password: 'db' };
  return [
    { kind: 'http', url },
    { kind: 'http', url: url.replace('http:', 'https:'), tls },
    { kind: 'tcp', host, port, expect: [{ kind: 'matches', pattern: '^220 .* ESMTP$' }] },
    { kind: 'tcp', host, port, tls },
    { kind: 'postgresql', ...login },
    { kind: 'postgresql', ...login, tls },
    { kind: 'mysql', ...login },
    { kind: 'mysql', ...login, tls },
    { kind: 'redis', host, port, password: 'db' },
    { kind: 'redis', host, port, password: 'db', tls },
    { kind: 'haproxy', url },
    { kind: 'nginx', url },
    { kind: 'zabbix', host, port, items: ['agent.ping'] },
    { kind: 'zabbix', host, port, items: ['agent.ping'], psk: { identity: 'hmtt', key: 'psk' } },
  ];
}

const TIMEOUT_MS = 600;
/** A check is judged half a second after its time is over; a machine that does much else takes longer over it, but not for ever. */
const LATE_MS = 20_000;

/** Fails unless an attempt failed well: with a state, a reason in both languages, and in time. */
function expectClearFailure(result: Made | undefined, about: string, timeoutMs: number): void {
  const what = `${about}: ${result?.error?.code} ${result?.sentence.en}`;
  expect(['critical', 'unknown'], what).toContain(result?.state);
  expect(result?.error?.code, what).not.toBe('INTERNAL');
  expect(result?.sentence.zh, what).not.toBe('');
  expect(result?.sentence.en, what).not.toBe('');
  expect(result?.durationMs, what).toBeLessThan(timeoutMs + LATE_MS);
  expect(result?.series.probe_success, what).toBe(0);
}

test('whatever the other side does: a clear state in both languages, in time, and no other check disturbed', async () => {
  const fine = createServer((socket) => socket.on('error', () => undefined).end('220 mail ESMTP\r\n'));
  await new Promise<void>((resolve) => fine.listen(0, '127.0.0.1', resolve));
  const address = fine.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const good: CheckInput['what'] = {
    kind: 'tcp',
    host: '127.0.0.1',
    port,
    expect: [{ kind: 'contains', text: '220 mail' }],
  };
  const judge = async (name: string): Promise<void> => {
    const asked = checks(site.port(name));
    const [[well], { made, escaped }] = await Promise.all([
      attempts.make([good], 5_000).then(({ made }) => made),
      attempts.make(asked, TIMEOUT_MS),
    ]);
    for (const [index, { kind }] of asked.entries())
      expectClearFailure(made[index], `${kind} ${index} against one that is ${name}`, TIMEOUT_MS);
    expect(well?.state, name).toBe('ok');
    expect(escaped).toEqual([]);
  };
  // Four at a time, so that they could disturb one another.
  for (let at = 0; at < HABITS.length; at += 4) await Promise.all(HABITS.slice(at, at + 4).map(judge));
  fine.close();
  // Nothing is left open on the other side.
  await expect.poll(async () => (await site.seen()).open).toBe(0);
});

/** Checks whose server speaks their protocol until it pours, by that server's name. */
function flooded(): readonly (readonly [string, CheckInput['what']])[] {
  const host = '127.0.0.1';
  const tls = { insecureSkipVerify: true };
  const at = (name: string) => ({ host, port: site.port(name) });
  const url = (name: string, scheme = 'http'): string => `${scheme}://${host}:${site.port(name)}/`;
  const login = { user: 'hmtt', password: 'db' };
  const expectation = [{ kind: 'matches' as const, pattern: '^220 .* ESMTP$' }];
  return [
    ...['flooding', 'http body', 'http headers', 'http answers before the last'].map(
      (name) => [name, { kind: 'http' as const, url: url(name) }] as const,
    ),
    ['encrypted http body', { kind: 'http', url: url('encrypted http body', 'https'), tls }],
    ['http body', { kind: 'haproxy', url: url('http body') }],
    ['http body', { kind: 'nginx', url: url('http body') }],
    ['flooding', { kind: 'tcp', ...at('flooding'), expect: expectation }],
    ['encrypted flood', { kind: 'tcp', ...at('encrypted flood'), tls, expect: expectation }],
    ['postgresql row', { kind: 'postgresql', ...at('postgresql row'), ...login }],
    ['postgresql notices', { kind: 'postgresql', ...at('postgresql notices'), ...login }],
    ['mysql packet', { kind: 'mysql', ...at('mysql packet'), ...login }],
    ['redis text', { kind: 'redis', ...at('redis text'), password: 'db' }],
    ['redis answers', { kind: 'redis', ...at('redis answers'), expect: 'PONG' }],
    ['encrypted redis text', { kind: 'redis', ...at('encrypted redis text'), password: 'db', tls }],
    ['zabbix text', { kind: 'zabbix', ...at('zabbix text'), items: ['agent.ping'] }],
  ];
}

/** The largest answer that is read is 4 MiB; the kernel holds some 10 MiB more on both sides of a connection. */
const MOST_TAKEN = 64 << 20;
/** What is poured after the first round, and what memory may grow by meanwhile: it would be as much, if all were kept. */
const POURED = 320 << 20;
const MOST_GROWN = 200 << 20;

test('a server that pours for ever is cut off early, and memory does not grow with what it pours', async () => {
  // It is a flood: one that reads all is given more than any check takes.
  const drain = connect(site.port('flooding'), '127.0.0.1').resume();
  await expect.poll(() => drain.bytesRead).toBeGreaterThan(MOST_TAKEN);
  drain.destroy();
  const asked = flooded();
  const own = startAttempts();
  const round = async (): Promise<{ readonly peakRss: number; readonly seen: FaultsSeen }> => {
    const what = asked.map(([, one]) => one);
    const { made, escaped, peakRss } = await own.make(what, PATIENCE_MS);
    for (const [index, [name, { kind }]] of asked.entries()) {
      expectClearFailure(made[index], `${kind} ${index} against ${name}`, PATIENCE_MS);
      expect(made[index]?.error?.code, name).not.toMatch(/TIMEOUT/);
    }
    expect(escaped).toEqual([]);
    await expect.poll(async () => (await site.seen()).open).toBe(0);
    return { peakRss, seen: await site.seen() };
  };
  try {
    // The first one loads the libraries, and fills what is kept for later.
    const first = await round();
    let last = first;
    while (last.seen.poured - first.seen.poured < POURED) last = await round();
    expect(last.peakRss - first.peakRss).toBeLessThan(MOST_GROWN);
    const { flooding: _drained, ...most } = last.seen.most;
    for (const [name, taken] of Object.entries(most)) expect(taken, name).toBeLessThan(MOST_TAKEN);
  } finally {
    own.stop();
  }
});

test('name servers that are silent, lie, or answer for others', async () => {
  const kinds: Readonly<Record<string, (message: Buffer) => Buffer | null>> = {
    silent: () => null,
    'random bytes': () => Buffer.from('0123456789abcdef0123456789abcdef', 'hex'),
    'another id': (message) => Buffer.concat([Buffer.from([0, 1]), message.subarray(2)]),
    refusing: (message) => {
      const answer = Buffer.from(message);
      answer.writeUInt16BE(0x8185, 2);
      return answer;
    },
  };
  for (const [name, answer] of Object.entries(kinds)) {
    const server = createSocket('udp4');
    server.on('message', (message, { port, address }) => {
      const said = answer(message);
      if (said !== null) server.send(said, port, address);
    });
    await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', resolve));
    const what = { kind: 'dns' as const, name: 'app-1.hmtt', server: `127.0.0.1:${server.address().port}` };
    const made = await attempt(what, { timeoutMs: 500 });
    server.close();
    expect(made.state, name).toBe('critical');
    expect(made.error?.code, name).toMatch(/^CHECK_DNS_(SILENT|FAILED)$/);
    expect(made.durationMs, name).toBeLessThan(6_000);
  }
});

test('an answer that goes on for ever and a compressed bomb are cut off', async () => {
  const { createServer: createHttp } = await import('node:http');
  const { gzipSync } = await import('node:zlib');
  const bomb = gzipSync(Buffer.alloc(64 << 20));
  const server = createHttp((request, response) => {
    response.on('error', () => undefined);
    if (request.url === '/bomb') {
      response.setHeader('content-encoding', 'gzip');
      response.end(bomb);
      return;
    }
    const chunk = Buffer.alloc(64 << 10, 'x');
    const pour = (): void => {
      while (!response.destroyed && response.write(chunk));
    };
    response.on('drain', pour);
    pour();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  try {
    const endless = await attempt({ kind: 'http', url: `http://127.0.0.1:${port}/` });
    expect(endless.error?.code).toBe('CHECK_ANSWER_TOO_BIG');
    const exploding = await attempt({ kind: 'http', url: `http://127.0.0.1:${port}/bomb` });
    expect(exploding.error?.code).toBe('CHECK_ANSWER_INVALID');
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test('a pattern that would hang a backtracking engine does not hang this one', async () => {
  const server = createServer((socket) => socket.on('error', () => undefined).end(`${'a'.repeat(60_000)}!`));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const what = {
    kind: 'tcp' as const,
    host: '127.0.0.1',
    port,
    expect: [{ kind: 'matches' as const, pattern: '^(a+)+$' }],
  };
  const made = await attempt(what, { timeoutMs: 10_000 });
  server.close();
  expect(made.error?.code).toBe('CHECK_TEXT_MISSING');
  expect(made.durationMs).toBeLessThan(5_000);
});

test('every kind that talks to a server is among those above', () => {
  const local: readonly CheckKind[] = ['icmp', 'sqlite', 'nagios', 'dns'];
  const all: readonly CheckKind[] = [
    'http',
    'tcp',
    'postgresql',
    'mysql',
    'redis',
    'haproxy',
    'nginx',
    'zabbix',
  ];
  expect(new Set(checks(1).map(({ kind }) => kind))).toEqual(new Set(all));
  expect(local.some((kind) => all.includes(kind))).toBe(false);
});
