import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CallContext, type RequestName, requests } from '#shared/contract/index.ts';
import { createMetricsHandlers } from '../../../main/engine/metrics/handlers.ts';
import { createPromqlAnswers } from '../../../main/engine/promql/answers.ts';
import { createPromqlEngine } from '../../../main/engine/promql/engine.ts';
import { parseSelectorText } from '../../../main/engine/promql/selector.ts';
import { answered, type MetricsBench, openMetrics } from '../../helpers/metrics-area.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

const T0 = 1_800_000_000_000;
let bench: MetricsBench;
let handlers: ReturnType<typeof createMetricsHandlers>;

const context: CallContext = {
  signal: new AbortController().signal,
  closed: new AbortController().signal,
  emit: () => undefined,
};

/** What the contract fills in where nothing is said. */
const EVERYTHING = { matchers: [], contains: '', limit: 100 };

/** What a request gives, checked against the contract. */
function checked<T>(name: Extract<RequestName, `metrics.${string}`>, answer: { ok: boolean; value?: T }): T {
  if (!answer.ok) throw new Error(JSON.stringify(answer));
  // The parsed value is the answer itself, or the contract would have refused it.
  return requests[name].output.parse(answer.value) as T;
}

beforeEach(() => {
  bench = openMetrics(temporaryFolder(), T0);
  const clock = { now: () => bench.now, monotonic: () => performance.now() };
  const engine = createPromqlEngine({ source: bench.area.store, monotonic: clock.monotonic });
  handlers = createMetricsHandlers({
    area: bench.area,
    answers: createPromqlAnswers(engine),
    selector: parseSelectorText,
    clock,
  });
  const body = [
    '# HELP node_cpu_seconds_total Seconds.',
    '# TYPE node_cpu_seconds_total counter',
    'node_cpu_seconds_total{cpu="0"} 1',
    'node_cpu_seconds_total{cpu="1"} 2',
    '# TYPE rpc histogram',
    'rpc_bucket{le="+Inf"} 3',
    'rpc_count 3',
    'bare 1',
  ].join('\n');
  const target = bench.target();
  for (let i = 0; i < 5; i++) {
    bench.now = T0 + i * 15_000;
    target.succeed(answered(bench.now, body));
  }
});
afterEach(() => bench.area.close());

describe('the requests of metrics', () => {
  test('query answers at a time or now', async () => {
    const now = await handlers['metrics.query']({ expr: 'node_cpu_seconds_total{cpu="1"}' }, context);
    expect(checked('metrics.query', now)).toMatchObject({
      resultType: 'vector',
      result: [{ metric: { cpu: '1' }, value: [bench.now / 1000, '2'] }],
    });
    const before = await handlers['metrics.query']({ expr: 'bare', time: T0 - 1 }, context);
    expect(checked('metrics.query', before)).toEqual({ resultType: 'vector', result: [] });
    const wrong = await handlers['metrics.query']({ expr: 'sum(' }, context);
    expect(wrong).toMatchObject({ ok: false, error: { code: 'PROMQL_INVALID', field: 'expr' } });
  });

  test('check parses without evaluating, and says where an expression is wrong', async () => {
    expect(checked('metrics.check', await handlers['metrics.check']({ expr: 'sum(up)' }, context))).toEqual(
      {},
    );
    const wrong = await handlers['metrics.check']({ expr: 'sum(up) by by' }, context);
    expect(wrong).toMatchObject({ ok: false, error: { code: 'PROMQL_INVALID', column: 12 } });
  });

  test('queryRange and columns give the same values', async () => {
    const range = { expr: 'sum(node_cpu_seconds_total)', start: T0, end: bench.now, stepMs: 15_000 };
    const matrix = checked('metrics.queryRange', await handlers['metrics.queryRange'](range, context));
    expect(matrix).toMatchObject({ resultType: 'matrix', result: [{ metric: {} }] });
    const columns = checked(
      'metrics.columns',
      await handlers['metrics.columns']({ ...range, maxSeries: 10 }, context),
    );
    expect(columns).toMatchObject({ seriesOmitted: 0, series: [{ labels: {}, values: [3, 3, 3, 3, 3] }] });
  });

  test('names come with type, help and number of series, also of a family', async () => {
    const all = checked(
      'metrics.names',
      await handlers['metrics.names']({ contains: '', limit: 500 }, context),
    );
    expect(all.total).toBe(9);
    const few = checked(
      'metrics.names',
      await handlers['metrics.names']({ contains: 'R', limit: 2 }, context),
    );
    expect(few).toEqual({
      names: [
        { name: 'bare', type: 'unknown', help: '', series: 1 },
        { name: 'rpc_bucket', type: 'histogram', help: '', series: 1 },
      ],
      total: 7,
    });
    const [cpu] = checked(
      'metrics.names',
      await handlers['metrics.names']({ contains: 'cpu', limit: 9 }, context),
    ).names;
    expect(cpu).toEqual({ name: 'node_cpu_seconds_total', type: 'counter', help: 'Seconds.', series: 2 });
  });

  test('label values and names are of all series, or of those that selectors choose', async () => {
    const values = async (label: string, more: object = {}) =>
      checked(
        'metrics.labelValues',
        await handlers['metrics.labelValues']({ ...EVERYTHING, label, ...more }, context),
      );
    const names = async (more: object = {}) =>
      checked(
        'metrics.labelNames',
        await handlers['metrics.labelNames']({ ...EVERYTHING, ...more }, context),
      );
    expect(await values('cpu')).toEqual({ values: ['0', '1'], total: 2 });
    expect(await values('cpu', { limit: 1 })).toEqual({ values: ['0'], total: 2 });
    expect(await values('job', { matchers: ['bare'] })).toEqual({ values: ['test'], total: 1 });
    expect(await values('cpu', { matchers: ['bare'] })).toEqual({ values: [], total: 0 });
    expect(await values('__name__', { contains: 'RPC' })).toEqual({
      values: ['rpc_bucket', 'rpc_count'],
      total: 2,
    });
    expect(await values('nothing')).toEqual({ values: [], total: 0 });
    expect(await values('cpu', { end: T0 - 1 })).toEqual({ values: [], total: 0 });
    expect(await names()).toEqual({ names: ['__name__', 'cpu', 'instance', 'job', 'le'], total: 5 });
    expect(await names({ matchers: ['bare', 'rpc_bucket'] })).toEqual({
      names: ['__name__', 'instance', 'job', 'le'],
      total: 4,
    });
    expect(await names({ matchers: ['bare'], start: bench.now + 1 })).toEqual({ names: [], total: 0 });
  });

  test('series are chosen by selectors and by time', async () => {
    const series = (more: object) =>
      handlers['metrics.series']({ matchers: ['bare'], limit: 10, ...more }, context);
    const both = checked(
      'metrics.series',
      await series({ matchers: ['bare', '{__name__=~"bare|rpc_count"}'] }),
    );
    expect(both.total).toBe(2);
    expect(both.series[0]).toEqual({ __name__: 'bare', instance: expect.any(String), job: 'test' });
    expect(checked('metrics.series', await series({ matchers: ['{job="test"}'], limit: 1 }))).toMatchObject({
      series: [{ __name__: 'bare' }],
    });
    expect(checked('metrics.series', await series({ end: T0 - 1 }))).toEqual({ series: [], total: 0 });
    expect(checked('metrics.series', await series({ start: T0 + 1, end: T0 + 14_999 })).total).toBe(0);
    expect(checked('metrics.series', await series({ start: T0 + 1, end: T0 + 15_000 })).total).toBe(1);
    for (const text of ['bare offset 5m', '(bare)', 'bare[5m]', '{job=~".*"}', 'sum(bare)'])
      expect(await series({ matchers: [text] })).toMatchObject({
        ok: false,
        error: { code: 'PROMQL_INVALID', field: 'matchers.0' },
      });
  });

  test('metadata are what expositions said', async () => {
    const all = checked('metrics.metadata', await handlers['metrics.metadata']({ limit: 10 }, context));
    expect(all).toEqual({
      metrics: [
        { name: 'node_cpu_seconds_total', type: 'counter', help: 'Seconds.', unit: '' },
        { name: 'rpc', type: 'histogram', help: '', unit: '' },
      ],
      total: 2,
    });
    const one = checked(
      'metrics.metadata',
      await handlers['metrics.metadata']({ metric: 'rpc', limit: 10 }, context),
    );
    expect(one.metrics).toMatchObject([{ name: 'rpc', type: 'histogram' }]);
    const none = checked(
      'metrics.metadata',
      await handlers['metrics.metadata']({ metric: 'bare', limit: 1 }, context),
    );
    expect(none).toEqual({ metrics: [], total: 0 });
  });

  test('stats say what is held', async () => {
    const stats = checked('metrics.stats', await handlers['metrics.stats']({}, context));
    expect(stats).toMatchObject({ series: 10, headSamples: 50, sealedSamples: 0, partitions: [] });
    expect(stats.bytes).toBeGreaterThan(1000);
  });
});
