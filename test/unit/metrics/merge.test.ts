import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SampleBuffer } from '#shared/domain/samples.ts';
import { cutChunks } from '../../../main/engine/metrics/chunk/cut.ts';
import { planMerge } from '../../../main/engine/metrics/merge.ts';
import { Partition } from '../../../main/engine/metrics/partition.ts';
import { partitionName } from '../../../main/engine/metrics/partition-files.ts';
import { IMPORTED_EPOCH } from '../../../main/engine/metrics/partition-schema.ts';
import { PartitionWriter } from '../../../main/engine/metrics/partition-writer.ts';
import { answered, type MetricsBench, openMetrics } from '../../helpers/metrics-area.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

const T0 = Date.UTC(2027, 0, 15);
const STEP = 15_000;
const WINDOW = 600_000;
const SMALL = { windowMs: WINDOW, mergeMs: 4 * WINDOW };

function scrape(bench: MetricsBench, from: number, to: number): void {
  const target = bench.target();
  for (let n = from; n < to; n++) {
    bench.now = T0 + n * STEP;
    const stored = target.succeed(answered(bench.now, `a ${n}\nb{n="${n % 3}"} ${Math.sqrt(n)}\n`));
    if (!stored.ok) throw new Error(stored.error.message.en);
  }
}

/** Scrapes of `a` that are there; fails when one is there twice or has another value. */
function scrapesOfA(bench: MetricsBench): number[] {
  const samples = new SampleBuffer();
  const [series] = bench.area.store.select([{ name: '__name__', op: '=', value: 'a' }], 0, 1e15);
  series?.read(0, 1e15, samples);
  const found = [...samples.times.subarray(0, samples.length)].map((time) => (time - T0) / STEP);
  expect([...samples.values.subarray(0, samples.length)]).toEqual(found);
  return found;
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
const partitionsIn = (folder: string): string[] =>
  readdirSync(folder).filter((name) => /^\d.*s(\.\d+)?\.db$/.test(name));

/** A folder with four sealed windows of one span, not merged yet, and what follows them in the head. */
async function sealed(): Promise<{ folder: string; count: number }> {
  const folder = temporaryFolder();
  const bench = openMetrics(folder, T0, { windowMs: WINDOW, mergeMs: 1e15 });
  scrape(bench, 0, 190);
  await bench.area.maintain();
  bench.area.close();
  expect(partitionsIn(folder)).toHaveLength(4);
  return { folder, count: 190 };
}

describe('the plan', () => {
  const part = (
    start: number,
    retentionClass = '',
  ): { start: number; end: number; retentionClass: string } => ({
    start,
    end: start + 2,
    retentionClass,
  });

  test('takes the newest complete span that lies in several files', () => {
    const parts = [0, 2, 4, 10, 12, 20, 22].map((start) => part(start));
    const starts = (until: number): number[] | undefined =>
      planMerge(parts, until, 10)?.members.map(({ start }) => start);
    expect(starts(30)).toEqual([20, 22]);
    expect(starts(29)).toEqual([10, 12]);
    expect(starts(19)).toEqual([0, 2, 4]);
    expect(starts(9)).toBeUndefined();
  });

  test('keeps retention classes apart, and leaves alone what is one file already', () => {
    const parts = [part(0), part(2, 'web'), { start: 10, end: 20, retentionClass: '' }];
    expect(planMerge(parts, 100, 10)).toBeNull();
    expect(planMerge([...parts, part(4, 'web')], 100, 10)).toMatchObject({
      retentionClass: 'web',
      members: [{ start: 2 }, { start: 4 }],
    });
  });

  test('leaves a file alone that reaches into the next span', () => {
    expect(planMerge([part(0), part(9)], 100, 10)).toBeNull();
  });
});

describe('merging', () => {
  test('puts one file in the place of many, with the same samples', async () => {
    const { folder, count } = await sealed();
    const bench = openMetrics(folder, T0 + count * STEP, SMALL);
    const before = await bench.ask('sum(count_over_time(b[1h])) + sum(count_over_time(a[1h]))');
    await bench.area.maintain();
    expect(partitionsIn(folder)).toEqual(['2027-01-15T00-00-00Z.2400s.db']);
    expect(scrapesOfA(bench)).toEqual(upTo(count));
    expect(await bench.ask('sum(count_over_time(b[1h])) + sum(count_over_time(a[1h]))')).toEqual(before);
    expect(bench.area.problems()).toEqual([]);
    bench.area.close();
    const again = openMetrics(folder, T0 + count * STEP, SMALL);
    expect(scrapesOfA(again)).toEqual(upTo(count));
    again.area.close();
  });

  test('goes on while a series that was selected before is read after it', async () => {
    const { folder, count } = await sealed();
    const bench = openMetrics(folder, T0 + count * STEP, SMALL);
    const [series] = bench.area.store.select([{ name: '__name__', op: '=', value: 'a' }], 0, 1e15);
    await bench.area.maintain();
    scrape(bench, count, count + 100);
    await bench.area.maintain();
    const samples = new SampleBuffer();
    series?.read(0, 1e15, samples);
    expect(samples.length).toBe(count + 100);
    bench.area.close();
  });

  test('cut off before its file has a name changes nothing', async () => {
    const { folder, count } = await sealed();
    const before = partitionsIn(folder);
    writeFileSync(join(folder, '2027-01-15T00-00-00Z.2400s.db.part'), 'half a file');
    const bench = openMetrics(folder, T0 + count * STEP, { windowMs: WINDOW, mergeMs: 1e15 });
    expect(partitionsIn(folder)).toEqual(before);
    expect(scrapesOfA(bench)).toEqual(upTo(count));
    bench.area.close();
  });

  test('cut off before its sources were removed: the start removes them', async () => {
    const { folder, count } = await sealed();
    const sources = partitionsIn(folder);
    const kept = temporaryFolder('sources');
    for (const name of sources) copyFileSync(join(folder, name), join(kept, name));
    const bench = openMetrics(folder, T0 + count * STEP, SMALL);
    await bench.area.maintain();
    bench.area.close();
    for (const name of sources.slice(1)) copyFileSync(join(kept, name), join(folder, name));
    const again = openMetrics(folder, T0 + count * STEP, SMALL);
    expect(partitionsIn(folder)).toEqual(['2027-01-15T00-00-00Z.2400s.db']);
    expect(scrapesOfA(again)).toEqual(upTo(count));
    again.area.close();
  });

  test('closed in the middle leaves the sources', async () => {
    const { folder, count } = await sealed();
    const bench = openMetrics(folder, T0 + count * STEP, SMALL);
    const going = bench.area.maintain();
    bench.area.close();
    await going;
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
    const again = openMetrics(folder, T0 + count * STEP, { windowMs: WINDOW, mergeMs: 1e15 });
    expect(scrapesOfA(again)).toEqual(upTo(count));
    again.area.close();
  });

  test('leaves a file with a damaged chunk as it is', async () => {
    const { folder, count } = await sealed();
    const [first = ''] = partitionsIn(folder);
    const content = readFileSync(join(folder, first));
    const at = content.indexOf(Buffer.from([2, 0, 40]));
    content[at + 9] = (content[at + 9] ?? 0) ^ 4;
    writeFileSync(join(folder, first), content);
    const bench = openMetrics(folder, T0 + count * STEP, SMALL);
    await bench.area.maintain();
    await bench.area.maintain();
    expect(partitionsIn(folder)).toContain(first);
    expect(bench.area.problems().map(({ code }) => code)).toEqual(['METRICS_CHUNK_DAMAGED']);
    expect(partitionsIn(folder)).toEqual(['2027-01-15T00-00-00Z.2400s.db', first].sort());
    bench.area.close();
  });

  test('of a day that was imported too keeps what was scraped where both have a time', async () => {
    const { folder, count } = await sealed();
    const place = { start: T0, end: T0 + 4 * WINDOW };
    const path = join(folder, partitionName(place));
    const created = PartitionWriter.create(`${path}.part`, { ...place, epoch: IMPORTED_EPOCH });
    if (!created.ok) throw new Error(created.error.message.en);
    const samples = new SampleBuffer();
    // On the scrapes' times, which do not count, and half a step beside them.
    for (let half = 0; half < 40; half++) samples.push(T0 + (half * STEP) / 2, 0x7ff00000, 0);
    created.value.add(['__name__', 'a', 'instance', 'host:1', 'job', 'test'], cutChunks(samples));
    expect(created.value.publish(path).ok).toBe(true);
    const bench = openMetrics(folder, T0 + count * STEP, SMALL);
    const before = await bench.ask('sum(count_over_time(a[1h]))');
    expect(before).toEqual({ '': String(count + 20) });
    await bench.area.maintain();
    expect(partitionsIn(folder)).toHaveLength(1);
    expect(await bench.ask('sum(count_over_time(a[1h]))')).toEqual(before);
    const found = new SampleBuffer();
    const [series] = bench.area.store.select([{ name: '__name__', op: '=', value: 'a' }], 0, 1e15);
    series?.read(T0, T0 + 2 * STEP, found);
    expect([...found.values.subarray(0, found.length)]).toEqual([0, Infinity, 1, Infinity, 2]);
    bench.area.close();
  });

  test('of times that a clock set back gave twice keeps what was stored first', async () => {
    const folder = temporaryFolder();
    const options = { windowMs: WINDOW, mergeMs: 4 * WINDOW };
    const bench = openMetrics(folder, T0, options);
    scrape(bench, 0, 130);
    const target = bench.target();
    // Half an hour back, and other values under times that were there before.
    for (let n = 10; n < 300; n++) {
      bench.now = T0 + n * STEP;
      target.succeed(answered(bench.now, `a ${n < 130 ? -1 : n}\n`));
    }
    await bench.area.maintain();
    expect(scrapesOfA(bench)).toEqual(upTo(300));
    const [merged = ''] = partitionsIn(folder);
    expect(merged).toBe('2027-01-15T00-00-00Z.2400s.db');
    const opened = Partition.open(join(folder, merged));
    expect(opened.ok && opened.value.sources.length).toBeGreaterThan(4);
    if (opened.ok) opened.value.close();
    bench.area.close();
  });
});
