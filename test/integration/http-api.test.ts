import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ServedApi, serveApi, storeSources } from '../helpers/http-api.ts';
import { storeSeries } from '../helpers/local-series.ts';
import { type Prometheus, startPrometheus } from '../helpers/prometheus.ts';
import type { RemoteSeries } from '../helpers/remote-write.ts';
import { FLEET_END, FLEET_START, sampleFleet } from '../helpers/sample-fleet.ts';
import { folderOfFile } from '../helpers/temp-folder.ts';

const T = FLEET_START / 1000 + 3_600;

/** Label values that JSON and Go's HTML escapes treat in special ways. */
const odd: readonly RemoteSeries[] = [
  '<a href="x">&amp;</a>',
  'back\\slash "quote" \t tab \n line',
  'control \u0001 \b \f \u001f \u007f',
  'separators \u2028 \u2029 é 中文 \u{1f600} \uffe6',
].map((text, i) => ({
  labels: { __name__: 'odd_text', text, n: String(i) },
  samples: [
    { time: FLEET_START + 1, value: 0.1 + i },
    { time: FLEET_START + 3_599_999, value: [1e21, 1e-7, -0, 123_456_789.123][i] ?? 0 },
  ],
}));

/** `METHOD path?query` or `POST path?query body`, answered by both. */
type Asked = {
  readonly method?: string;
  readonly path: string;
  readonly form?: string;
  readonly headers?: Record<string, string>;
};

const get = (path: string): Asked => ({ path });
const post = (path: string, form: string): Asked => ({ method: 'POST', path, form });
const q = (expr: string, more: Record<string, string | number> = {}): string =>
  new URLSearchParams({
    query: expr,
    ...Object.fromEntries(Object.entries(more).map(([k, v]) => [k, String(v)])),
  }).toString();
const m = (...selectors: string[]): string =>
  selectors.map((one) => `match[]=${encodeURIComponent(one)}`).join('&');

let peer: Prometheus;
let api: ServedApi;
let close: () => void;

beforeAll(async () => {
  peer = await startPrometheus();
  const fleet = [...sampleFleet(), ...odd];
  await peer.write(fleet);
  const local = await storeSeries(folderOfFile('http'), fleet, 1_800_000);
  expect(local.partitions).toBeGreaterThan(1);
  close = local.close;
  api = await serveApi(storeSources(local.store));
});

afterAll(async () => {
  await api?.close();
  close?.();
  await peer?.stop();
});

type Reply = {
  readonly status: number;
  readonly type: string | null;
  readonly body: string;
  readonly allow: string | null;
};

async function ask(base: string, { method = 'GET', path, form, headers = {} }: Asked): Promise<Reply> {
  const type = form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' };
  const response = await fetch(base + path, {
    method,
    headers: { ...type, ...headers },
    redirect: 'manual',
    ...(form === undefined ? {} : { body: form }),
  });
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    body: await response.text(),
    allow: response.headers.get('allow'),
  };
}

/** The elements of a list of series in order of their text: Prometheus gives them in the order of its index. */
function unordered(body: string): string {
  const found = /^(.*?"(?:result|data)":\[)(.*)(\]\}?\}|\]\})$/s.exec(body);
  if (found === null) return body;
  const [, begin = '', list = '', end = ''] = found;
  return (
    begin +
    list
      .split(/(?<=\}),(?=\{)/)
      .sort()
      .join('\n') +
    end
  );
}

/** Sentences of the query language are the console's own; what stands around them is Prometheus's. */
function withoutReason(body: string): string {
  return body.replace(/(parse error: ).*"\}$/, '$1…"}');
}

async function compare(asked: Asked, same: (body: string) => string = (body) => body): Promise<void> {
  const [theirs, ours] = await Promise.all([
    ask(`http://127.0.0.1:${peer.port}`, asked),
    ask(api.url, asked),
  ]);
  const seen = (reply: Reply) => ({ ...reply, body: same(reply.body) });
  expect(seen(ours), JSON.stringify(asked)).toEqual(seen(theirs));
}

describe('byte for byte as Prometheus 2.42', () => {
  const window = { start: FLEET_START / 1000, end: FLEET_START / 1000 + 600, step: 15 };

  test.each([
    ...[
      '1',
      '-1e-7',
      '1e30',
      '1e21',
      '0/0',
      '1/0',
      '-1/0',
      '"text"',
      '"<é\u2028>"',
      'vector(1.5)',
      'vector(1e-7)',
      'time()',
      'nope',
    ].flatMap((expr) => [5, 5.5, 1.001, -7.05].map((time) => q(expr, { time }))),
    q('odd_text', { time: T }),
    q('odd_text[2h]', { time: T }),
    q('up', { time: T }),
    q('up[1m]', { time: T + 0.123 }),
    q('count by (job) ({__name__=~".+"})', { time: T }),
    q('up', { time: '2023-11-15T00:00:00Z' }),
    q('up', { time: '2023-11-15T00:00:00.123456+01:00' }),
    'query=1&query=2&time=3&time=4',
    'query=1%3B2&time=1',
  ])('query?%s', async (query) => {
    await compare(get(`/api/v1/query?${query}`), (body) => withoutReason(unordered(body)));
    await compare(post('/api/v1/query', query), (body) => withoutReason(unordered(body)));
  });

  test.each([
    q('up', window),
    q('odd_text', { start: FLEET_START / 1000, end: T, step: 900.5 }),
    q('1', { start: 0, end: 1.5, step: 0.5 }),
    q('time()', { start: 0, end: 10, step: '5s' }),
    q('time()', { start: '1970-01-01T00:00:00Z', end: 10, step: '1m30s' }),
    q('{__name__=~".+"}', { ...window, end: window.start + 30 }),
    q('rate(node_cpu_seconds_total[5m])', { ...window, start: window.start + 600, end: window.start + 615 }),
    q('{__name__=~"node_(huge|tiny|wave|zero|gone)"}', { start: FLEET_START / 1000, end: T, step: 60 }),
    q('nope', window),
    q('up', { start: 0, end: 11_000, step: 1 }),
  ])('query_range?%s', async (query) => {
    await compare(get(`/api/v1/query_range?${query}`));
    await compare(post('/api/v1/query_range', query));
  });

  test.each([
    '/api/v1/query',
    '/api/v1/query?query=',
    '/api/v1/query?query=sum(',
    '/api/v1/query?query=up%20%2B%0A%20%20sum(',
    '/api/v1/query?query=1&time=abc',
    '/api/v1/query?query=1&time=2020-01-01',
    '/api/v1/query?query=1&time=2020-02-31T00:00:00Z',
    '/api/v1/query?query=1&time=now',
    '/api/v1/query?query=1&timeout=abc',
    '/api/v1/query?query=1&timeout=1ns',
    '/api/v1/query_range',
    '/api/v1/query_range?start=1',
    '/api/v1/query_range?start=2&end=1&step=1&query=1',
    '/api/v1/query_range?start=1&end=2&query=1',
    '/api/v1/query_range?start=1&end=2&step=x&query=1',
    '/api/v1/query_range?start=1&end=2&step=0&query=1',
    '/api/v1/query_range?start=1&end=2&step=-1&query=1',
    '/api/v1/query_range?start=1&end=2&step=1e20&query=1',
    '/api/v1/query_range?start=0&end=11001&step=1&query=1',
    '/api/v1/query_range?start=0&end=10&step=5&query=1&timeout=z',
    '/api/v1/query_range?start=0&end=10&step=5&query=',
    '/api/v1/series',
    '/api/v1/series?match[]={}',
    '/api/v1/series?match[]=up[5m',
    '/api/v1/series?match[]=',
    '/api/v1/series?match[]=up&start=x',
    '/api/v1/series?match[]=up&end=x',
    '/api/v1/series?match[]=%zz',
    '/api/v1/series?match[]=up;x',
    '/api/v1/labels?match[]={}',
    '/api/v1/labels?start=x',
    '/api/v1/label/a-b/values',
    '/api/v1/label/a%20b/values',
    '/api/v1/label/job/values?match[]={}',
    '/api/v1/label/job/values?start=x',
    '/api/v1/metadata?limit=x',
    '/api/v1/targets/metadata?limit=x',
    '/api/v1/rules?type=x',
    '/api/v1/query_exemplars',
    '/api/v1/query_exemplars?query=up&start=x',
    '/api/v1/query_exemplars?query=up&start=5&end=1',
    '/api/v1/query_exemplars?query=sum(',
  ])('refused: %s', async (path) => {
    const column = /"error":"((?:invalid parameter \\"match\[\]\\": )?1:)\d+/;
    // A selector alone is read by the parser of expressions, which may see an error elsewhere.
    const place = path.includes('match')
      ? (body: string) => body.replace(column, '"error":"$1…')
      : (body: string) => body;
    await compare(get(path), (body) => place(withoutReason(body)));
  });

  test('errors of an evaluation have their type and status', async () => {
    for (const expr of [
      '{__name__=~".+"} * on() up',
      'rate({__name__=~".+_total"}[5m])',
      'label_replace({__name__=~".+"},"__name__","x","","")',
    ])
      await compare(get(`/api/v1/query?${q(expr, { time: T })}`), (body) => body.replace(/"error":".*/, ''));
    for (const expr of ['up[5m]', '"a"'])
      await compare(get(`/api/v1/query_range?${q(expr, { start: 0, end: 1, step: 1 })}`), (body) =>
        body.replace(/"error":".*/, ''),
      );
  });

  test('a query without time times out', async () => {
    // Whether Prometheus notices it in the queue or after it is left to chance.
    // A timeout above zero, however short, it may beat.
    for (const timeout of ['0', '-5'])
      await compare(get(`/api/v1/query?query=1&timeout=${timeout}`), (body) =>
        body.replace(/ in query \w+"/, '"'),
      );
  });

  test('series, labels and label values', async () => {
    const [start, end] = [FLEET_START / 1000, FLEET_END / 1000];
    for (const path of [
      `/api/v1/series?${m('up')}`,
      `/api/v1/series?${m('up', 'odd_text', '{job="node"}')}`,
      `/api/v1/series?${m('{__name__=~".+"}')}&start=${start}&end=${end}`,
      `/api/v1/series?${m('up')}&start=5&end=6`,
      `/api/v1/series?${m('up')}&start=6&end=5`,
      `/api/v1/series?${m('nope')}`,
      `/api/v1/labels?${m('odd_text')}`,
      `/api/v1/labels?${m('nope')}`,
      '/api/v1/labels?start=1&end=2',
      `/api/v1/label/text/values?${m('odd_text')}`,
      `/api/v1/label/job/values?${m('up', 'odd_text')}`,
      `/api/v1/label/job/values?${m('up')}&start=1&end=2`,
      '/api/v1/label/__name__/values',
      `/api/v1/label/__name__/values?start=${start}&end=${end}`,
      '/api/v1/label/text/values',
      '/api/v1/label/le/values',
      '/api/v1/label/nope/values',
      '/api/v1/labels',
    ])
      await compare(get(path), path.includes('/series') ? unordered : (body) => body);
    for (const [path, form] of [
      ['/api/v1/series', m('up')],
      ['/api/v1/labels', m('up')],
    ] as const)
      await compare(post(path, form), unordered);
  });

  test('what is empty is empty in the same shape', async () => {
    for (const path of [
      '/api/v1/rules',
      '/api/v1/rules?type=alert',
      '/api/v1/alerts',
      '/api/v1/alertmanagers',
      '/api/v1/metadata',
      '/api/v1/metadata?metric=up',
      '/api/v1/targets',
      '/api/v1/targets?state=active',
      '/api/v1/targets?state=dropped',
      '/api/v1/targets?state=x',
      '/api/v1/targets/metadata',
      '/api/v1/scrape_pools',
      '/api/v1/query_exemplars?query=up',
    ])
      await compare(get(path));
  });

  test('methods and paths', async () => {
    for (const asked of [
      { method: 'DELETE', path: '/api/v1/query' },
      { method: 'HEAD', path: '/api/v1/query?query=1' },
      { method: 'OPTIONS', path: '/api/v1/query' },
      { method: 'OPTIONS', path: '/api/v1/nope' },
      { method: 'POST', path: '/api/v1/label/job/values' },
      { method: 'POST', path: '/api/v1/status/buildinfo' },
      { method: 'POST', path: '/-/healthy' },
      { method: 'OPTIONS', path: '/-/healthy' },
      { method: 'POST', path: '/metrics' },
      { method: 'HEAD', path: '/metrics' },
      { method: 'OPTIONS', path: '/metrics' },
      { path: '/api/v1/nope' },
      { path: '/api/v1/label/job' },
      { path: '/nope' },
      { path: '/api/v1/query?query=1&time=1', headers: { accept: 'text/html' } },
      { method: 'POST', path: '/api/v1/query?query=1&time=3', form: 'query=2&time=4' },
    ])
      await compare(asked);
    const healthy = await ask(api.url, get('/-/healthy'));
    expect(healthy).toMatchObject({ status: 200, type: 'text/plain; charset=utf-8' });
    expect((await ask(api.url, { method: 'HEAD', path: '/-/ready' })).status).toBe(200);
  });

  test('compressed when asked', async () => {
    for (const encoding of ['gzip', 'br, deflate', 'identity'])
      for (const query of [q('1', { time: 1 }), q('{__name__=~".+"}[2h]', { time: T })]) {
        const path = `/api/v1/query?${query}`;
        const replies = await Promise.all(
          [`http://127.0.0.1:${peer.port}`, api.url].map((base) =>
            fetch(base + path, { headers: { 'accept-encoding': encoding } }),
          ),
        );
        const [theirs, ours] = replies.map(({ headers }) => headers.get('content-encoding'));
        expect(ours, encoding).toBe(theirs);
        const [wanted = '', got = ''] = await Promise.all(replies.map((reply) => reply.text()));
        expect(unordered(got)).toBe(unordered(wanted));
      }
  });
});
