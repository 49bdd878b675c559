import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import type { CheckInput } from '#shared/contract/checks.ts';
import { attempt, SECRETS, startZabbixAgent } from '../../helpers/checks.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

const zabbix = (port: number, more: object): CheckInput['what'] => ({
  kind: 'zabbix',
  host: '127.0.0.1',
  port,
  ...more,
});

/** What Zabbix's own client is told of an item; further arguments are those of its encryption. */
function byHand(port: number, key: string, ...more: readonly string[]): string {
  const args = ['-s', '127.0.0.1', '-p', String(port), '-k', key, ...more];
  const { stdout, error } = spawnSync('zabbix_get', args, { encoding: 'utf8' });
  if (error !== undefined)
    throw new Error(
      `zabbix_get is needed by this test: apt-get install zabbix-proxy-sqlite3 (${error.message})`,
    );
  return stdout.replace(/\n$/, '');
}

/** The lines that a check showed, by their item. */
function shown(output: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    output.split('\n').map((line) => [line.split(': ')[0], line.split(': ').slice(1).join(': ')]),
  );
}

/** Values that do not change between two looks. */
const STEADY = [
  'agent.version',
  'agent.hostname',
  'agent.ping',
  'system.hostname',
  'system.boottime',
  'kernel.maxproc',
  'vm.memory.size[total]',
  'vfs.file.exists[/etc/passwd]',
  'vfs.file.cksum[/etc/hostname]',
  'vfs.fs.size[/,total]',
  'system.sw.arch',
];

test('values are those of zabbix_get; numbers become series', async () => {
  const agent = await startZabbixAgent(temporaryFolder('zabbix'));
  onTestFinished(agent.stop);
  const made = await attempt(zabbix(agent.port, { items: STEADY }));
  expect(made.error).toBeNull();
  const said = shown(made.output);
  for (const key of STEADY) expect(said[key], key).toBe(byHand(agent.port, key));
  expect(made.series['zabbix_item_value{key="agent.ping"}']).toBe(1);
  const odd = await attempt(zabbix(agent.port, { items: ['agent.ping', 'no.such.key'] }));
  expect([odd.state, odd.error?.code]).toEqual(['critical', 'CHECK_ZABBIX_UNSUPPORTED']);
  expect(odd.error?.message.en).toContain('Unsupported item key');
  expect(byHand(agent.port, 'no.such.key')).toContain('Unsupported item key');
});

test('the starter set has the names of node_exporter, for every file system and card that there is', async () => {
  const agent = await startZabbixAgent(temporaryFolder('zabbix'));
  onTestFinished(agent.stop);
  const made = await attempt(zabbix(agent.port, { starter: true }), { timeoutMs: 20_000 });
  expect(made.error).toBeNull();
  expect(made.series.node_load1).toBeGreaterThanOrEqual(0);
  expect(made.series.node_memory_MemTotal_bytes).toBe(Number(byHand(agent.port, 'vm.memory.size[total]')));
  expect(made.series['node_filesystem_size_bytes{mountpoint="/"}']).toBe(
    Number(byHand(agent.port, 'vfs.fs.size[/,total]')),
  );
  expect(
    Object.keys(made.series).some((name) => name.startsWith('node_network_receive_bytes_total{device=')),
  ).toBe(true);
  expect(Math.abs((made.series.node_time_seconds ?? 0) - Date.now() / 1000)).toBeLessThan(5);
  const discovered = await attempt(
    zabbix(agent.port, { discover: [{ key: 'vfs.fs.discovery', items: ['vfs.fs.size[{#FSNAME},pfree]'] }] }),
  );
  expect(discovered.series['zabbix_item_value{key="vfs.fs.size[/,pfree]"}']).toBeGreaterThan(0);
});

test('a pre-shared key opens the agent; another key, another identity and no encryption do not', async () => {
  const dir = temporaryFolder('zabbix');
  writeFileSync(join(dir, 'psk'), `${SECRETS.psk}\n`, { mode: 0o600 });
  const lines = ['TLSAccept=psk', 'TLSPSKIdentity=hmtt', `TLSPSKFile=${join(dir, 'psk')}`];
  const agent = await startZabbixAgent(dir, lines);
  onTestFinished(agent.stop);
  const items = ['agent.ping'];
  const good = await attempt(zabbix(agent.port, { items: STEADY, psk: { identity: 'hmtt', key: 'psk' } }));
  expect(good.error).toBeNull();
  const tls = ['--tls-connect', 'psk', '--tls-psk-identity', 'hmtt', '--tls-psk-file', join(dir, 'psk')];
  const said = shown(good.output);
  for (const key of STEADY) expect(said[key], key).toBe(byHand(agent.port, key, ...tls));
  expect(good.steps.some(({ step }) => step.en === 'TLS handshake')).toBe(true);
  const other = await attempt(zabbix(agent.port, { items, psk: { identity: 'someone', key: 'psk' } }));
  expect(other.state).toBe('critical');
  expect((await attempt(zabbix(agent.port, { items }))).error?.code).toBe('CHECK_ZABBIX_CLOSED');
  expect(
    (await attempt(zabbix(agent.port, { items, psk: { identity: 'hmtt', key: 'db' } }))).error?.code,
  ).toBe('CHECK_ZABBIX_PSK');
});

test('certificates on both sides', async () => {
  const dir = temporaryFolder('zabbix');
  // The agent takes no other kind of key than RSA. A certificate that has signed itself is its own authority.
  const [caFile, certFile, keyFile] = [join(dir, 'own.pem'), join(dir, 'own.pem'), join(dir, 'own.key')];
  const names = ['-subj', '/CN=agent', '-addext', 'subjectAltName=IP:127.0.0.1'];
  execFileSync(
    'openssl',
    [
      ...[
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-days',
        '30',
        '-keyout',
        keyFile,
        '-out',
        certFile,
        ...names,
      ],
    ],
    { stdio: 'pipe' },
  );
  const lines = ['TLSAccept=cert', `TLSCAFile=${caFile}`, `TLSCertFile=${certFile}`, `TLSKeyFile=${keyFile}`];
  const agent = await startZabbixAgent(dir, lines);
  onTestFinished(agent.stop);
  const tls = { caFile, certFile, keyFile };
  expect((await attempt(zabbix(agent.port, { items: ['agent.ping'], tls }))).error).toBeNull();
  expect((await attempt(zabbix(agent.port, { items: ['agent.ping'], tls: { caFile } }))).state).toBe(
    'critical',
  );
});

test('compressed and large packets are read', async () => {
  const answers: Buffer[] = [];
  const packet = (flags: number, data: Buffer, reserved: number, isLarge = false): Buffer => {
    const head = Buffer.alloc(isLarge ? 21 : 13);
    head.write('ZBXD', 'latin1');
    head[4] = flags;
    if (isLarge) {
      head.writeBigUInt64LE(BigInt(data.length), 5);
      head.writeBigUInt64LE(BigInt(reserved), 13);
    } else {
      head.writeUInt32LE(data.length, 5);
      head.writeUInt32LE(reserved, 9);
    }
    return Buffer.concat([head, data]);
  };
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(answers[0] ?? Buffer.alloc(0)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const ask = async (answer: Buffer) => {
    answers[0] = answer;
    return attempt(zabbix(port, { items: ['x'] }), { timeoutMs: 2_000 });
  };
  const text = Buffer.from('42');
  expect((await ask(packet(1, text, 0))).series['zabbix_item_value{key="x"}']).toBe(42);
  expect((await ask(packet(3, deflateSync(text), 2))).series['zabbix_item_value{key="x"}']).toBe(42);
  expect((await ask(packet(5, text, 0, true))).series['zabbix_item_value{key="x"}']).toBe(42);
  expect((await ask(packet(3, text, 2))).error?.code).toBe('CHECK_ANSWER_INVALID');
  expect((await ask(packet(3, deflateSync(Buffer.alloc(10 << 20)), 2))).error?.code).toBe(
    'CHECK_ANSWER_INVALID',
  );
  expect((await ask(packet(1, text, 0).fill(0xff, 5, 9))).error?.code).toBe('CHECK_ANSWER_TOO_BIG');
  expect((await ask(packet(0x81, text, 0))).error?.code).toBe('CHECK_ANSWER_INVALID');
  expect((await ask(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'))).error?.code).toBe(
    'CHECK_ANSWER_INVALID',
  );
});
