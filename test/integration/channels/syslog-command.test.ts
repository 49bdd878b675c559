import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { makeCertificates } from '../../helpers/certificates.ts';
import { channelsBench, until } from '../../helpers/channels-area.ts';
import { aNotice, aProblem } from '../../helpers/notices.ts';
import { startPeer } from '../../helpers/peer-process.ts';
import { freePort } from '../../helpers/ports.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

const open: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

function bench() {
  const made = channelsBench(temporaryFolder('channels'));
  open.push(made.close);
  return made;
}

/** Debian's rsyslog on free ports, with what it understood of each message in a file. */
async function rsyslog() {
  const folder = temporaryFolder('rsyslog');
  const [udp, tcp] = [await freePort(), await freePort()];
  const file = join(folder, 'got.log');
  mkdirSync(join(folder, 'work'));
  writeFileSync(
    join(folder, 'rsyslog.conf'),
    `global(workDirectory="${folder}/work")
module(load="imudp")
module(load="imtcp")
template(name="parts" type="string" string="%syslogfacility-text%.%syslogseverity-text%|%app-name%|%msgid%|%structured-data%|%msg%\\n")
input(type="imudp" address="127.0.0.1" port="${udp}" ruleset="keep")
input(type="imtcp" address="127.0.0.1" port="${tcp}" ruleset="keep")
ruleset(name="keep") { action(type="omfile" file="${file}" template="parts") }
`,
  );
  const peer = await startPeer(
    'rsyslogd',
    ['-n', '-f', join(folder, 'rsyslog.conf'), '-i', join(folder, 'pid')],
    'rsyslog',
  );
  open.push(peer.stop);
  const lines = (): readonly string[] =>
    existsSync(file)
      ? readFileSync(file, 'utf8')
          .split('\n')
          .filter((line) => line !== '')
      : [];
  return { udp, tcp, lines, peer };
}

const PROBLEMS = [
  aProblem({ sentence: { zh: '主机 app-2\n停止应答', en: 'x' } }),
  aProblem({
    id: 'b',
    severity: 'warning',
    until: Date.now(),
    labels: { alertname: 'Dis"k]', severity: 'warning' },
  }),
];

for (const transport of ['udp', 'tcp'] as const)
  test(`a real rsyslog understands every part of what comes over ${transport}`, async () => {
    const log = await rsyslog();
    const { area, call, said } = bench();
    const settings = {
      type: 'syslog',
      transport,
      host: '127.0.0.1',
      port: log[transport],
      facility: 'local3',
    } as const;
    const { id } = await call('channels.add', { name: 'log', settings });
    await until(async () => {
      await call('channels.test', { settings });
      return log.lines().length > 0;
    }, `rsyslog ready: ${log.peer.output()}`);
    const before = log.lines().length;
    area.enqueue(aNotice({ alerts: PROBLEMS }), [{ channel: id, to: null }]);
    await until(() => log.lines().length >= before + 2, 'two messages');
    const [critical, ended] = log.lines().slice(-2);
    expect(critical).toMatch(
      /^local3\.crit\|hmtt-console\|firing\|\[hmtt@32473 alertname="HostDown" severity="critical" status="firing" host="app-2" /,
    );
    expect(critical).toContain('主机 app-2 停止应答');
    expect(ended).toContain('local3.notice|hmtt-console|firing|[hmtt@32473 alertname="Dis\\"k\\]" ');
    expect(ended).toContain('已恢复：');
    await until(() => said.length === 1, 'said');
    expect(said[0]?.state).toBe('delivered');
  });

test('a syslog server that is not there is an error over TCP, and a wrong authority one over TLS', async () => {
  const folder = temporaryFolder('certs');
  const certs = makeCertificates(folder);
  const port = await freePort();
  const { call } = bench();
  const gone = await call('channels.test', {
    settings: { type: 'syslog', transport: 'tcp', host: '127.0.0.1', port },
  });
  expect(gone.error?.code).toBe('CHANNEL_UNREACHABLE');
  const { createServer } = await import('node:tls');
  const got: Buffer[] = [];
  const server = createServer(
    { cert: readFileSync(certs.certFile), key: readFileSync(certs.keyFile) },
    (socket) => {
      socket.on('data', (chunk: Buffer) => got.push(chunk));
      socket.on('error', () => undefined);
    },
  );
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  open.push(() => {
    server.close();
  });
  const settings = (caFile: string) =>
    ({ type: 'syslog', transport: 'tls', host: '127.0.0.1', port, tls: { caFile } }) as const;
  expect((await call('channels.test', { settings: settings(certs.otherCaFile) })).error?.code).toBe(
    'CHANNEL_TLS',
  );
  expect(got).toEqual([]);
  expect((await call('channels.test', { settings: settings(certs.caFile) })).ok).toBe(true);
  expect(Buffer.concat(got).toString('utf8')).toMatch(/^\d+ <\d+>1 .* hmtt-console \d+ test /);
});

test('a command gets the notice on its standard input and no shell sees its arguments', async () => {
  const folder = temporaryFolder('command');
  const out = join(folder, 'out');
  const { area, call } = bench();
  const program = `require('fs').writeFileSync(${JSON.stringify(out)}, JSON.stringify({ argv: process.argv.slice(1), to: process.env.HMTT_TO, input: require('fs').readFileSync(0, 'utf8') }))`;
  const argv = [process.execPath, '-e', program, '$(touch /nowhere); "quoted"'];
  const { id } = await call('channels.add', { name: 'run', settings: { type: 'command', argv } });
  area.enqueue(aNotice(), [{ channel: id, to: '139' }]);
  await until(() => existsSync(out) && readFileSync(out, 'utf8').endsWith('}'), 'the command');
  const { argv: seen, to, input } = JSON.parse(readFileSync(out, 'utf8'));
  expect(seen).toEqual(['$(touch /nowhere); "quoted"']);
  expect(to).toBe('139');
  expect(JSON.parse(input)).toMatchObject({ version: 1, to: '139', notice: { id: 'n1', kind: 'firing' } });
});

test('a command that hangs is ended with its children, one that floods is bounded, and one that fails says why', async () => {
  const folder = temporaryFolder('command');
  const { call } = bench();
  const run = (script: string, timeoutMs = 500) =>
    call('channels.test', { settings: { type: 'command', argv: ['/bin/sh', '-c', script], timeoutMs } });
  const began = performance.now();
  const hung = await run(`sleep 600 & echo $! > ${folder}/child; wait`, 2_000);
  expect(performance.now() - began).toBeLessThan(30_000);
  expect(hung.error?.code).toBe('CHANNEL_COMMAND_FAILED');
  const child = Number(readFileSync(join(folder, 'child'), 'utf8'));
  await until(
    () => !existsSync(`/proc/${child}`) || readFileSync(`/proc/${child}/stat`, 'utf8').includes(') Z '),
    'its child',
  );
  const flood = await run('yes | head -c 10000000; exit 3', 20_000);
  expect(flood.answer).toBe('exit code 3: y');
  const failed = await run('echo "no modem" >&2; exit 1');
  expect(failed.answer).toBe('exit code 1: no modem');
  expect((await run('exit 0')).ok).toBe(true);
  const none = await call('channels.test', { settings: { type: 'command', argv: [join(folder, 'none')] } });
  expect(none.error?.message.en).toContain('could not be started');
});
