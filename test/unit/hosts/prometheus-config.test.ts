import { describe, expect, test } from 'vitest';
import type { AppError } from '#shared/errors/index.ts';
import type { ImportedConfig } from '../../../main/engine/hosts/prometheus-config/model.ts';
import { readPrometheusConfig } from '../../../main/engine/hosts/prometheus-config/read-config.ts';

const absolute = (path: string): string | null => (path.startsWith('/') ? path : `/etc/prometheus/${path}`);

function read(text: string): ImportedConfig {
  const result = readPrometheusConfig('prometheus.yml', text, absolute);
  if (!result.ok) throw new Error(result.error.message.en);
  return result.value;
}

function refusal(text: string): AppError {
  const result = readPrometheusConfig('prometheus.yml', text, absolute);
  if (result.ok) throw new Error('accepted');
  const { error } = result;
  expect(error.message.en + error.message.zh + error.hint.en + error.hint.zh).not.toMatch(/\{\w+\}/);
  expect(error.message.zh).toMatch(/[\u4e00-\u9fff]/);
  expect(error.message.en).toContain(`line ${error.line}`);
  return error;
}

/** The example of the document that HMTT operators work from, with the indentation it was written with. */
const EXAMPLE = `global:
  scrape_interval: 15s # 设置抓取间隔为15秒
scrape_configs:
  - job_name: 'prometheus'
    static_configs:
      - targets: ['localhost:9090'] # Prometheus服务器自身作为监控目标
  - job_name: 'hmtt-system'
    static_configs:
      - targets: ['hmtt-system:9100'] # HMTT系统监控目标
`;

test('the example of the source document', () => {
  const config = read(EXAMPLE);
  expect(config.jobs.map(({ name, line, intervalMs }) => ({ name, line, intervalMs }))).toEqual([
    { name: 'prometheus', line: 4, intervalMs: 15_000 },
    { name: 'hmtt-system', line: 7, intervalMs: 15_000 },
  ]);
  expect(config.jobs.flatMap(({ targets }) => targets.map(({ address }) => address))).toEqual([
    'localhost:9090',
    'hmtt-system:9100',
  ]);
  const [target] = config.jobs[0]?.targets ?? [];
  expect(target).toMatchObject({
    scheme: 'http',
    metricsPath: '/metrics',
    timeoutMs: 10_000,
    honorLabels: false,
    honorTimestamps: true,
  });
});

test('the same example with its indentation lost is refused with the line where it shows', () => {
  const flat = EXAMPLE.split('\n')
    .map((line) => line.trimStart())
    .join('\n');
  const error = refusal(flat);
  expect(error.code).toBe('PROMETHEUS_FILE_INDENTATION');
  expect(error.line).toBe(2);
  expect(error.field).toBe('scrape_interval');
});

test('everything that is supported', () => {
  const config = read(`
global:
  scrape_interval: 1m
  scrape_timeout: 5s
  evaluation_interval: 30s
  external_labels: {site: north, rack: 07}
rule_files: [rules/*.yml, /etc/more.yml]
scrape_configs:
  - job_name: app
    scrape_interval: 1m30s
    scrape_timeout: 20s
    metrics_path: /probe
    scheme: https
    params: {module: [http_2xx, other], empty: []}
    honor_labels: true
    honor_timestamps: false
    sample_limit: 5000
    body_size_limit: 10MB
    basic_auth: {username: ops, password_file: secret}
    tls_config: {ca_file: ca.pem, cert_file: /c.pem, key_file: /k.pem, server_name: app, insecure_skip_verify: true}
    follow_redirects: true
    enable_http2: false
    static_configs:
      - targets: [app-1, 'app-2:8443', '[fd00::1]:9100']
        labels: {tier: business, zone: 1}
      - targets: [app-3]
  - job_name: 7
    authorization: {credentials: t0ken}
    static_configs: []
`);
  expect(config.evaluationIntervalMs).toBe(30_000);
  expect(config.externalLabels).toEqual({ site: 'north', rack: '07' });
  expect(config.ruleFiles).toEqual(['rules/*.yml', '/etc/more.yml']);
  const [app, seven] = config.jobs;
  expect(app?.targets.map(({ address }) => address)).toEqual([
    'app-1:443',
    'app-2:8443',
    '[fd00::1]:9100',
    'app-3:443',
  ]);
  expect(app?.targets[0]).toEqual({
    job: 'app',
    scheme: 'https',
    address: 'app-1:443',
    metricsPath: '/probe',
    params: { module: ['http_2xx', 'other'], empty: [] },
    intervalMs: 90_000,
    timeoutMs: 20_000,
    honorLabels: true,
    honorTimestamps: false,
    sampleLimit: 5000,
    bodySizeLimit: 10 * 1024 * 1024,
    basicAuth: { username: 'ops', passwordFile: '/etc/prometheus/secret' },
    tls: {
      caFile: '/etc/prometheus/ca.pem',
      certFile: '/c.pem',
      keyFile: '/k.pem',
      serverName: 'app',
      insecureSkipVerify: true,
    },
    labels: { tier: 'business', zone: '1' },
    labelLimit: 0,
    labelNameLengthLimit: 0,
    labelValueLengthLimit: 0,
    targetLimit: 0,
    metricRelabel: [],
  });
  expect(seven).toMatchObject({ name: '7', intervalMs: 60_000, targets: [] });
});

test('defaults as Prometheus has them', () => {
  const job = (lines: string): ImportedConfig['jobs'][number] | undefined =>
    read(`scrape_configs:\n- job_name: j\n  static_configs: [{targets: [h]}]\n${lines}`).jobs[0];
  expect(job('')).toMatchObject({ intervalMs: 60_000 });
  expect(job('')?.targets[0]).toMatchObject({ timeoutMs: 10_000, address: 'h:80' });
  // A timeout that was not given never exceeds the interval.
  expect(job('  scrape_interval: 5s')?.targets[0]).toMatchObject({ intervalMs: 5_000, timeoutMs: 5_000 });
  expect(read('').jobs).toEqual([]);
  expect(read('# nothing but a comment\n').jobs).toEqual([]);
});

test('anchors, aliases and a target that is listed twice', () => {
  const config = read(`scrape_configs:
- job_name: a
  static_configs: &same
  - targets: [h:1, h:1]
- job_name: b
  static_configs: *same
`);
  expect(config.jobs.map(({ targets }) => targets.length)).toEqual([1, 1]);
});

test('booleans, merged mappings and odd text as Prometheus reads them', () => {
  const config = read(`scrape_configs:
- &base
  job_name: a
  honor_labels: yes
  scrape_interval: 30s
  static_configs:
  - targets: [h]
    labels: {code: 010, day: 2020-01-01, size: 0x10}
- <<: *base
  job_name: b
  scrape_interval: 20s
`);
  expect(config.jobs.map(({ name, intervalMs }) => [name, intervalMs])).toEqual([
    ['a', 30_000],
    ['b', 20_000],
  ]);
  expect(config.jobs[1]?.targets[0]).toMatchObject({
    honorLabels: true,
    labels: { code: '010', day: '2020-01-01', size: '0x10' },
  });
});

const job = (lines: string): string =>
  `scrape_configs:\n  - job_name: j\n${lines
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n')}\n`;

describe('refused whole, with the line and the field', () => {
  const FIELD = 'PROMETHEUS_FILE_FIELD';
  const UNSUPPORTED = 'PROMETHEUS_FILE_UNSUPPORTED';
  const SYNTAX = 'PROMETHEUS_FILE_SYNTAX';
  test.each<readonly [string, string, string, number, RegExp]>([
    [
      'unknown key',
      job('scrape_intervall: 15s'),
      FIELD,
      3,
      /scrape_intervall.*unknown field; is "scrape_interval" meant/,
    ],
    ['unknown key at the top', 'globals: {}', FIELD, 1, /globals/],
    ['bad duration', job('scrape_interval: 15 seconds'), FIELD, 3, /scrape_interval.*duration/],
    ['number for a duration', job('scrape_interval: 15'), FIELD, 3, /duration/],
    ['negative duration', job('scrape_interval: -5s'), FIELD, 3, /duration/],
    ['interval below a second', job('scrape_interval: 200ms'), FIELD, 3, /between 1s and 1d/],
    ['timeout over interval', job('scrape_interval: 5s\nscrape_timeout: 6s'), FIELD, 4, /longer/],
    ['timeout in global', 'global:\n  scrape_interval: 5s\n  scrape_timeout: 6s', FIELD, 3, /longer/],
    ['wrong type', job('static_configs: yes'), FIELD, 3, /list/],
    ['list for a mapping', 'global: [1]', FIELD, 1, /mapping/],
    ['mapping for text', job('scheme: {a: b}'), FIELD, 3, /single value/],
    ['text for a boolean', job("honor_labels: 'yes'"), FIELD, 3, /true or false/],
    ['scheme', job('scheme: ftp'), FIELD, 3, /http or https/],
    ['path', job('metrics_path: metrics'), FIELD, 3, /begin with/],
    ['sample limit', job('sample_limit: many'), FIELD, 3, /whole number/],
    ['body size limit', job('body_size_limit: 10 apples'), FIELD, 3, /10MB/],
    ['body size limit without unit', job('body_size_limit: 10'), FIELD, 3, /10MB/],
    ['merged text', job('<<: text'), FIELD, 3, /mapping/],
    ['no targets', job('static_configs:\n- labels: {a: b}'), FIELD, 4, /targets is missing/],
    ['target with scheme', job("static_configs:\n- targets: ['http://h:1']"), FIELD, 4, /without scheme/],
    ['target with path', job('static_configs:\n- targets: [h:1/metrics]'), FIELD, 4, /without scheme/],
    ['target with a bad port', job("static_configs:\n- targets: ['h:99999']"), FIELD, 4, /host:port/],
    ['target with spaces', job("static_configs:\n- targets: ['a b']"), FIELD, 4, /host:port/],
    ['empty target', job("static_configs:\n- targets: ['']"), FIELD, 4, /no address/],
    ['second target', job('static_configs:\n- targets:\n  - good:1\n  - bad:x'), FIELD, 6, /targets\[1\]/],
    ['bad label', job("static_configs:\n- targets: [h]\n  labels: {'a-b': c}"), FIELD, 5, /label name/],
    ['no job name', 'scrape_configs:\n- scheme: http', FIELD, 2, /job_name is missing/],
    ['empty job name', "scrape_configs:\n- job_name: ''", FIELD, 2, /1 to 200/],
    ['job name twice', 'scrape_configs:\n- job_name: a\n- job_name: a', FIELD, 3, /already used in line 2/],
    ['two logins', job('bearer_token: a\nbasic_auth: {username: u}'), FIELD, 3, /basic_auth/],
    ['two passwords', job('basic_auth: {username: u, password: p, password_file: f}'), FIELD, 3, /beside/],
    ['key without certificate', job('tls_config: {key_file: /k}'), FIELD, 3, /together/],
    ['same labels', job('static_configs:\n- targets: [a:1, b:2]\n  labels: {instance: x}'), FIELD, 4, /mix/],
    [
      'service discovery',
      job('kubernetes_sd_configs:\n- role: pod'),
      UNSUPPORTED,
      3,
      /kubernetes_sd_configs/,
    ],
    ['files without a list', job('file_sd_configs:\n- {}'), FIELD, 4, /files is missing/],
    ['a pattern of folders', job("file_sd_configs:\n- files: ['*/x.json']"), FIELD, 4, /in its last part/],
    ['a file of another kind', job("file_sd_configs:\n- files: ['x.txt']"), FIELD, 4, /must end in .json/],
    [
      'files that are read all the time',
      job("file_sd_configs:\n- files: ['x.json']\n  refresh_interval: 0s"),
      FIELD,
      5,
      /between 1s and 1d/,
    ],
    ['a rule without target', job('relabel_configs:\n- source_labels: [a]'), FIELD, 4, /needs target_label/],
    [
      'a wrong expression',
      job('metric_relabel_configs:\n- action: drop\n  regex: (a'),
      FIELD,
      5,
      /missing closing/,
    ],
    ['a mistyped action', job('metric_relabel_configs:\n- action: dropp'), FIELD, 4, /"drop" meant/],
    [
      'a rule that takes less',
      job('metric_relabel_configs:\n- {action: labeldrop, source_labels: [a]}'),
      FIELD,
      4,
      /regex only/,
    ],
    ['an empty rule', job('relabel_configs:\n-'), FIELD, 4, /empty/],
    [
      'a scheme out of a rule',
      job(
        'static_configs:\n- targets: [h]\nrelabel_configs:\n- {target_label: __scheme__, replacement: ftp}',
      ),
      FIELD,
      4,
      /http or https/,
    ],
    [
      'no address left',
      job('static_configs:\n- targets: [h]\nrelabel_configs:\n- {action: labeldrop, regex: __address__}'),
      FIELD,
      4,
      /no address/,
    ],
    [
      'an interval out of a label',
      job('static_configs:\n- targets: [h]\n  labels: {__scrape_interval__: soon}'),
      FIELD,
      4,
      /interval/,
    ],
    ['remote read', 'remote_read:\n- url: http://x', UNSUPPORTED, 1, /remote_read/],
    ['remote write without an address', '\nremote_write:\n- name: x', FIELD, 3, /url/],
    [
      'remote write with a password in its address',
      'remote_write:\n- url: http://a:b@x',
      FIELD,
      2,
      /password/,
    ],
    ['remote write with a signature', 'remote_write:\n- url: http://x\n  sigv4: {}', UNSUPPORTED, 3, /sigv4/],
    ['alertmanagers', '\n\nalerting: {}', UNSUPPORTED, 3, /alerting/],
    ['proxy', job('proxy_url: http://p'), UNSUPPORTED, 3, /proxy_url/],
    [
      'another way to authorize',
      job('authorization: {type: Digest, credentials: x}'),
      UNSUPPORTED,
      3,
      /type/,
    ],
    ['redirects off', job('follow_redirects: false'), UNSUPPORTED, 3, /follow_redirects/],
    ['tabs', 'global:\n\tscrape_interval: 15s', SYNTAX, 2, /not valid YAML/],
    ['unclosed quote', "global:\n  scrape_interval: '15s", SYNTAX, 2, /not valid YAML/],
    ['key twice', 'global: {}\nglobal: {}', FIELD, 2, /twice/],
    ['key twice inside', job('scheme: http\nscheme: https'), FIELD, 4, /twice/],
    ['two documents', 'global: {}\n---\nglobal: {}', SYNTAX, 2, /not valid YAML/],
    ['unknown alias', 'global: *nowhere', FIELD, 1, /has no anchor/],
    ['text', 'hello', FIELD, 1, /mapping/],
    ['a list', '- a\n- b', FIELD, 1, /mapping/],
  ])('%s', (_name, text, code, line, sentence) => {
    const error = refusal(text);
    expect({ code: error.code, line: error.line }).toEqual({ code, line });
    expect(error.message.en).toMatch(sentence);
  });

  test('a relative path in a file that came without its own path', () => {
    const result = readPrometheusConfig('p.yml', job('bearer_token_file: token'), () => null);
    expect(!result.ok && result.error.message.en).toMatch(/full path/);
  });

  test('a small file that would unfold into a huge one', () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
      .split('')
      .map((name, index) => {
        const before = 'abcdefghi'.charAt(index);
        return `${name}: &${name} [${Array.from({ length: 9 }, () => `*${before}`).join(',')}]`;
      })
      .join('\n')}`;
    const start = process.cpuUsage();
    expect(refusal(bomb).line).toBe(1);
    expect(process.cpuUsage(start).user / 1e6).toBeLessThan(10);
  });

  test.each([
    ['brackets', `a: ${'[{'.repeat(400_000)}`],
    ['dashes', '- '.repeat(500_000)],
    ['question marks', '? '.repeat(500_000)],
    ['a line without end', `a: ${'x'.repeat(1_000_000)}`],
    ['many keys', Array.from({ length: 50_000 }, (_, n) => `k${n}: 1\n`).join('')],
    ['a large file', '# comment\n'.repeat(200_000)],
    ['dashes over many lines', `${'- '.repeat(4_000)}\n`.repeat(100)],
    ['deep indentation', Array.from({ length: 1_400 }, (_, n) => `${' '.repeat(n)}a:\n`).join('')],
  ])('a hostile file is refused in short time: %s', (_name, text) => {
    // Processor time, so that other work on the machine does not count.
    const start = process.cpuUsage();
    refusal(text);
    expect(process.cpuUsage(start).user / 1e6).toBeLessThan(15);
  });
});

test('reads where samples are sent to', () => {
  const { remoteWrites } = read(`global: {external_labels: {site: north}}
remote_write:
  - url: http://a:9090/api/v1/write
    remote_timeout: 5s
    basic_auth: {username: ops, password_file: /secret}
    write_relabel_configs: [{source_labels: [__name__], regex: 'go_.*', action: drop}]
    queue_config: {max_samples_per_send: 2000, batch_send_deadline: 1s, max_shards: 50}
  - {url: 'https://a:9090/other', name: second}
  - {url: 'http://a:9090/third'}
`);
  expect(remoteWrites.map(({ name }) => name)).toEqual(['a:9090', 'second', 'a:9090 2']);
  expect(remoteWrites[0]).toMatchObject({
    url: 'http://a:9090/api/v1/write',
    timeoutMs: 5_000,
    maxSamples: 2_000,
    flushMs: 1_000,
    basicAuth: { username: 'ops', passwordFile: '/secret' },
    externalLabels: { site: 'north' },
    writeRelabel: [{ action: 'drop', sourceLabels: ['__name__'], regex: 'go_.*' }],
  });
});
