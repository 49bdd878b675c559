import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Peer, startPeer } from '../../helpers/peer-process.ts';
import { freePort } from '../../helpers/ports.ts';
import { openArea, type TestArea, tempFolder, until } from './helpers.ts';
import { peer, run } from './peers.ts';

let folder: ReturnType<typeof tempFolder>;
let area: TestArea;
const file = (name: string): string => join(folder.dir, name);

beforeEach(() => {
  folder = tempFolder();
  area = openArea(folder.dir);
});
afterEach(async () => {
  await area.close();
  folder.remove();
});

type Settings = Parameters<typeof receive>[0];
/** Switches a receiver on and waits until it listens; answers its port. */
async function receive(input: {
  readonly protocol: 'udp' | 'tcp' | 'tls';
  readonly more?: object;
}): Promise<{ readonly id: string; readonly port: number }> {
  const { id } = await area.call('logs.receivers.put', {
    name: 'network',
    enabled: true,
    protocol: input.protocol,
    port: 0,
    zone: 'UTC',
    ...input.more,
  });
  return { id, port: await listening(id) };
}

async function listening(id: string): Promise<number> {
  let port: number | null = null;
  await until('the receiver listens', async () => {
    port = (await state(id)).boundPort;
    return port !== null;
  });
  return port ?? 0;
}

async function state(id: string) {
  const found = (await area.call('logs.receivers.list', {})).receivers.find((one) => one.id === id);
  if (found === undefined) throw new Error('the receiver is not listed');
  return found;
}

const total = async (query = ''): Promise<number> => (await area.call('logs.count', { query })).total;

async function dial(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await new Promise((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  return socket;
}

function certificates(): { readonly cert: string; readonly key: string } {
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=127.0.0.1'],
      ...['-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', file('key.pem'), '-out', file('cert.pem')],
    ],
    { stdio: 'ignore' },
  );
  return { cert: file('cert.pem'), key: file('key.pem') };
}

/** Debian's rsyslogd, which takes lines from a socket file and forwards them. */
async function rsyslog(
  action: string,
  globals = '',
): Promise<{ readonly log: (text: string) => void; readonly peer: Peer }> {
  const socket = file('log.sock');
  writeFileSync(
    file('rsyslog.conf'),
    [
      `global(workDirectory="${folder.dir}" localHostname="db-7" ${globals})`,
      'module(load="imuxsock" SysSock.Use="off")',
      `input(type="imuxsock" Socket="${socket}" CreatePath="on" RateLimit.Interval="0")`,
      action,
      '',
    ].join('\n'),
  );
  const daemon = await startPeer(
    peer('rsyslogd', 'rsyslog'),
    ['-n', '-f', file('rsyslog.conf'), '-i', file('rsyslog.pid')],
    'rsyslog',
  );
  const log = (text: string): void => {
    run(peer('logger', 'bsdutils'), ['-u', socket, '-t', 'hmtt', '-p', 'local0.err', text]);
  };
  await until('rsyslogd takes messages', () => {
    try {
      log('warming up');
      return true;
    } catch {
      // Not listening yet.
      return false;
    }
  });
  return { log, peer: daemon };
}

describe("messages sent by Debian's rsyslog", () => {
  const senders: readonly (readonly [string, Settings, (port: number) => readonly [string, string?]])[] = [
    [
      'UDP, RFC 3164',
      { protocol: 'udp' },
      (port) => [
        `action(type="omfwd" target="127.0.0.1" port="${port}" protocol="udp" template="RSYSLOG_TraditionalForwardFormat")`,
      ],
    ],
    [
      'TCP, newlines, RFC 5424',
      { protocol: 'tcp' },
      (port) => [
        `action(type="omfwd" target="127.0.0.1" port="${port}" protocol="tcp" template="RSYSLOG_SyslogProtocol23Format")`,
      ],
    ],
    [
      'TCP, octet counting',
      { protocol: 'tcp' },
      (port) => [
        `action(type="omfwd" target="127.0.0.1" port="${port}" protocol="tcp" TCP_Framing="octet-counted" template="RSYSLOG_SyslogProtocol23Format")`,
      ],
    ],
  ];
  it.each(senders)('%s: found with host, program and level', async (_name, settings, action) => {
    const { port } = await receive(settings);
    const [text, globals] = action(port);
    const { log, peer: daemon } = await rsyslog(text, globals);
    try {
      for (let n = 0; n < 5; n += 1) log(`pool ${n} of 磁盘 is full`);
      await until('all are stored', async () => (await total('pool')) === 5);
      const { events } = await area.call('logs.search', { query: 'pool' });
      for (const event of events)
        expect(event).toMatchObject({
          host: 'db-7',
          source: 'network',
          level: 'error',
          fields: { program: 'hmtt', hostname: 'db-7' },
        });
      expect(await total('磁盘')).toBe(5);
      expect(await total('host:db-7 level:error 磁盘')).toBe(5);
    } finally {
      await daemon.stop();
    }
  });

  it('TLS, and not without', async () => {
    const { cert, key } = certificates();
    const { id, port } = await receive({
      protocol: 'tls',
      more: { tls: { certFile: cert, keyFile: key } },
    });
    const plain = await dial(port);
    plain.on('error', () => undefined);
    plain.write('<11>Nov 22 10:00:00 web-1 app: in the clear\n');
    const { log, peer: daemon } = await rsyslog(
      `action(type="omfwd" target="127.0.0.1" port="${port}" protocol="tcp" StreamDriver="gtls" StreamDriverMode="1" StreamDriverAuthMode="anon")`,
      `DefaultNetstreamDriverCAFile="${cert}"`,
    );
    try {
      log('secret words');
      await until('it is stored', async () => (await total('secret')) === 1);
      expect(await total('clear')).toBe(0);
      await until('the one without is counted', async () => (await state(id)).counters.brokenConnections > 0);
    } finally {
      plain.destroy();
      await daemon.stop();
    }
  });
});

describe('a receiver', () => {
  it('is off until it is switched on, moves, and is off again; what it received stays', async () => {
    const port = await freePort();
    const settings = { name: 'network', protocol: 'tcp' as const, port, zone: 'UTC' };
    const { id } = await area.call('logs.receivers.put', settings);
    expect((await state(id)).state).toBe('off');
    await expect(dial(port)).rejects.toThrow(/ECONNREFUSED/);
    await area.call('logs.receivers.put', { ...settings, id, enabled: true });
    await listening(id);
    const socket = await dial(port);
    socket.end('<11>Nov 22 10:00:00 web-1 app: one\n<11>Nov 22 10:00:01 web-1 app: two without an end');
    await until('both are stored', async () => (await total('host:web-1')) === 2);
    await area.call('logs.receivers.put', { ...settings, id, enabled: false });
    await until('nothing listens', () =>
      dial(port).then(
        (open) => {
          open.destroy();
          return false;
        },
        () => true,
      ),
    );
    expect(await total('host:web-1')).toBe(2);
    const { sources } = await area.call('logs.sources.list', {});
    expect(sources).toMatchObject([{ host: 'web-1', origin: { kind: 'receiver', receiver: id } }]);
  });

  it('bounds what comes, counts what it leaves out, and outlives senders that mean harm', async () => {
    const { id, port } = await receive({
      protocol: 'tcp',
      more: { maxMessageBytes: 1024, maxConnections: 2 },
    });
    const long = await dial(port);
    long.write(`<11>Nov 22 10:00:00 web-1 app: long ${'x'.repeat(5000)}\n`);
    long.write(`3000 <11>Nov 22 10:00:00 web-1 app: counted ${'y'.repeat(3000 - 39)}`);
    long.write('<11>Nov 22 10:00:00 web-1 app: after\n');
    await until('all three are stored', async () => (await total('host:web-1')) === 3);
    await until('they are counted', async () => (await state(id)).counters.messages === 3);
    expect((await state(id)).counters.cut).toBe(2);
    const second = await dial(port);
    const third = await dial(port);
    third.on('error', () => undefined);
    await until('the third is turned away', async () => (await state(id)).counters.refusedConnections === 1);
    second.write('99999999999 <11>x');
    await until(
      'what is no syslog is cut off',
      async () => (await state(id)).counters.brokenConnections === 1,
    );
    long.write('<11>Nov 22 10:00:00 ../../etc/passwd app: hostile name\n');
    long.write('no priority at all\n');
    long.write(Buffer.from('<11>Nov 22 10:00:00 web-1 app: a\0b\n'));
    long.write('50 <11>Nov 22 10:00:00 web-1 app: two\nlines of one mess');
    await until('they are stored', async () => (await total('')) === 7);
    expect(await total('host:127.0.0.1')).toBe(2);
    expect((await area.call('logs.search', { query: 'two' })).events[0]?.message).toContain('two#012lines');
    await until('they are counted', async () => (await state(id)).counters.messages === 7);
    expect((await state(id)).counters.malformed).toBe(1);
    for (const socket of [long, second, third]) socket.destroy();
  });

  it('takes only from those who may send', async () => {
    const { id, port } = await receive({ protocol: 'tcp', more: { allow: ['10.0.0.0/8'] } });
    const socket = await dial(port);
    socket.on('error', () => undefined);
    socket.write('<11>Nov 22 10:00:00 web-1 app: stranger\n');
    await until('it is turned away', async () => (await state(id)).counters.droppedSender === 1);
    expect(await total()).toBe(0);
    socket.destroy();
  });

  it('makes a sender over TCP wait when it is too fast, and loses nothing', async () => {
    const { id, port } = await receive({ protocol: 'tcp', more: { maxMessagesPerSecond: 500 } });
    const socket = await dial(port);
    const lines = Array.from(
      { length: 1200 },
      (_, n) => `<14>Nov 22 10:00:00 web-1 app: message ${n} of many\n`,
    );
    socket.end(lines.join(''));
    await until('all are stored', async () => (await total('many')) === 1200);
    await until('they are counted', async () => (await state(id)).counters.messages === 1200);
    expect((await state(id)).counters.droppedRate).toBe(0);
  });
});
