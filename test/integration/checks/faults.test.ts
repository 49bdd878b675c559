import { createSocket } from 'node:dgram';
import { createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CheckInput, CheckKind } from '#shared/contract/checks.ts';
import { attempt } from '../../helpers/checks.ts';

/** Servers of no protocol at all, each with one bad habit. */
const FAULTS: Readonly<Record<string, (socket: Socket) => void>> = {
  hanging: () => undefined,
  closing: (socket) => socket.end(),
  resetting: (socket) => socket.resetAndDestroy(),
  dripping: (socket) => {
    const timer = setInterval(() => socket.write('x'), 20);
    socket.on('close', () => clearInterval(timer));
  },
  flooding: (socket) => {
    const chunk = Buffer.alloc(64 << 10, 'A');
    const pour = (): void => {
      while (!socket.destroyed && socket.write(chunk));
    };
    socket.on('drain', pour);
    pour();
  },
  zeros: (socket) => {
    const chunk = Buffer.alloc(64 << 10);
    const pour = (): void => {
      while (!socket.destroyed && socket.write(chunk));
    };
    socket.on('drain', pour);
    pour();
  },
  'talking HTTP': (socket) => socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'),
  'talking SSH': (socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n'),
  'talking TLS': (socket) => socket.write(Buffer.from('150301000202', 'hex')),
  'random bytes': (socket) => {
    let state = 12_345;
    const bytes = Buffer.alloc(4_096);
    for (let i = 0; i < bytes.length; i += 1) {
      state = (state * 1_103_515_245 + 12_345) & 0x7fffffff;
      bytes[i] = state >> 16;
    }
    socket.end(bytes);
  },
  'a huge length': (socket) => {
    socket.write(Buffer.from('5a425844017fffffff00000000', 'hex'));
    socket.write('R\x7f\xff\xff\xff');
    socket.write('$2147483647\r\n');
  },
};

const ports = new Map<string, number>();
const closers: (() => void)[] = [];
const sockets = new Set<Socket>();

beforeAll(async () => {
  for (const [name, act] of Object.entries(FAULTS)) {
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => sockets.delete(socket));
      // Otherwise it would not hear that the other side has gone.
      socket.resume();
      act(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    ports.set(name, address !== null && typeof address === 'object' ? address.port : 0);
    closers.push(() => server.close());
  }
});
afterAll(() => {
  for (const socket of sockets) socket.destroy();
  for (const close of closers) close();
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

test('whatever the other side does: a clear state in both languages, in time, and no other check disturbed', async () => {
  const escaped: unknown[] = [];
  const onEscaped = (thrown: unknown): void => void escaped.push(thrown);
  process.on('uncaughtException', onEscaped);
  process.on('unhandledRejection', onEscaped);
  const before = process.memoryUsage().rss;
  let peak = before;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 20);
  const fine = createServer((socket) => socket.on('error', () => undefined).end('220 mail ESMTP\r\n'));
  await new Promise<void>((resolve) => fine.listen(0, '127.0.0.1', resolve));
  const address = fine.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  try {
    const judge = async (name: string): Promise<void> => {
      const asked = checks(ports.get(name) ?? 0);
      const good = attempt({
        kind: 'tcp',
        host: '127.0.0.1',
        port,
        expect: [{ kind: 'contains', text: '220 mail' }],
      });
      const made = await Promise.all(asked.map((what) => attempt(what, { timeoutMs: TIMEOUT_MS })));
      for (const [index, result] of made.entries()) {
        const what = `${asked[index]?.kind} ${index} against one that is ${name}: ${result.error?.code} ${result.sentence.en}`;
        expect(['critical', 'unknown'], what).toContain(result.state);
        expect(result.error?.code, what).not.toBe('INTERNAL');
        expect(result.sentence.zh, what).not.toBe('');
        expect(result.sentence.en, what).not.toBe('');
        expect(result.durationMs, what).toBeLessThan(TIMEOUT_MS + 3_000);
        expect(result.series.probe_success, what).toBe(0);
      }
      expect((await good).state, name).toBe('ok');
    };
    const names = Object.keys(FAULTS);
    // Four at a time, so that they could disturb one another.
    for (let at = 0; at < names.length; at += 4) await Promise.all(names.slice(at, at + 4).map(judge));
    expect(escaped).toEqual([]);
    expect(peak - before).toBeLessThan(300 << 20);
  } finally {
    clearInterval(watch);
    fine.close();
    process.off('uncaughtException', onEscaped);
    process.off('unhandledRejection', onEscaped);
  }
  // Nothing is left open on the other side.
  await expect.poll(() => sockets.size, { timeout: 5_000 }).toBe(0);
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
