import { expect, test } from 'vitest';
import { answered, openMetrics } from '../../helpers/metrics-area.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

const T0 = 1_800_000_000_000;
const SELF = '__name__!~"up|scrape_.*"';

test('a scrape is stored with its labels and the series about it', async () => {
  const bench = openMetrics(temporaryFolder(), T0);
  const report = bench.target().succeed(answered(T0, 'a{x="1"} 5\nb NaN\n'));
  expect(report).toEqual({ ok: true, value: { scraped: 2, added: 2, seriesAdded: 2 } });
  expect(await bench.ask('{job="test",instance="host:1"}')).toEqual({
    'a{x=1}': '5',
    b: 'NaN',
    up: '1',
    scrape_duration_seconds: '0.25',
    scrape_samples_scraped: '2',
    scrape_samples_post_metric_relabeling: '2',
    scrape_series_added: '2',
  });
  bench.area.close();
});

test('what vanishes becomes stale at once, and a failed scrape makes everything stale', async () => {
  const bench = openMetrics(temporaryFolder(), T0);
  const target = bench.target();
  target.succeed(answered(T0, 'a 1\nb 2\n'));
  bench.now = T0 + 15_000;
  target.succeed(answered(bench.now, 'a 1\n'));
  expect(await bench.ask(`{${SELF},job="test"}`)).toEqual({ a: '1' });
  bench.now = T0 + 30_000;
  target.fail({ time: bench.now, durationSeconds: 10 });
  expect(await bench.ask('{job="test"}')).toMatchObject({ up: '0', scrape_duration_seconds: '10' });
  expect(await bench.ask(`{${SELF},job="test"}`)).toEqual({});
  bench.area.close();
});

test('the end of a target makes also the series about it stale', async () => {
  const bench = openMetrics(temporaryFolder(), T0);
  const target = bench.target();
  target.succeed(answered(T0, 'a 1\n'));
  target.end(T0 + 1_000);
  expect(await bench.ask('{job="test"}', T0 + 2_000)).toEqual({});
  bench.area.close();
});

test('a document that breaks is refused whole, with its line, and the scrape counts as failed', async () => {
  const bench = openMetrics(temporaryFolder(), T0);
  const refused = bench.target().succeed(answered(T0, 'a 1\nb 2\nc three\n'));
  expect(refused).toMatchObject({ ok: false, error: { code: 'EXPOSITION_INVALID', line: 3 } });
  expect(refused.ok ? '' : refused.error.message.zh).toContain('第 3 行');
  expect(await bench.ask(`{${SELF},job="test"}`)).toEqual({});
  expect(await bench.ask('up')).toEqual({ up: '0' });
  expect(bench.area.stats().series).toBe(5);
  bench.area.close();
});

test('the sample limit refuses the scrape whole', async () => {
  const bench = openMetrics(temporaryFolder(), T0);
  const target = bench.target({ sampleLimit: 2 });
  expect(target.succeed(answered(T0, 'a 1\nb 2\n')).ok).toBe(true);
  const refused = target.succeed(answered(T0 + 1000, 'a 1\nb 2\nc 3\n'));
  expect(refused).toMatchObject({ ok: false, error: { code: 'SAMPLE_LIMIT_EXCEEDED' } });
  expect(await bench.ask('scrape_samples_scraped', T0 + 1000)).toEqual({ scrape_samples_scraped: '3' });
  bench.area.close();
});

test('a line is recognised by its bytes, wherever it stands', async () => {
  const bench = openMetrics(temporaryFolder(), T0);
  const target = bench.target();
  const bodies = [
    'a{x="1"} 1\na{x="2"} 2\na 3\n',
    '# HELP a new\na{x="2"} 4\na{x="1"} 5\nab 6\na 7',
    'a{x="1"}  8\na{x="11"} 9\na\t10\n# HELP a new\n',
    'a{x="1"} 1\na {x="3"} 2\na 11 \n',
  ];
  const expected = [
    { 'a{x=1}': '1', 'a{x=2}': '2', a: '3' },
    { 'a{x=1}': '5', 'a{x=2}': '4', a: '7', ab: '6' },
    { 'a{x=1}': '8', 'a{x=11}': '9', a: '10' },
    { 'a{x=1}': '1', 'a{x=3}': '2', a: '11' },
  ];
  for (const [i, body] of bodies.entries()) {
    bench.now = T0 + i * 15_000;
    expect(target.succeed(answered(bench.now, body)).ok).toBe(true);
    expect(await bench.ask(`{${SELF},job="test"}`)).toEqual(expected[i]);
  }
  bench.area.close();
});

test('a target may change between the two formats', async () => {
  const bench = openMetrics(temporaryFolder(), T0);
  const target = bench.target();
  const om = 'application/openmetrics-text';
  expect(target.succeed(answered(T0, '# free words\na 1\n')).ok).toBe(true);
  expect(target.succeed(answered(T0 + 1000, '# free words\na 1\n# EOF\n', om)).ok).toBe(false);
  expect(target.succeed(answered(T0 + 2000, 'a 2\n# EOF\n', om)).ok).toBe(true);
  expect(target.succeed(answered(T0 + 3000, '# free words\na 3\n')).ok).toBe(true);
  expect(await bench.ask('a', T0 + 3000)).toEqual({ a: '3' });
  bench.area.close();
});

test('a cache that has filled with lines no longer seen is swept', async () => {
  const bench = openMetrics(temporaryFolder(), T0);
  const target = bench.target();
  for (let i = 0; i < 40; i++) {
    const churn = Array.from({ length: 100 }, (_, n) => `churn{id="${i}-${n}"} 1\n`).join('');
    const report = target.succeed(answered(T0 + i * 1000, `steady 1\n${churn}`));
    expect(report).toMatchObject({ value: { scraped: 101, seriesAdded: i === 0 ? 101 : 100 } });
  }
  bench.area.close();
});

test('types and helps are kept for the list of names', () => {
  const folder = temporaryFolder();
  const bench = openMetrics(folder, T0);
  bench.target().succeed(answered(T0, '# HELP a Words.\n# TYPE a gauge\na 1\n'));
  expect(bench.area.store.metadata('a')).toEqual({ type: 'gauge', help: 'Words.', unit: '' });
  bench.area.close();
  const again = openMetrics(folder, T0);
  expect(again.area.store.metadata('a')).toEqual({ type: 'gauge', help: 'Words.', unit: '' });
  again.area.close();
});
