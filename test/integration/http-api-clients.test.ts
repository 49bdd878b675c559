import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type HeadlessEngine, startHeadlessEngine } from '../helpers/headless-engine.ts';
import { type ServedApi, serveApi, storeSources } from '../helpers/http-api.ts';
import { storeSeries } from '../helpers/local-series.ts';
import { type Prometheus, startPrometheus } from '../helpers/prometheus.ts';
import { FLEET_END, FLEET_START, sampleFleet } from '../helpers/sample-fleet.ts';
import { folderOfFile } from '../helpers/temp-folder.ts';

type Run = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

async function promtool(args: readonly string[], input = ''): Promise<Run> {
  const child = spawn('promtool', args, { stdio: ['pipe', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString('utf8');
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString('utf8');
  });
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('close', resolve);
    child.once('error', (error) =>
      reject(new Error(`promtool is needed by this test: apt-get install prometheus (${error.message})`)),
    );
  });
  return { code, stdout, stderr };
}

const [start, end] = [FLEET_START / 1000, FLEET_END / 1000];

describe('clients on the same data', () => {
  let peer: Prometheus;
  let api: ServedApi;
  let close: () => void;
  let theirs: string;

  beforeAll(async () => {
    peer = await startPrometheus();
    theirs = `http://127.0.0.1:${peer.port}`;
    const fleet = sampleFleet();
    await peer.write(fleet);
    const local = await storeSeries(folderOfFile('http'), fleet, 1_800_000);
    close = local.close;
    api = await serveApi(storeSources(local.store));
  });
  afterAll(async () => {
    await api?.close();
    close?.();
    await peer?.stop();
  });

  type Query = { kind: string; before?: string[]; flags: string[]; after?: string[] };
  const runs: readonly Query[] = [
    { kind: 'instant', flags: [`--time=${start + 3600}`], after: ['up'] },
    { kind: 'instant', before: ['-o', 'json'], flags: [`--time=${start + 3600}`], after: ['sum(up)'] },
    { kind: 'instant', flags: [`--time=${start + 3600}`], after: ['sum('] },
    { kind: 'range', flags: [`--start=${start}`, `--end=${start + 60}`, '--step=15s'], after: ['up'] },
    { kind: 'range', flags: [`--start=${start}`, `--end=${end}`, '--step=100ms'], after: ['up'] },
    { kind: 'series', flags: ['--match=up', `--start=${start}`, `--end=${end}`] },
    { kind: 'labels', flags: [], after: ['job'] },
    { kind: 'labels', flags: [], after: ['nope'] },
    { kind: 'labels', flags: [], after: ['a-b'] },
  ];
  test.each(runs)('promtool query $kind $flags $after', async ({ kind, before = [], flags, after = [] }) => {
    const run = (url: string) => promtool(['query', kind, ...before, ...flags, url, ...after]);
    const [wanted, got] = [await run(theirs), await run(api.url)];
    const sorted = (text: string) => text.split('\n').sort().join('\n');
    const plain = (text: string) => sorted(text.replace(/parse error: .*/, 'parse error'));
    expect(got.code).toBe(wanted.code);
    expect(sorted(got.stdout)).toBe(sorted(wanted.stdout));
    expect(plain(got.stderr)).toBe(plain(wanted.stderr));
  });

  /** What the Prometheus data source of Grafana 9 to 12 sends. */
  const FORM = 'application/x-www-form-urlencoded';
  test.each([
    ['GET', '/api/v1/status/buildinfo', null],
    ['POST', '/api/v1/query', 'query=1%2B1&time=4'],
    ['POST', '/api/v1/query', `query=up%7Bjob%3D%22node%22%7D&time=${start + 3600}.123`],
    [
      'POST',
      '/api/v1/query_range',
      `end=${end}&query=rate%28node_cpu_seconds_total%5B1m0s%5D%29&start=${end - 60}&step=15`,
    ],
    ['POST', '/api/v1/query_range', `end=${end}.000&query=up&start=${end - 300}.000&step=0.5`],
    ['POST', '/api/v1/query_range?query=up', `start=${start}&end=${end}&step=60.000000`],
    ['GET', `/api/v1/query_range?query=up&start=${start}&end=${end}&step=60`, null],
    ['POST', '/api/v1/query_exemplars', `query=up&start=${start}&end=${end}`],
    ['POST', '/api/v1/labels', `start=${start}&end=${end}`],
    ['GET', `/api/v1/labels?start=${start}&end=${end}&match%5B%5D=%7B__name__%3D%22up%22%7D`, null],
    ['GET', `/api/v1/label/__name__/values?start=${start}&end=${end}`, null],
    ['GET', `/api/v1/label/__name__/values?start=${start}&end=${end}&limit=40000`, null],
    ['GET', `/api/v1/label/job/values?match%5B%5D=up&start=${start}&end=${end}`, null],
    ['POST', '/api/v1/series', `match%5B%5D=%7B__name__%3D%22up%22%7D&start=${start}&end=${end}`],
    ['GET', '/api/v1/metadata?limitPerMetric=1', null],
    ['GET', '/api/v1/metadata', null],
    ['GET', '/api/v1/rules', null],
    ['GET', '/api/v1/alerts', null],
  ] as const)('Grafana: %s %s %s', async (method, path, body) => {
    const init = {
      method,
      headers: {
        'user-agent': 'Grafana/11.3.0',
        'accept-encoding': 'gzip',
        ...(body === null ? {} : { 'content-type': FORM }),
      },
      ...(body === null ? {} : { body }),
    };
    const [wanted, got] = await Promise.all([theirs, api.url].map((base) => fetch(base + path, init)));
    expect(got?.status).toBe(200);
    expect(got?.headers.get('content-encoding')).toBe('gzip');
    const [a, b] = [JSON.parse((await wanted?.text()) ?? ''), JSON.parse((await got?.text()) ?? '')];
    if (path.endsWith('buildinfo')) {
      // Grafana reads a semantic version and decides by it what it may ask.
      expect(Object.keys(b.data)).toEqual(Object.keys(a.data));
      expect(b.data.version).toMatch(/^2\.42\.0\+hmtt\.\d+\.\d+\.\d+/);
      return;
    }
    expect(sortedDeep(b)).toEqual(sortedDeep(a));
  });

  test('a limit cuts the lists, as in newer Prometheus servers', async () => {
    for (const [path, length] of [
      [`/api/v1/label/__name__/values?limit=2`, 2],
      [`/api/v1/labels?limit=1`, 1],
      [`/api/v1/series?match[]=up&limit=1`, 1],
    ] as const) {
      const answer = JSON.parse(await (await fetch(api.url + path)).text());
      expect(answer.data).toHaveLength(length);
      expect(answer.warnings).toEqual(['results truncated due to limit']);
    }
    const query = await (await fetch(`${api.url}/api/v1/query?query=up&time=${start + 60}&limit=1`)).json();
    expect(query).toMatchObject({ status: 'success', warnings: ['results truncated due to limit'] });
    expect((await fetch(`${api.url}/api/v1/labels?limit=-1`)).status).toBe(400);
  });

  test('a query ends with its time, and when its client goes away', async () => {
    const heavy =
      'sum(max_over_time(node_cpu_seconds_total[2h:1s])) + sum(min_over_time(node_cpu_seconds_total[2h:1s]))';
    const asked = new URLSearchParams({ query: heavy, start: String(start), end: String(end), step: '1' });
    const late = await fetch(`${api.url}/api/v1/query_range?${asked}&timeout=0.2`);
    expect(late.status).toBe(503);
    expect(await late.json()).toEqual({
      status: 'error',
      errorType: 'timeout',
      error: 'query timed out in expression evaluation',
    });
    const running = async () =>
      Number(/^hmtt_queries_running (\d+)$/m.exec(await (await fetch(`${api.url}/metrics`)).text())?.[1]);
    const abort = new AbortController();
    const gone = fetch(`${api.url}/api/v1/query_range?${asked}`, { signal: abort.signal }).catch(
      () => 'gone',
    );
    while ((await running()) === 0) await wait(10);
    abort.abort();
    expect(await gone).toBe('gone');
    const began = performance.now();
    while ((await running()) > 0) await wait(10);
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  test('more queries than have room at once are all answered', async () => {
    const heavy = new URLSearchParams({
      query: 'sum(max_over_time(node_cpu_seconds_total[10m:5s]))',
      start: String(start),
      end: String(start + 900),
      step: '10',
    });
    const all = Array.from({ length: 30 }, () => fetch(`${api.url}/api/v1/query_range?${heavy}`));
    for (const reply of await Promise.all(all)) {
      expect(reply.status).toBe(200);
      await reply.arrayBuffer();
    }
  });
});

function sortedDeep(value: unknown): unknown {
  if (Array.isArray(value))
    return value.map(sortedDeep).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, sortedDeep(one)]));
}

const EXPOSITION = [
  '# HELP demo_requests_total Requests, by "code".\n# TYPE demo_requests_total counter\n',
  'demo_requests_total{code="200"} 7\n',
  '# TYPE demo_seconds histogram\ndemo_seconds_bucket{le="+Inf"} 3\ndemo_seconds_count 3\ndemo_seconds_sum 1.5\n',
  '# HELP demo_plain Back\\\\slash.\ndemo_plain 1\n',
].join('');

describe('a running engine beside a running Prometheus', () => {
  let exporter: Server;
  let engine: HeadlessEngine;
  let peer: Prometheus;
  let target: string;

  beforeAll(async () => {
    exporter = createServer((_, response) => {
      response.setHeader('content-type', 'text/plain; version=0.0.4');
      response.end(EXPOSITION);
    });
    await new Promise<void>((resolve) => exporter.listen(0, '127.0.0.1', resolve));
    const address = exporter.address();
    if (address === null || typeof address === 'string') throw new Error('no TCP port');
    target = `127.0.0.1:${address.port}`;
    engine = await startHeadlessEngine(folderOfFile('http'));
    const self = engine.api.replace('http://', '');
    for (const [name, job, where] of [
      ['demo', 'demo', target],
      ['console', 'hmtt', self],
    ] as const)
      await engine.call('hosts.add', {
        name,
        address: '127.0.0.1',
        tier: 'other',
        scrapes: [
          {
            job,
            address: where,
            intervalMs: 1_000,
            timeoutMs: 1_000,
            labels: job === 'demo' ? { zone: 'x' } : {},
          },
        ],
      });
    peer = await startPrometheus(`
global: {scrape_interval: 1s, scrape_timeout: 1s}
scrape_configs:
  - job_name: demo
    static_configs: [{targets: ['${target}'], labels: {zone: x}}]
  - job_name: hmtt
    static_configs: [{targets: ['${self}']}]
  - job_name: above
    honor_labels: true
    metrics_path: /federate
    params: {'match[]': ['hmtt_build_info{job="hmtt"}']}
    static_configs: [{targets: ['${self}']}]
    metric_relabel_configs: [{target_label: via, replacement: console}]
`);
    for (const base of [engine.api, `http://127.0.0.1:${peer.port}`]) await untilUp(base, 2);
  }, 120_000);
  afterAll(async () => {
    await engine?.stop();
    await peer?.stop();
    exporter?.close();
  });

  async function untilUp(base: string, count: number): Promise<void> {
    for (let tries = 0; tries < 300; tries++) {
      const found = await json(base, '/api/v1/query?query=count(up{job=~"demo|hmtt"}==1)');
      if (found.data.result[0]?.value[1] === String(count)) return;
      await wait(100);
    }
    throw new Error(`${base} does not scrape its targets`);
  }

  // biome-ignore lint/suspicious/noExplicitAny: the answers of a foreign program have no type here.
  async function json(base: string, path: string): Promise<any> {
    return (await fetch(base + path)).json();
  }

  const both = async (path: string) => {
    const text = async (base: string) => (await fetch(base + path)).text();
    return [await text(`http://127.0.0.1:${peer.port}`), await text(engine.api)] as const;
  };

  test('targets are the same but for the times of their scrapes', async () => {
    const times = (body: string) =>
      body
        .replaceAll(/"lastScrape":"[^"]+Z"/g, '"lastScrape":"…"')
        .replaceAll(/"lastScrapeDuration":[\d.e-]+/g, '"lastScrapeDuration":0')
        .replaceAll(hostname(), 'me');
    for (const query of [
      'scrapePool=demo',
      'scrapePool=demo&state=active',
      'scrapePool=demo&state=dropped',
      'scrapePool=hmtt',
    ]) {
      const [wanted, got] = await both(`/api/v1/targets?${query}`);
      expect(times(got)).toBe(times(wanted));
    }
  });

  test('metadata are the same', async () => {
    for (const path of [
      '/api/v1/metadata?metric=demo_requests_total',
      '/api/v1/metadata?metric=demo_seconds',
      '/api/v1/metadata?metric=demo_plain',
      '/api/v1/metadata?metric=nope',
      '/api/v1/metadata?limit=0',
      '/api/v1/targets/metadata?metric=demo_seconds',
      '/api/v1/targets/metadata?metric=demo_requests_total&match_target={zone="x"}',
      '/api/v1/targets/metadata?metric=demo_requests_total&match_target={zone="y"}',
      '/api/v1/targets/metadata?limit=0',
    ]) {
      const [wanted, got] = await both(path);
      expect(got, path).toBe(wanted);
    }
    const [wanted, got] = await both('/api/v1/targets/metadata?match_target={job="demo"}');
    expect(sortedDeep(JSON.parse(got))).toEqual(sortedDeep(JSON.parse(wanted)));
  });

  test('the status pages have the same members', async () => {
    for (const path of ['buildinfo', 'runtimeinfo', 'config', 'walreplay', 'tsdb']) {
      const [wanted, got] = await both(`/api/v1/status/${path}`);
      expect(Object.keys(JSON.parse(got).data)).toEqual(Object.keys(JSON.parse(wanted).data));
    }
    const [wanted, got] = (await both('/api/v1/status/tsdb')).map((body) => JSON.parse(body).data);
    expect(Object.keys(got.headStats)).toEqual(Object.keys(wanted.headStats));
    expect(got.seriesCountByMetricName).toHaveLength(10);
    expect(Object.keys(got.seriesCountByLabelValuePair[0])).toEqual(['name', 'value']);
    const flags = (await both('/api/v1/status/flags')).map((body) => JSON.parse(body).data);
    for (const name of Object.keys(flags[1])) expect(Object.keys(flags[0])).toContain(name);
  });

  test('a Prometheus above the console federates from it', async () => {
    const query = '/api/v1/query?query=hmtt_build_info{via="console"}';
    let found = await json(`http://127.0.0.1:${peer.port}`, query);
    for (let tries = 0; found.data.result.length === 0 && tries < 100; tries++) {
      await wait(100);
      found = await json(`http://127.0.0.1:${peer.port}`, query);
    }
    expect(found.data.result).toMatchObject([
      {
        metric: { instance: engine.api.replace('http://', ''), job: 'hmtt' },
        value: [expect.any(Number), '1'],
      },
    ]);
    const text = await (
      await fetch(`${engine.api}/federate?match[]=demo_plain&match[]={__name__="demo_plain"}`)
    ).text();
    expect(text).toMatch(
      new RegExp(
        `^# TYPE demo_plain untyped\\ndemo_plain\\{instance="${target}",job="demo",zone="x"\\} 1 \\d{13}\\n$`,
      ),
    );
    expect((await fetch(`${engine.api}/federate?match[]=sum(`)).status).toBe(400);
  });

  test('its own metrics are valid, and stored by itself and by Prometheus', async () => {
    const reply = await fetch(`${engine.api}/metrics`);
    expect(reply.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const checked = await promtool(['check', 'metrics'], await reply.text());
    expect(checked).toEqual({ code: 0, stdout: '', stderr: '' });
    for (const base of [engine.api, `http://127.0.0.1:${peer.port}`]) {
      const found = await json(base, '/api/v1/query?query={__name__=~"hmtt_.%2B|process_.%2B",job="hmtt"}');
      const names = new Set(
        found.data.result.map((one: { metric: { __name__: string } }) => one.metric.__name__),
      );
      for (const name of [
        'hmtt_build_info',
        'hmtt_store_series',
        'hmtt_scrapes_total',
        'process_cpu_seconds_total',
      ])
        expect(names).toContain(name);
    }
  });
});
