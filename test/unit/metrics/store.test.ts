import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SampleBuffer } from '#shared/domain/samples.ts';
import { partitionName } from '../../../main/engine/metrics/partition-files.ts';
import { planSeal } from '../../../main/engine/metrics/seal.ts';
import { answered, type MetricsBench, openMetrics } from '../../helpers/metrics-area.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

const HOUR = 3_600_000;
const T0 = Date.UTC(2027, 0, 15, 6);
const SMALL = { windowMs: 600_000 };

/** Scrapes `a` and `b` every 15 s; the value of `a` is the number of the scrape. */
function scrape(bench: MetricsBench, from: number, count: number, first = 0): void {
  const target = bench.target();
  for (let i = 0; i < count; i++) {
    bench.now = from + i * 15_000;
    const stored = target.succeed(answered(bench.now, `a ${first + i}\nb{x="y"} ${i % 7}\n`));
    if (!stored.ok) throw new Error(stored.error.message.en);
  }
}

/** Every sample of `a`: time → value; fails on a time that occurs twice. */
function samplesOfA(bench: MetricsBench): Map<number, number> {
  const [series, ...more] = bench.area.store.select([{ name: '__name__', op: '=', value: 'a' }], 0, 1e15);
  if (series === undefined || more.length > 0) throw new Error('a is not one series');
  const buffer = new SampleBuffer();
  series.read(0, 1e15, buffer);
  const found = new Map<number, number>();
  for (let i = 0; i < buffer.length; i++) {
    expect(found.has(buffer.times[i] ?? 0)).toBe(false);
    found.set(buffer.times[i] ?? 0, buffer.values[i] ?? 0);
  }
  return found;
}

function expectAll(bench: MetricsBench, from: number, count: number): void {
  const found = samplesOfA(bench);
  expect(found.size).toBe(count);
  for (let i = 0; i < count; i++) expect(found.get(from + i * 15_000)).toBe(i);
}

/** The same with 900 more series from another target. */
function scrapeWide(bench: MetricsBench, count: number): void {
  const wide = Array.from({ length: 900 }, (_, i) => `w{i="${i}"} 1\n`).join('');
  const target = bench.target({ labels: { job: 'wide' } });
  for (let i = 0; i < count; i++) {
    scrape(bench, T0 + i * 15_000, 1, i);
    target.succeed(answered(bench.now, wide));
  }
}

const partitionsIn = (folder: string): string[] =>
  readdirSync(folder).filter((name) => /s(\.\d+)?\.db$/.test(name));

describe('plans', () => {
  test('a window is due half a window after its end', () => {
    expect(planSeal(T0 + 5, T0 + 3 * HOUR, 2 * HOUR)).toBeNull();
    expect(planSeal(T0 + 5, T0 + 3 * HOUR + 1, 2 * HOUR)).toEqual({ start: T0, end: T0 + 2 * HOUR });
    expect(planSeal(Number.POSITIVE_INFINITY, T0, 2 * HOUR)).toBeNull();
  });

  test('a partition is named after its start, length and class', () => {
    const place = { start: T0, end: T0 + 2 * HOUR };
    expect(partitionName(place)).toBe('2027-01-15T06-00-00Z.7200s.db');
    expect(partitionName({ ...place, retentionClass: 'web' }, 2)).toBe('2027-01-15T06-00-00Z.7200s.web.2.db');
  });
});

describe('the head', () => {
  test('is the same after a restart', async () => {
    const folder = temporaryFolder();
    const bench = openMetrics(folder, T0);
    scrape(bench, T0, 300);
    expectAll(bench, T0, 300);
    bench.area.close();
    const again = openMetrics(folder, bench.now);
    expectAll(again, T0, 300);
    expect(again.area.stats().headSamples).toBe(300 * 7);
    scrape(again, T0 + 300 * 15_000, 50, 300);
    await again.area.maintain();
    again.area.close();
    const third = openMetrics(folder, again.now);
    expectAll(third, T0, 350);
    third.area.close();
  });

  test('drops rows once their samples are in chunks', async () => {
    const folder = temporaryFolder();
    const bench = openMetrics(folder, T0);
    scrape(bench, T0, 130);
    await bench.area.maintain();
    bench.area.close();
    const again = openMetrics(folder, bench.now);
    expectAll(again, T0, 130);
    again.area.close();
  });

  test('that is no database any more is set aside, and recording goes on', () => {
    const folder = temporaryFolder();
    writeFileSync(
      join(folder, 'head.db'),
      'this is not a database, but long enough to be looked at as one'.repeat(100),
    );
    const bench = openMetrics(folder, T0);
    expect(bench.area.problems().map(({ code }) => code)).toEqual(['METRICS_HEAD_DAMAGED']);
    expect(readdirSync(folder).some((name) => name.startsWith('head.db.damaged-'))).toBe(true);
    scrape(bench, T0, 3);
    expectAll(bench, T0, 3);
    bench.area.close();
  });
});

describe('sealing', () => {
  test('moves windows into partitions without losing or doubling a sample', async () => {
    const folder = temporaryFolder();
    const bench = openMetrics(folder, T0, SMALL);
    scrape(bench, T0, 200);
    await bench.area.maintain();
    expect(partitionsIn(folder)).toHaveLength(4);
    expectAll(bench, T0, 200);
    const { headSamples, sealedSamples, partitions } = bench.area.stats();
    expect(headSamples + sealedSamples).toBe(200 * 7);
    expect(partitions.map(({ samples }) => samples)).toEqual([280, 280, 280, 280]);
    bench.area.close();
    const again = openMetrics(folder, bench.now, SMALL);
    expectAll(again, T0, 200);
    scrape(again, T0 + 200 * 15_000, 100, 200);
    await again.area.maintain();
    expectAll(again, T0, 300);
    again.area.close();
  });

  test('goes on at the next start when it was cut off after the partition got its name', async () => {
    const folder = temporaryFolder();
    const bench = openMetrics(folder, T0, SMALL);
    scrape(bench, T0, 200);
    // The head as it was before sealing, beside the partitions as they are after it: the crash between the two.
    const before = ['head.db', 'head.db-wal'].map(
      (name) => [name, readFileSync(join(folder, name))] as const,
    );
    await bench.area.maintain();
    bench.area.close();
    for (const [name, content] of before) writeFileSync(join(folder, name), content);
    const again = openMetrics(folder, bench.now, SMALL);
    expectAll(again, T0, 200);
    await again.area.maintain();
    expectAll(again, T0, 200);
    const { headSamples, sealedSamples } = again.area.stats();
    expect(headSamples + sealedSamples).toBe(200 * 7);
    expect(partitionsIn(folder)).toHaveLength(4);
    again.area.close();
  });

  test('throws away a partition that was not finished', async () => {
    const folder = temporaryFolder();
    const bench = openMetrics(folder, T0, SMALL);
    scrape(bench, T0, 200);
    bench.area.close();
    const half = `${partitionName({ start: T0, end: T0 + 600_000 })}.part`;
    writeFileSync(join(folder, half), 'half a file');
    const again = openMetrics(folder, bench.now, SMALL);
    expect(readdirSync(folder)).not.toContain(half);
    await again.area.maintain();
    expectAll(again, T0, 200);
    again.area.close();
  });

  test('lets scrapes go on meanwhile', async () => {
    const folder = temporaryFolder();
    const bench = openMetrics(folder, T0, SMALL);
    scrapeWide(bench, 70);
    const sealing = bench.area.maintain();
    await Promise.resolve();
    const late = bench.target({ labels: { job: 'late' } });
    expect(late.succeed(answered(T0 + 70 * 15_000, 'late 1\n')).ok).toBe(true);
    await sealing;
    expectAll(bench, T0, 70);
    expect(await bench.ask('late', T0 + 70 * 15_000)).toMatchObject({ late: '1' });
    bench.area.close();
  });

  test('stops when the store is closed in the middle, and the next start has everything', async () => {
    const folder = temporaryFolder();
    const bench = openMetrics(folder, T0, SMALL);
    scrapeWide(bench, 70);
    const sealing = bench.area.maintain();
    bench.area.close();
    await sealing;
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
    const again = openMetrics(folder, bench.now, SMALL);
    expectAll(again, T0, 70);
    again.area.close();
  });

  test('forgets series that are gone, and takes them up again', async () => {
    const folder = temporaryFolder();
    const bench = openMetrics(folder, T0, SMALL);
    const target = bench.target();
    target.succeed(answered(T0, 'old 1\n'));
    for (let i = 1; i < 150; i++) {
      bench.now = T0 + i * 15_000;
      target.succeed(answered(bench.now, 'new 1\n'));
    }
    await bench.area.maintain();
    expect(bench.area.stats().series).toBe(6);
    bench.now += 15_000;
    target.succeed(answered(bench.now, 'old 2\nnew 1\n'));
    expect(await bench.ask('old')).toEqual({ old: '2' });
    expect(await bench.ask('old', T0 + 1000)).toEqual({ old: '1' });
    bench.area.close();
  });

  test('retention removes whole files', async () => {
    const folder = temporaryFolder();
    const bench = openMetrics(folder, T0, { ...SMALL, retentionMs: 1_200_000 });
    scrape(bench, T0, 400);
    await bench.area.maintain();
    expect(partitionsIn(folder)).toHaveLength(2);
    expect(Math.min(...samplesOfA(bench).keys())).toBe(T0 + 7 * 600_000);
    bench.area.close();
  });
});

describe('a clock that is set back', () => {
  test('by hours does not stop recording, and nothing is lost', async () => {
    const folder = temporaryFolder();
    const bench = openMetrics(folder, T0, SMALL);
    scrape(bench, T0 + 24 * HOUR, 100);
    scrape(bench, T0, 100, 1000);
    expect(bench.area.stats().headSamples).toBe(700);
    const found = samplesOfA(bench);
    expect(found.size).toBe(200);
    expect([found.get(T0), found.get(T0 + 24 * HOUR)]).toEqual([1000, 0]);
    bench.area.close();
    const again = openMetrics(folder, bench.now, SMALL);
    expect(samplesOfA(again)).toEqual(found);
    await again.area.maintain();
    expect(samplesOfA(again)).toEqual(found);
    scrape(again, T0 + 1_500_000, 10, 1100);
    expect(samplesOfA(again).size).toBe(210);
    again.area.close();
  });

  test('to times that are stored already keeps the first samples', () => {
    const folder = temporaryFolder();
    const bench = openMetrics(folder, T0, SMALL);
    scrape(bench, T0, 200);
    scrape(bench, T0, 200, 5000);
    expectAll(bench, T0, 200);
    bench.area.close();
  });
});

describe('damage', () => {
  async function sealed() {
    const folder = temporaryFolder();
    const bench = openMetrics(folder, T0, SMALL);
    scrape(bench, T0, 200);
    await bench.area.maintain();
    bench.area.close();
    const [first = ''] = partitionsIn(folder).sort();
    return { folder, first, path: join(folder, first), now: bench.now };
  }

  test('a partition cut short is set aside at the start, the rest works', async () => {
    const { folder, first, path, now } = await sealed();
    writeFileSync(path, readFileSync(path).subarray(0, 20_000));
    const bench = openMetrics(folder, now, SMALL);
    expect(bench.area.problems().map(({ code }) => code)).toEqual(['METRICS_PARTITION_DAMAGED']);
    expect(readdirSync(folder)).toContain(`${first}.damaged`);
    expect(samplesOfA(bench).size).toBe(160);
    bench.area.close();
  });

  test('a partition whose content is wrong is set aside by the query that finds it', async () => {
    const { folder, first, path, now } = await sealed();
    const content = readFileSync(path);
    // Every occurrence of a label in the file, in the index and nowhere else.
    const at = content.indexOf('__name__a');
    expect(at).toBeGreaterThan(0);
    content.write('__name__c', at);
    writeFileSync(path, content);
    const bench = openMetrics(folder, now, SMALL);
    expect(bench.area.problems()).toEqual([]);
    expect(samplesOfA(bench).size).toBe(160);
    expect(bench.area.problems().map(({ code }) => code)).toEqual(['METRICS_PARTITION_DAMAGED']);
    expect(readdirSync(folder)).toContain(`${first}.damaged`);
    bench.area.close();
  });

  test('a chunk with a flipped bit is left out, and everything else of the file is used', async () => {
    const { folder, path, now } = await sealed();
    const content = readFileSync(path);
    // The chunk of a in this window: its coding and 40 samples.
    const header = Buffer.from([2, 0, 40]);
    const at = content.indexOf(header);
    expect(at).toBeGreaterThan(0);
    content[at + 10] = (content[at + 10] ?? 0) ^ 4;
    writeFileSync(path, content);
    const bench = openMetrics(folder, now, SMALL);
    let lost = 0;
    for (const series of bench.area.store.select([{ name: 'job', op: '=', value: 'test' }], 0, 1e15)) {
      const buffer = new SampleBuffer();
      series.read(0, 1e15, buffer);
      lost += 200 - buffer.length;
    }
    expect(lost).toBe(40);
    expect(bench.area.problems().map(({ code }) => code)).toEqual(['METRICS_CHUNK_DAMAGED']);
    expect(partitionsIn(folder)).toHaveLength(4);
    bench.area.close();
  });

  test('an empty file with the name of a partition is set aside', async () => {
    const { folder, path, now } = await sealed();
    writeFileSync(path, '');
    const bench = openMetrics(folder, now, SMALL);
    expect(bench.area.problems()).toHaveLength(1);
    bench.area.close();
  });
});
