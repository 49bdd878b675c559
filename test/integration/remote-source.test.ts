import { afterAll, afterEach, describe, expect, test } from 'vitest';
import type { CallContext } from '#shared/contract/index.ts';
import { type RemoteServer, remoteServerSchema } from '#shared/contract/remote.ts';
import { systemClock } from '../../main/engine/platform/clock.ts';
import { createHttpClient } from '../../main/engine/platform/http/client.ts';
import { systemTimers } from '../../main/engine/platform/timers.ts';
import { createPromqlAnswers } from '../../main/engine/promql/answers.ts';
import { createPromqlEngine } from '../../main/engine/promql/engine.ts';
import { type MetricsAnswers, remoteAnswers } from '../../main/engine/remote/source/answers.ts';
import {
  cutShort,
  drip,
  redirectLoop,
  reset,
  startFaultyServer,
  status,
  text,
} from '../helpers/faulty-server.ts';
import { answered } from '../helpers/metrics-area.ts';
import { startPeer, untilAnswers } from '../helpers/peer-process.ts';
import { freePort } from '../helpers/ports.ts';
import { startPrometheus } from '../helpers/prometheus.ts';
import { openRemote, type RemoteBench, scrapeMany } from '../helpers/remote-bench.ts';
import { temporaryFolder } from '../helpers/temp-folder.ts';

const NOW = Date.UTC(2026, 10, 22, 6);
const context: CallContext = {
  signal: new AbortController().signal,
  closed: new AbortController().signal,
  emit: () => undefined,
};

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

const http = createHttpClient({ clock: systemClock, timers: systemTimers });
afterAll(() => http.close());
const answers = remoteAnswers({ http, clock: systemClock });

/** Stands for the local handlers: asking them is a failure of the test. */
const never = new Proxy({} as MetricsAnswers, {
  get: (_target, name) => () => {
    throw new Error(`${String(name)} was asked locally`);
  },
});

function reading(server: RemoteServer): MetricsAnswers {
  return answers.governed(never, () => ({ kind: 'server', server }));
}

/** A store with two hours of data that is sent to a server. */
async function sentTo(url: string): Promise<RemoteBench> {
  const b = openRemote(temporaryFolder(), NOW);
  open.push(b.close);
  b.add(`${url}/api/v1/write`);
  b.metrics
    .target({ labels: { job: 'odd', instance: '主机:1' } })
    .succeed(
      answered(
        NOW,
        '# HELP odd_total An odd one.\n# TYPE odd_total counter\nodd_total{of="NaN"} NaN\nodd_total{of="Inf"} +Inf\n',
      ),
    );
  scrapeMany(b, 480, 12);
  await b.drained();
  return b;
}

async function localAnswers(b: RemoteBench) {
  const engine = createPromqlEngine({ source: b.metrics.area.store, monotonic: () => performance.now() });
  return createPromqlAnswers(engine);
}

describe('reading from the real Prometheus', () => {
  test('gives what the local store gives', async () => {
    const prometheus = await startPrometheus();
    open.push(prometheus.stop);
    const url = `http://127.0.0.1:${prometheus.port}`;
    const b = await sentTo(url);
    const local = await localAnswers(b);
    const remote = reading(remoteServerSchema.parse({ url }));
    const time = NOW + 3_600_000;
    for (const expr of [
      'load',
      'sum by (n) (rate(requests_total[5m]))',
      'scalar(up)',
      '"text"',
      'load[2m]',
      '1/0',
    ])
      expect(await remote['metrics.query']({ expr, time }, context), expr).toEqual(
        await local.query(expr, time),
      );
    const range = { start: NOW - 600_000, end: NOW + 7_200_000, stepMs: 60_000 };
    const expr = 'rate(requests_total[5m]) or load or odd_total';
    expect(await remote['metrics.queryRange']({ expr, ...range }, context)).toEqual(
      await local.queryRange(expr, range),
    );
    const columns = await remote['metrics.columns']({ expr, ...range, maxSeries: 5 }, context);
    const wanted = await local.columns(expr, range, 5);
    if (!columns.ok || !wanted.ok) throw new Error('no columns');
    expect({ ...columns.value, tookMs: 0 }).toEqual({ ...wanted.value, tookMs: 0 });

    const names = await remote['metrics.names']({ contains: 'LOAD', limit: 10 }, context);
    expect(names).toEqual({
      ok: true,
      value: { names: [{ name: 'load', type: 'unknown', help: '', series: expect.any(Number) }], total: 1 },
    });
    const values = await remote['metrics.labelValues'](
      { label: 'n', matchers: ['load'], start: NOW, end: time, contains: '', limit: 3 },
      context,
    );
    expect(values).toEqual({ ok: true, value: { values: ['0', '1', '10'], total: 12 } });
    const labels = await remote['metrics.labelNames']({ matchers: [], contains: '', limit: 99 }, context);
    expect(labels.ok && labels.value.names).toEqual(['__name__', 'instance', 'job', 'n', 'of']);
    const series = await remote['metrics.series']({ matchers: ['{job="odd",of!=""}'], limit: 99 }, context);
    expect(series.ok && series.value.total).toBe(2);
    expect(await remote['metrics.metadata']({ limit: 10 }, context)).toMatchObject({ ok: true });

    const wrong = await remote['metrics.query']({ expr: 'sum(', time }, context);
    expect(!wrong.ok && wrong.error).toMatchObject({ code: 'PROMQL_INVALID' });
    const failing = await remote['metrics.query']({ expr: 'load + on (job) load', time }, context);
    expect(!failing.ok && failing.error.code).toBe('PROMQL_EXECUTION');
    const tested = await answers.test(remoteServerSchema.parse({ url }), context.signal);
    expect(tested).toMatchObject({ ok: true, value: { version: expect.stringMatching(/^2\./) } });
  });
});

describe('reading from the real VictoriaMetrics', () => {
  test('gives charts on the steps that were asked for', async () => {
    const port = await freePort();
    const peer = await startPeer(
      'victoria-metrics',
      [
        `-storageDataPath=${temporaryFolder('victoria')}`,
        `-httpListenAddr=127.0.0.1:${port}`,
        '-retentionPeriod=100y',
        '-loggerLevel=ERROR',
        '-search.latencyOffset=0s',
      ],
      'victoria-metrics',
    );
    open.push(peer.stop);
    const url = `http://127.0.0.1:${port}`;
    await untilAnswers(`${url}/health`, peer);
    const b = await sentTo(url);
    await fetch(`${url}/internal/force_flush`);
    const local = await localAnswers(b);
    const remote = reading(remoteServerSchema.parse({ url }));
    const range = { start: NOW + 7_000, end: NOW + 3_600_000, stepMs: 30_000 };
    const columns = await remote['metrics.columns']({ expr: 'load{n="3"}', ...range, maxSeries: 9 }, context);
    const wanted = await local.columns('load{n="3"}', range, 9);
    if (!columns.ok || !wanted.ok) throw new Error(JSON.stringify([columns, wanted]));
    expect({ ...columns.value, tookMs: 0 }).toEqual({ ...wanted.value, tookMs: 0 });
    expect((await answers.test(remoteServerSchema.parse({ url }), context.signal)).ok).toBe(true);
  });
});

describe('a server that is wrong', () => {
  const json = (value: unknown) => text(JSON.stringify(value), 'application/json');
  const matrix = (values: unknown) =>
    json({ status: 'success', data: { resultType: 'matrix', result: [{ metric: {}, values }] } });
  const range = { start: NOW, end: NOW + 60_000, stepMs: 15_000 };

  test.each([
    ['a web page', text('<html>', 'text/html'), 'REMOTE_SOURCE_ANSWER'],
    ['nothing', text(''), 'REMOTE_SOURCE_ANSWER'],
    ['another JSON', json({ hello: 1 }), 'REMOTE_SOURCE_ANSWER'],
    ['a number as a value', matrix([[NOW / 1000, 1]]), 'REMOTE_SOURCE_ANSWER'],
    ['a word as a value', matrix([[NOW / 1000, 'much']]), 'REMOTE_SOURCE_ANSWER'],
    ['a time that is none', matrix([[null, '1']]), 'REMOTE_SOURCE_ANSWER'],
    ['a time off the steps', matrix([[NOW / 1000 + 7, '1']]), 'REMOTE_SOURCE_ANSWER'],
    ['times without end', matrix([[1e300, '1']]), 'REMOTE_SOURCE_ANSWER'],
    [
      'a vector for a range',
      json({ status: 'success', data: { resultType: 'vector', result: [] } }),
      'REMOTE_SOURCE_ANSWER',
    ],
    ['a login page', status(401), 'REMOTE_SOURCE_ANSWER'],
    ['a redirect', redirectLoop, 'REMOTE_SOURCE_ANSWER'],
    ['a broken connection', reset, 'REMOTE_SOURCE_FAILED'],
    ['half an answer', cutShort, 'REMOTE_SOURCE_FAILED'],
    ['a drop at a time', drip, 'REMOTE_SOURCE_FAILED'],
    ['too much', text(`{"a":"${'x'.repeat(33 << 20)}"}`), 'REMOTE_SOURCE_TOO_BIG'],
    [
      'an error of its own',
      json({ status: 'error', errorType: 'timeout', error: 'slow' }),
      'REMOTE_SOURCE_FAILED',
    ],
  ])('%s is refused whole and said', async (_what, answer, code) => {
    const server = await startFaultyServer(answer);
    open.push(server.close);
    const remote = reading(remoteServerSchema.parse({ url: `http://${server.address}`, timeoutMs: 2_000 }));
    const result = await remote['metrics.columns']({ expr: 'up', ...range, maxSeries: 10 }, context);
    expect(!result.ok && result.error.code).toBe(code);
  });
});
