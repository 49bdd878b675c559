import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startExporterFarm } from '../helpers/exporter-farm.ts';
import { type HeadlessEngine, startHeadlessEngine } from '../helpers/headless-engine.ts';
import { runDelayMs } from '../helpers/run-delay.ts';
import { temporaryFolder } from '../helpers/temp-folder.ts';

/** Series that the queries can reach. */
const TARGETS = 10;
const SERIES = 2_000;
/**
 * How much later than its second a scrape may begin, apart from the time in which the engine could have run and other
 * programs did. A query computes 15 ms at a time; the rest is for collecting garbage on a slow machine.
 */
const LATEST_MS = 800;
/** What the engine's process may grow to. */
const MOST_MEGABYTES = 1_500;

const ALL = '{__name__=~".+"}';

/** Queries that are refused, or that are much work; each with the code of its refusal, or null. */
const HOSTILE: readonly (readonly [name: string, expr: string, code: string | null])[] = [
  ['everything', ALL, null],
  ['a window of everything at each step', `sum(last_over_time(${ALL}[5m]))`, null],
  ['every series with every other one', `${ALL} * on () group_left () ${ALL}`, 'PROMQL_EXECUTION'],
  ['a value a series', `count_values("v", ${ALL} > -Inf)`, null],
  ['ten million values', `sum_over_time(${ALL}[1h:1s])`, 'PROMQL_TOO_MANY_SAMPLES'],
  [
    'subqueries of death',
    `max_over_time(max_over_time(max_over_time(${ALL}[1h:1s])[1h:1s])[1h:1s])`,
    'PROMQL_TOO_MANY_SAMPLES',
  ],
  ['ten years of milliseconds', 'sum_over_time(vector(1)[10y:1ms])', 'PROMQL_TOO_MANY_SAMPLES'],
  ['deep parentheses', `${'('.repeat(10_000)}1${')'.repeat(10_000)}`, 'BAD_INPUT'],
  ['parentheses', `${'('.repeat(4_000)}1${')'.repeat(4_000)}`, 'PROMQL_INVALID'],
  ['signs', `${'-'.repeat(9_000)}1`, 'PROMQL_INVALID'],
  ['a long chain', Array.from({ length: 5_000 }, () => '1').join('+'), 'PROMQL_INVALID'],
  ['a huge expression', 'x'.repeat(9_999), null],
  ['a huge regular expression', `{__name__=~"${'a.*|'.repeat(2_400)}b"}`, null],
  ['a slow regular expression', `{__name__=~"${'((((.*)*)*)*)*'.repeat(20)}y"}`, null],
  ['a regular expression that grows', '{__name__=~"((a{100}){100}){100}"}', 'PROMQL_INVALID'],
  ['labels that grow', `label_replace(${ALL}, "x", "${'$1'.repeat(500)}", "__name__", "(.*)")`, null],
];

let engine: HeadlessEngine;
let farm: Awaited<ReturnType<typeof startExporterFarm>>;
let probe: Server;
const probed: { readonly at: number; readonly delayedMs: number }[] = [];

const megabytes = (): number =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${engine.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;

/** The furthest that a scrape of the probe was from its second, since a time. */
function latest(since: number): number {
  const gaps = probed.flatMap((one, i) => {
    const before = probed[i - 1];
    if (before === undefined || one.at <= since) return [];
    return [one.at - before.at - (one.delayedMs - before.delayedMs)];
  });
  expect(gaps.length).toBeGreaterThan(0);
  return Math.max(...gaps) - 1_000;
}

beforeAll(async () => {
  farm = await startExporterFarm(TARGETS, SERIES);
  probe = createServer((_request, response) => {
    probed.push({ at: performance.now(), delayedMs: engine === undefined ? 0 : runDelayMs(engine.pid) });
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' });
    response.end('probe 1\n');
  });
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP port');
  engine = await startHeadlessEngine(temporaryFolder('hostile'), []);
  const scrape = { timeoutMs: 900 };
  await engine.call('hosts.add', {
    name: 'hostile',
    address: '127.0.0.1',
    tier: 'other',
    scrapes: [
      { ...scrape, job: 'probe', address: `127.0.0.1:${address.port}`, intervalMs: 1_000 },
      ...Array.from({ length: TARGETS }, (_, i) => ({
        ...scrape,
        address: `127.0.0.1:${farm.port}`,
        metricsPath: farm.path(i),
        job: `farm-${i}`,
        intervalMs: 15_000,
      })),
    ],
  });
  const deadline = performance.now() + 60_000;
  while ((farm.answered() < TARGETS || probed.length < 3) && performance.now() < deadline) await wait(200);
});

afterAll(async () => {
  await engine?.stop();
  await farm?.close();
  probe?.close();
  probe?.closeAllConnections();
});

test('hostile queries end in bounded time and memory, with a clear word, while scrapes go on', {
  timeout: 300_000,
}, async () => {
  const found: string[] = [];
  for (const [name, expr, code] of HOSTILE) {
    const began = performance.now();
    const answer = await engine.client.call('metrics.columns', {
      expr,
      start: Date.now() - 600_000,
      end: Date.now(),
      stepMs: 5_000,
    });
    const took = performance.now() - began;
    const got = answer.ok ? null : answer.error.code;
    if (got !== code) found.push(`${name}: ${got}, not ${code}`);
    if (!answer.ok && (answer.error.message.zh === '' || answer.error.hint.zh === ''))
      found.push(`${name}: no words`);
    if (took > 30_000) found.push(`${name}: ${Math.round(took)} ms`);
    if (megabytes() > MOST_MEGABYTES) found.push(`${name}: ${Math.round(megabytes())} MB`);
    // At least one scrape of the probe falls into each query or comes right after it.
    await wait(Math.max(0, 1_100 - took));
    const late = latest(began);
    if (late > LATEST_MS) found.push(`${name}: a scrape began ${Math.round(late)} ms late`);
  }
  expect(found).toEqual([]);
});

test('many at once are cancelled at once, and the engine goes on', async () => {
  const control = new AbortController();
  const began = performance.now();
  const asked = Array.from({ length: 8 }, () =>
    engine.client.call(
      'metrics.columns',
      {
        expr: `max_over_time(sum(last_over_time(${ALL}[5m]))[10m:5s])`,
        start: Date.now() - 600_000,
        end: Date.now(),
        stepMs: 5_000,
      },
      control.signal,
    ),
  );
  await wait(1_500);
  const cancelled = performance.now();
  control.abort();
  for (const answer of await Promise.all(asked)) expect(answer.ok).toBe(false);
  expect(performance.now() - cancelled).toBeLessThan(5_000);
  await wait(1_100);
  expect(latest(began)).toBeLessThan(LATEST_MS);
  expect((await engine.call('metrics.query', { expr: 'up{job="probe"}' })).result).toHaveLength(1);
});
