import { describe, expect, test } from 'vitest';
import type { Labels } from '#shared/domain/labels.ts';
import { createPromqlAnswers } from '../../../main/engine/promql/answers.ts';
import { createPromqlEngine, type PromqlDeps } from '../../../main/engine/promql/engine.ts';
import { formatPlain, formatSample } from '../../../main/engine/promql/go-float.ts';
import type { SeriesSource } from '../../../main/engine/promql/source.ts';
import { halvesOf } from '../../helpers/float-halves.ts';

/** `count` series named `m` with a sample every second from 0 to 1000 s; the value is the time in seconds. */
function source(count: number): SeriesSource {
  return {
    select: () =>
      Array.from({ length: count }, (_, i) => ({
        labels: ['__name__', 'm', 'i', String(i)] as Labels,
        read: (from, to, into) => {
          into.length = 0;
          for (let s = Math.max(0, Math.ceil(from / 1000)); s <= Math.min(1000, to / 1000); s++)
            into.push(s * 1000, ...halvesOf(s));
        },
      })),
  };
}

function engine(count: number, deps: Partial<PromqlDeps> = {}) {
  return createPromqlEngine({ source: source(count), monotonic: () => performance.now(), ...deps });
}

describe('limits', () => {
  test('too many samples are refused, with the number', async () => {
    const small = engine(100, { limits: { maxSamples: 10_000, timeoutMs: 60_000 } });
    const result = await small.range('m', { start: 0, end: 1_000_000, stepMs: 1000 });
    expect(result).toMatchObject({ ok: false, error: { code: 'PROMQL_TOO_MANY_SAMPLES' } });
    const nested = await small.instant('sum_over_time(m[10y:1ms])', 1000);
    expect(nested).toMatchObject({ ok: false, error: { code: 'PROMQL_TOO_MANY_SAMPLES' } });
  });

  test('what is the same at every step is counted before it is made', async () => {
    const small = engine(2_000, { limits: { maxSamples: 1_000_000, timeoutMs: 60_000 } });
    const before = process.memoryUsage().arrayBuffers;
    const result = await small.range('m @ 1000', { start: 0, end: 10_000_000, stepMs: 1000 });
    expect(result).toMatchObject({ ok: false, error: { code: 'PROMQL_TOO_MANY_SAMPLES' } });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50e6);
  });

  test('a query that takes too long is stopped', async () => {
    let clock = 0;
    const slow = engine(50, { limits: { maxSamples: 1e9, timeoutMs: 100 }, monotonic: () => (clock += 20) });
    const result = await slow.range('rate(m[5m])', { start: 0, end: 1_000_000, stepMs: 1000 });
    expect(result).toMatchObject({ ok: false, error: { code: 'PROMQL_TIMEOUT' } });
  });

  test('the signal cancels, and other work gets its turn meanwhile', async () => {
    const control = new AbortController();
    let turns = 0;
    const other = setInterval(() => {
      if (++turns === 3) control.abort();
    }, 1);
    const result = await engine(3_000).range(
      'rate(m[5m])',
      { start: 0, end: 1_000_000, stepMs: 1000 },
      control.signal,
    );
    clearInterval(other);
    expect(result).toMatchObject({ ok: false, error: { code: 'PROMQL_CANCELLED' } });
  });

  test.each([
    [{ start: 10, end: 0, stepMs: 1 }, 'PROMQL_RANGE_INVALID'],
    [{ start: 0, end: 11_001, stepMs: 1 }, 'PROMQL_RANGE_INVALID'],
  ])('the range %j is refused', async (range, code) => {
    expect(await engine(1).range('m', range)).toMatchObject({ ok: false, error: { code } });
  });

  test('a range query of a range vector or a string is refused', async () => {
    const range = { start: 0, end: 10, stepMs: 1 };
    for (const expr of ['m[5m]', '"x"']) expect((await engine(1).range(expr, range)).ok).toBe(false);
  });
});

test('charts get one axis, gaps as null, and the number of series left out', async () => {
  const answers = createPromqlAnswers(engine(5));
  const result = await answers.columns('m > 999', { start: 998_000, end: 1_000_000, stepMs: 1000 }, 2);
  expect(result).toEqual({
    ok: true,
    value: {
      times: [998_000, 999_000, 1_000_000],
      series: [
        { labels: { __name__: 'm', i: '0' }, values: [null, null, 1000] },
        { labels: { __name__: 'm', i: '1' }, values: [null, null, 1000] },
      ],
      seriesOmitted: 3,
    },
  });
});

test('infinity is a gap in a chart and a word in the API', async () => {
  const answers = createPromqlAnswers(engine(1));
  const range = { start: 0, end: 0, stepMs: 1000 };
  expect(await answers.columns('m / 0 + Inf', range, 2)).toMatchObject({
    value: { series: [{ values: [null] }] },
  });
  expect(await answers.query('1 / 0', 0)).toMatchObject({ value: { result: [0, '+Inf'] } });
});

test('checking tells without evaluating', () => {
  expect(engine(1).check('sum(m)').ok).toBe(true);
  expect(engine(1).check('sum(m').ok).toBe(false);
});

test.each([
  [0, '0', '0'],
  [-0, '-0', '-0'],
  [1.5, '1.5', '1.5'],
  [1e21, '1000000000000000000000', '1e+21'],
  [1.5e-7, '0.00000015', '1.5e-07'],
  [1e-100, `0.${'0'.repeat(99)}1`, '1e-100'],
  [123456789012345680000, '123456789012345680000', '123456789012345680000'],
  [-2.5e25, '-25000000000000000000000000', '-2.5e+25'],
  [Number.NaN, 'NaN', 'NaN'],
  [Number.NEGATIVE_INFINITY, '-Inf', '-Inf'],
])('%d is written %s, in an answer %s', (value, plain, sample) => {
  expect(formatPlain(value)).toBe(plain);
  expect(formatSample(value)).toBe(sample);
});
