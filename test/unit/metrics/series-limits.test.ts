import { expect, test } from 'vitest';
import { answered, openMetrics } from '../../helpers/metrics-area.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

const T0 = 1_800_000_000_000;
const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, n) => `m{n="${from + n}"} 1\n`).join('');

test('a target above its limit is refused whole, and taken again when it has fewer', async () => {
  const bench = openMetrics(temporaryFolder('limits'), T0, { seriesLimits: { perTarget: 10, total: 1_000 } });
  const other = bench.target({ labels: { job: 'other', instance: 'i' } });
  const target = bench.target();
  expect(target.succeed(answered(T0, lines(0, 10))).ok).toBe(true);
  bench.now = T0 + 15_000;
  const refused = target.succeed(answered(bench.now, lines(0, 11)));
  expect(refused).toMatchObject({ ok: false, error: { code: 'TARGET_SERIES_LIMIT' } });
  expect(refused.ok ? '' : refused.error.message.zh).toContain('10');
  expect(other.succeed(answered(bench.now, lines(0, 3))).ok).toBe(true);
  expect(await bench.ask('up{job="test"}')).toEqual({ up: '0' });
  bench.now = T0 + 30_000;
  expect(target.succeed(answered(bench.now, lines(0, 9))).ok).toBe(true);
  expect(await bench.ask('count(m{job="test"})')).toEqual({ '': '9' });
  bench.area.close();
});

test('names that differ at each scrape come to an end, without memory growing on', () => {
  const bench = openMetrics(temporaryFolder('limits'), T0, {
    seriesLimits: { perTarget: 100, total: 10_000 },
  });
  const target = bench.target();
  const codes: string[] = [];
  for (let turn = 0; turn < 20; turn++) {
    bench.now = T0 + turn * 15_000;
    const stored = target.succeed(answered(bench.now, lines(turn * 100, turn * 100 + 100)));
    codes.push(stored.ok ? 'ok' : stored.error.code);
  }
  expect(codes.slice(0, 4)).toEqual(['ok', 'ok', 'ok', 'ok']);
  expect(new Set(codes.slice(4))).toEqual(new Set(['TARGET_SERIES_CHURN']));
  // Four scrapes of 100 and the five series about the scrape.
  expect(bench.area.stats().series).toBe(405);
  bench.area.close();
});

test("at the site's limit known series go on and new ones are not taken", async () => {
  const bench = openMetrics(temporaryFolder('limits'), T0, { seriesLimits: { perTarget: 100, total: 25 } });
  const target = bench.target();
  target.succeed(answered(T0, lines(0, 20)));
  bench.now = T0 + 15_000;
  const stored = target.succeed(answered(bench.now, `${lines(0, 20)}${lines(50, 60)}`));
  expect(stored).toEqual({ ok: true, value: { scraped: 30, added: 20, seriesAdded: 0 } });
  expect(await bench.ask('count(m)')).toEqual({ '': '20' });
  expect(await bench.ask('up')).toEqual({ up: '1' });
  expect(bench.area.problems()).toMatchObject([{ code: 'SERIES_LIMIT_REACHED' }]);
  // Half an hour later nothing was refused any more.
  bench.now = T0 + 1_800_000;
  target.succeed(answered(bench.now, lines(0, 20)));
  expect(bench.area.problems()).toEqual([]);
  bench.area.close();
});

test('a target whose lines are all different every time and always broken keeps nothing', () => {
  const bench = openMetrics(temporaryFolder('limits'), T0);
  const target = bench.target();
  for (let turn = 0; turn < 10; turn++) {
    bench.now = T0 + turn * 15_000;
    expect(target.succeed(answered(bench.now, `${lines(turn * 1_000, turn * 1_000 + 1_000)}&\n`)).ok).toBe(
      false,
    );
  }
  expect(bench.area.stats().series).toBe(5);
  bench.area.close();
});

test('what an exposition says about metrics is bounded', () => {
  const bench = openMetrics(temporaryFolder('limits'), T0);
  const help = Array.from({ length: 30_000 }, (_, n) => `# HELP m${n} text\n`).join('');
  bench.target().succeed(answered(T0, `# HELP long ${'x'.repeat(100_000)}\n${help}a 1\n`));
  expect(bench.area.store.metadata('long')?.help).toHaveLength(1_024);
  expect(bench.area.store.metadata('m19000')?.help).toBe('text');
  expect(bench.area.store.metadata('m29000')).toBeUndefined();
  bench.area.close();
});

test('an exposition of nothing but comments ends too', () => {
  const bench = openMetrics(temporaryFolder('limits'), T0, { seriesLimits: { perTarget: 10, total: 1_000 } });
  const target = bench.target();
  expect(target.succeed(answered(T0, '# x\n'.repeat(40))).ok).toBe(true);
  expect(target.succeed(answered(T0 + 1_000, '# x\n'.repeat(41)))).toMatchObject({
    ok: false,
    error: { code: 'TARGET_LINES_LIMIT' },
  });
  bench.area.close();
});

test('a sample with more labels than anybody gives is refused with its line', () => {
  const bench = openMetrics(temporaryFolder('limits'), T0);
  const labels = Array.from({ length: 10_000 }, (_, n) => `l${n}=""`).join(',');
  for (const type of [null, 'application/openmetrics-text'])
    expect(bench.target().succeed(answered(T0, `a 1\nb{${labels}} 1\n`, type))).toMatchObject({
      ok: false,
      error: { code: 'EXPOSITION_INVALID', line: 2 },
    });
  bench.area.close();
});
