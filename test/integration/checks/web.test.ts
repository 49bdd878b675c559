import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Certificates, makeCertificates } from '../../helpers/certificates.ts';
import { attempt, seriesIn, untilListens } from '../../helpers/checks.ts';
import { type Peer, startPeer } from '../../helpers/peer-process.ts';
import { freePort } from '../../helpers/ports.ts';
import { startSshd } from '../../helpers/sshd.ts';

const dir = mkdtempSync(join(tmpdir(), 'hmtt-checks-web-'));
const peers: Peer[] = [];
let certificates: Certificates;
let http: number;
let https: number;
let haproxy: number;
let dns: number;

beforeAll(async () => {
  certificates = makeCertificates(dir);
  [http, https, haproxy, dns] = [await freePort(), await freePort(), await freePort(), await freePort()] as [
    number,
    number,
    number,
    number,
  ];
  const root = join(dir, 'www');
  mkdirSync(root);
  writeFileSync(join(root, 'index.html'), 'welcome to HMTT\n');
  writeFileSync(join(root, 'health.json'), '{"status":"UP","db":{"ok":true,"latency":[3,4]}}');
  writeFileSync(join(root, 'large.bin'), Buffer.alloc(2_000_000, 'x'));
  const nginx = join(dir, 'nginx.conf');
  writeFileSync(
    nginx,
    `daemon off; pid ${dir}/nginx.pid; error_log ${dir}/error.log; ${process.getuid?.() === 0 ? 'user root;' : ''}
     events {}
     http { access_log off; client_body_temp_path ${dir}/b; proxy_temp_path ${dir}/p; fastcgi_temp_path ${dir}/f;
       uwsgi_temp_path ${dir}/u; scgi_temp_path ${dir}/s;
       server { listen 127.0.0.1:${http}; listen 127.0.0.1:${https} ssl; root ${root};
         ssl_protocols TLSv1.3; ssl_certificate ${certificates.certFile}; ssl_certificate_key ${certificates.keyFile};
         location /status { stub_status; }
         location /moved { return 302 /health.json; }
         location /loop { return 302 /loop; }
         location /post { if ($request_method != POST) { return 405; } return 201 "made $content_length"; }
         location /token { if ($http_authorization != "Bearer correct horse") { return 401; } return 200 "in"; }
       } }`,
  );
  const haproxyConfig = join(dir, 'haproxy.cfg');
  writeFileSync(
    haproxyConfig,
    `defaults\n  mode http\n  timeout connect 1s\n  timeout client 5s\n  timeout server 5s
frontend web\n  bind 127.0.0.1:${haproxy}\n  stats enable\n  stats uri /stats
  http-request use-service prometheus-exporter if { path /metrics }\n  default_backend app
backend app\n  server a1 127.0.0.1:${http} check inter 100ms\n  server a2 127.0.0.1:1 check inter 100ms fall 1\n`,
  );
  peers.push(
    await startPeer('nginx', ['-c', nginx, '-p', dir], 'nginx'),
    await startPeer('haproxy', ['-db', '-f', haproxyConfig], 'haproxy'),
    await startPeer(
      'dnsmasq',
      [
        ...[
          '-k',
          '--no-resolv',
          '--no-hosts',
          `--port=${dns}`,
          '--listen-address=127.0.0.1',
          '--bind-interfaces',
        ],
        ...[
          '--conf-file=/dev/null',
          '--pid-file',
          '--address=/app-1.hmtt/192.0.2.7',
          '--txt-record=app-1.hmtt,tier=business',
        ],
        ...['--mx-host=hmtt,mail.hmtt,10', '--srv-host=_pg._tcp.hmtt,db-1.hmtt,5432,1,2', '--local=/hmtt/'],
      ],
      'dnsmasq-base',
    ),
  );
  const [web, balancer] = peers;
  if (web !== undefined) await untilListens(http, web);
  if (balancer !== undefined) await untilListens(haproxy, balancer);
});
afterAll(async () => {
  await Promise.all(peers.map((peer) => peer.stop()));
  rmSync(dir, { recursive: true, force: true });
});

const site = (path: string): string => `http://127.0.0.1:${http}${path}`;
const safe = (path: string): string => `https://127.0.0.1:${https}${path}`;

/** What curl says of the same request. */
function curl(url: string, ...args: readonly string[]): Record<string, number> {
  const names = [
    'http_code',
    'time_connect',
    'time_appconnect',
    'time_starttransfer',
    'time_total',
    'size_download',
    'num_redirects',
  ];
  const format = names.map((name) => `${name} %{${name}}`).join('\n');
  const out = execFileSync('curl', ['-s', '-o', '/dev/null', '-w', format, ...args, url], {
    encoding: 'utf8',
  });
  return Object.fromEntries(
    out.split('\n').map((line) => [line.split(' ')[0] ?? '', Number(line.split(' ')[1])]),
  );
}

test('HTTP: status, size and timing are what curl -w says', async () => {
  const made = await attempt({ kind: 'http', url: site('/large.bin') });
  const said = curl(site('/large.bin'));
  expect(made.error).toBeNull();
  expect(made.series.probe_http_status_code).toBe(said.http_code);
  expect(made.series.probe_http_uncompressed_body_length).toBe(said.size_download);
  const phase = (name: string): number =>
    made.series[`probe_http_duration_seconds{phase="${name}"}`] ?? Number.NaN;
  const total = ['resolve', 'connect', 'tls', 'processing', 'transfer'].reduce(
    (sum, name) => sum + phase(name),
    0,
  );
  // The phases make up the whole, and each is of the order of curl's: loopback takes milliseconds, a busy machine some more.
  expect(total).toBeLessThanOrEqual((made.series.probe_duration_seconds ?? 0) + 0.001);
  expect(Math.abs(phase('connect') - (said.time_connect ?? 0))).toBeLessThan(1);
  expect(Math.abs(total - (said.time_total ?? 0))).toBeLessThan(1);
  expect(phase('tls')).toBe(0);
});

test('HTTP: a slow answer is slow in the phase in which curl finds it slow', async () => {
  const { createServer } = await import('node:http');
  const slow = createServer((_request, response) => {
    setTimeout(() => {
      response.write('first');
      setTimeout(() => response.end('last'), 800);
    }, 800);
  });
  const port = await freePort();
  await new Promise<void>((resolve) => slow.listen(port, '127.0.0.1', resolve));
  try {
    const url = `http://127.0.0.1:${port}/`;
    const made = await attempt({ kind: 'http', url });
    const { stdout } = await new Promise<{ stdout: string }>((resolve, reject) => {
      import('node:child_process').then(({ execFile }) =>
        execFile(
          'curl',
          ['-s', '-o', '/dev/null', '-w', '%{time_starttransfer} %{time_total}', url],
          (error, out) => (error === null ? resolve({ stdout: out }) : reject(error)),
        ),
      );
    });
    const [first = 0, total = 0] = stdout.split(' ').map(Number);
    const phase = (name: string): number => made.series[`probe_http_duration_seconds{phase="${name}"}`] ?? 0;
    expect(Math.abs(phase('processing') - first)).toBeLessThan(0.6);
    expect(Math.abs(phase('transfer') - (total - first))).toBeLessThan(0.6);
  } finally {
    slow.close();
  }
});

test('HTTPS: the certificate expires when openssl says it does', async () => {
  const tls = { caFile: certificates.caFile };
  const made = await attempt({ kind: 'http', url: safe('/'), tls });
  expect(made.error).toBeNull();
  const text = execFileSync('openssl', ['x509', '-in', certificates.certFile, '-noout', '-enddate'], {
    encoding: 'utf8',
  });
  const expires = Date.parse(text.trim().replace('notAfter=', ''));
  expect(made.series.probe_ssl_earliest_cert_expiry).toBe(expires / 1000);
  expect(made.measures.certificate_days).toBeCloseTo((expires - Date.now()) / 86_400_000, 2);
  expect(made.series.probe_http_ssl).toBe(1);
  expect(made.series['probe_tls_version_info{version="TLS 1.3"}']).toBe(1);
  const soon = await attempt(
    { kind: 'http', url: safe('/'), tls },
    { thresholds: [{ measure: 'certificate_days', warn: '60:', crit: '7:' }] },
  );
  expect([soon.state, soon.error?.code]).toEqual(['warning', 'CHECK_THRESHOLD']);
  const untrusted = await attempt({
    kind: 'http',
    url: safe('/'),
    tls: { caFile: certificates.otherCaFile },
  });
  expect(untrusted.error?.code).toBe('SCRAPE_TLS_UNTRUSTED');
  const measured = await attempt({ kind: 'http', url: safe('/'), tls: { insecureSkipVerify: true } });
  expect(measured.series.probe_ssl_earliest_cert_expiry).toBe(expires / 1000);
});

test('HTTP: body, redirects, methods and logins', async () => {
  const ok = async (url: string, more: object) =>
    (await attempt({ kind: 'http', url, ...more })).error?.code ?? 'ok';
  expect(await ok(site('/'), { expect: [{ kind: 'contains', text: 'HMTT' }] })).toBe('ok');
  expect(await ok(site('/'), { expect: [{ kind: 'contains', text: 'nginx' }] })).toBe('CHECK_TEXT_MISSING');
  expect(await ok(site('/'), { expect: [{ kind: 'lacks', text: 'HMTT' }] })).toBe('CHECK_TEXT_PRESENT');
  expect(await ok(site('/'), { expect: [{ kind: 'matches', pattern: 'to [A-Z]+$' }] })).toBe(
    'CHECK_TEXT_MISSING',
  );
  expect(await ok(site('/'), { expect: [{ kind: 'matches', pattern: '(?m)to [A-Z]+$' }] })).toBe('ok');
  const health = (path: string, equals: string | null) =>
    ok(site('/moved'), { expect: [{ kind: 'json', path, equals }] });
  expect(await health('$.status', 'UP')).toBe('ok');
  expect(await health('$.db.latency[?@ > 3]', '4')).toBe('ok');
  expect(await health("$[?match(@, 'U.')]", 'UP')).toBe('ok');
  expect(await health('$.db.ok', 'false')).toBe('CHECK_JSON_OTHER');
  expect(await health('$.none', null)).toBe('CHECK_JSON_MISSING');
  expect(await ok(site('/'), { expect: [{ kind: 'json', path: '$.a' }] })).toBe('CHECK_NOT_JSON');
  expect(await ok(site('/moved'), { redirects: 0, statuses: ['302'] })).toBe('ok');
  expect(await ok(site('/loop'), { redirects: 3 })).toBe('SCRAPE_REDIRECT_LOOP');
  expect(await ok(site('/none'), {})).toBe('CHECK_STATUS');
  expect(await ok(site('/none'), { statuses: ['404', '200-299'] })).toBe('ok');
  const posted = { method: 'POST', body: 'hello', expect: [{ kind: 'contains', text: 'made 5' }] };
  expect(await ok(site('/post'), posted)).toBe('ok');
  expect(await ok(site('/token'), { bearer: 'db', expect: [{ kind: 'contains', text: 'in' }] })).toBe('ok');
  expect(await ok(site('/token'), { bearer: 'wrong' })).toBe('CHECK_STATUS');
});

test('nginx: stub_status under the names of its exporter', async () => {
  const made = await attempt({ kind: 'nginx', url: site('/status') });
  expect(made.error).toBeNull();
  expect(made.series.nginx_up).toBe(1);
  const before = made.series.nginx_http_requests_total ?? Number.NaN;
  execFileSync('curl', ['-s', site('/')]);
  const after = await attempt({ kind: 'nginx', url: site('/status') });
  expect(after.series.nginx_http_requests_total).toBe(before + 2);
  expect((await attempt({ kind: 'nginx', url: site('/') })).error?.code).toBe('CHECK_NOT_STATUS_PAGE');
});

test('HAProxy: the CSV and the Prometheus endpoint say the same, and a dead server is told', async () => {
  // Its own check of a2 comes after a tenth of a second.
  await expect
    .poll(
      async () =>
        (await attempt({ kind: 'haproxy', url: `http://127.0.0.1:${haproxy}/stats;csv` })).error?.code,
    )
    .toBe('CHECK_SERVERS_DOWN');
  const csv = await attempt({ kind: 'haproxy', url: `http://127.0.0.1:${haproxy}/stats;csv` });
  expect(csv.state).toBe('warning');
  expect(csv.error?.message.en).toContain('app/a2');
  expect(csv.series['haproxy_server_up{proxy="app",server="a1"}']).toBe(1);
  expect(csv.series['haproxy_server_up{proxy="app",server="a2"}']).toBe(0);
  const own = await attempt({ kind: 'haproxy', url: `http://127.0.0.1:${haproxy}/metrics` });
  expect([own.state, own.error?.code]).toEqual(['warning', 'CHECK_SERVERS_DOWN']);
  expect(own.measures.servers_up).toBe(csv.measures.servers_up);
  const page = execFileSync('curl', ['-s', `http://127.0.0.1:${haproxy}/metrics`], { encoding: 'utf8' });
  const name = 'haproxy_server_weight{proxy="app",server="a1"}';
  expect(own.series[name]).toBe(seriesIn(page)[name]);
  expect(csv.series[name]).toBe(own.series[name]);
});

test('DNS: answers are those of the server; what is missing is told', async () => {
  const server = `127.0.0.1:${dns}`;
  const ask = (more: object) => attempt({ kind: 'dns', name: 'app-1.hmtt', server, ...more });
  const a = await ask({ answers: ['192.0.2.7'] });
  expect(a.error).toBeNull();
  expect(a.series.probe_dns_answer_rrs).toBe(1);
  expect(a.series.probe_dns_query_succeeded).toBe(1);
  expect((await ask({ answers: ['192.0.2.8'] })).error?.code).toBe('CHECK_DNS_ANSWER');
  expect((await ask({ type: 'TXT', answers: ['tier=business'] })).error).toBeNull();
  expect((await ask({ name: 'hmtt', type: 'MX', answers: ['10 mail.hmtt.'] })).error).toBeNull();
  expect(
    (await ask({ name: '_pg._tcp.hmtt', type: 'SRV', answers: ['1 2 5432 db-1.hmtt'] })).error,
  ).toBeNull();
  const none = await ask({ name: 'none.hmtt' });
  expect(none.error?.code).toBe('CHECK_DNS_FAILED');
  expect(none.error?.message.en).toContain('NXDOMAIN');
  expect(none.series.probe_dns_query_succeeded).toBe(0);
});

test('TCP: a banner, a conversation, and a certificate', async () => {
  const sshd = await startSshd(join(dir, 'sshd'));
  peers.push(sshd.peer);
  const banner = await attempt({
    ...{ kind: 'tcp', host: '127.0.0.1', port: sshd.port },
    expect: [{ kind: 'matches', pattern: '^SSH-2\\.0-OpenSSH' }],
  });
  expect(banner.error).toBeNull();
  const talk = { kind: 'tcp' as const, host: '127.0.0.1', port: http, send: 'GET / HTTP/1.0\\r\\n\\r\\n' };
  expect((await attempt({ ...talk, expect: [{ kind: 'contains', text: '200 OK' }] })).error).toBeNull();
  expect((await attempt({ ...talk, expect: [{ kind: 'contains', text: '500' }] })).error?.code).toBe(
    'CHECK_TEXT_MISSING',
  );
  const port = await freePort();
  const args = [
    's_server',
    '-accept',
    `127.0.0.1:${port}`,
    '-cert',
    certificates.certFile,
    '-key',
    certificates.keyFile,
    '-tls1_2',
    '-quiet',
  ];
  const server = await startPeer('openssl', args, 'openssl');
  peers.push(server);
  await untilListens(port, server);
  const secured = await attempt({
    kind: 'tcp',
    host: '127.0.0.1',
    port,
    tls: { caFile: certificates.caFile },
  });
  expect(secured.error).toBeNull();
  expect(secured.series['probe_tls_version_info{version="TLS 1.2"}']).toBe(1);
  expect(secured.steps.map(({ step }) => step.en)).toEqual(['connect', 'TLS handshake']);
});

test('ICMP: round trips are those of ping', async () => {
  const made = await attempt({ kind: 'icmp', host: '127.0.0.1', packets: 2 });
  expect(made.error).toBeNull();
  expect(made.series.hmtt_check_packet_loss_ratio).toBe(0);
  expect(made.series['probe_icmp_duration_seconds{phase="rtt"}']).toBeLessThan(1);
  expect((await attempt({ kind: 'icmp', host: 'no-such-host.invalid' })).error?.code).toBe(
    'SCRAPE_NAME_UNKNOWN',
  );
});
