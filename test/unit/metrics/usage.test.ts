import { expect, test } from 'vitest';
import { answered, openMetrics } from '../../helpers/metrics-area.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

const T0 = 1_800_000_000_000;
const lines = (name: string, count: number): string =>
  Array.from({ length: count }, (_, n) => `${name}{n="${n}",zone="z"} 1\n`).join('');

test('metrics, labels and targets are listed by what they use', async () => {
  const bench = openMetrics(temporaryFolder('usage'), T0);
  bench.target({ labels: { job: 'a', instance: 'h1' } }).succeed(answered(T0, lines('big', 30)));
  const second = bench.target({ labels: { job: 'b', instance: 'h2' } });
  second.succeed(answered(T0, `${lines('big', 10)}small 1\n`));
  const usage = await bench.area.usage(3);
  expect(usage).toMatchObject({
    series: 51,
    newSeries: 51,
    newSince: T0,
    refused: null,
    metricsTotal: 7,
    labelsTotal: 4,
    targetsTotal: 2,
  });
  expect(usage?.metrics[0]).toEqual({ name: 'big', series: 40, newSeries: 40 });
  expect(usage?.metrics).toHaveLength(3);
  expect(usage?.labels[0]).toEqual({ name: 'n', values: 30, series: 40 });
  expect(usage?.pairs[0]).toEqual({ name: 'zone', value: 'z', series: 40 });
  // The series about the scrape are not the target's own.
  expect(usage?.targets).toEqual([
    { job: 'a', instance: 'h1', series: 30, newSeries: 30, refusal: null },
    { job: 'b', instance: 'h2', series: 11, newSeries: 11, refusal: null },
  ]);
  bench.area.close();
});

test('what is older than an hour is not new, and a refused target stands first', async () => {
  const bench = openMetrics(temporaryFolder('usage'), T0, { seriesLimits: { perTarget: 20, total: 1_000 } });
  const target = bench.target({ labels: { job: 'a', instance: 'h1' } });
  const other = bench.target({ labels: { job: 'b', instance: 'h2' } });
  target.succeed(answered(T0, lines('old', 20)));
  bench.now = T0 + 30_000;
  await bench.area.maintain();
  bench.now = T0 + 4_000_000;
  target.succeed(answered(bench.now, `${lines('old', 10)}${lines('new', 5)}`));
  other.succeed(answered(bench.now, lines('more', 21)));
  const usage = await bench.area.usage(10);
  expect(usage).toMatchObject({ newSeries: 5 + 5, newSince: T0 + 30_000 });
  expect(usage?.metrics.find(({ name }) => name === 'new')).toEqual({ name: 'new', series: 5, newSeries: 5 });
  expect(usage?.targets[0]).toEqual({
    job: 'b',
    instance: 'h2',
    series: 0,
    newSeries: 0,
    refusal: { at: bench.now, limit: 20, churn: false },
  });
  target.end(bench.now);
  expect((await bench.area.usage(10))?.targetsTotal).toBe(1);
  bench.area.close();
});

test('limits that are set hold at once', () => {
  const bench = openMetrics(temporaryFolder('usage'), T0, { seriesLimits: { perTarget: 20, total: 1_000 } });
  const target = bench.target();
  expect(target.succeed(answered(T0, lines('a', 21))).ok).toBe(false);
  bench.area.changeLimits({ perTarget: 30, total: 1_000 });
  bench.now = T0 + 15_000;
  expect(target.succeed(answered(bench.now, lines('a', 21))).ok).toBe(true);
  bench.area.close();
});
