import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { SampleBuffer } from '#shared/domain/samples.ts';
import { encodeXor } from '../../../main/engine/metrics/chunk/xor-encode.ts';
import { Partition } from '../../../main/engine/metrics/partition.ts';
import { PartitionWriter } from '../../../main/engine/metrics/partition-writer.ts';
import { answered, openMetrics } from '../../helpers/metrics-area.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

const T0 = Date.UTC(2027, 0, 15);
const HOUR = 3_600_000;

/** Makes of a file what version 1 wrote. */
function ofVersion1(path: string, table: string): void {
  const db = new Database(path);
  db.exec(`DROP TABLE ${table}; PRAGMA user_version = 1`);
  db.pragma('journal_mode = DELETE');
  db.close();
}

/** Two hours of one series at 15 s, in a partition as version 1 wrote it. */
function oldPartition(folder: string): string {
  const path = join(folder, '2027-01-15T00-00-00Z.7200s.db');
  const created = PartitionWriter.create(`${path}.part`, { start: T0, end: T0 + 2 * HOUR, epoch: 0 });
  if (!created.ok) throw new Error(created.error.message.en);
  const chunks = [0, 1, 2, 3].map((chunk) => {
    const samples = new SampleBuffer();
    for (let i = 0; i < 120; i++) samples.push(T0 + (chunk * 120 + i) * 15_000, 0x3ff00000, chunk * 120 + i);
    const [start = 0, end = 0] = [samples.times[0], samples.times[119]];
    return { start, end, data: encodeXor(samples.times, samples.bits, 120) };
  });
  const added = created.value.add(['__name__', 'a', 'instance', 'host:1', 'job', 'test'], chunks);
  if (!added.ok) throw new Error(added.error.message.en);
  const published = created.value.publish(path);
  if (!published.ok) throw new Error(published.error.message.en);
  ofVersion1(path, 'attribute');
  return path;
}

test('a partition of version 1 is read as it is', () => {
  const path = oldPartition(temporaryFolder());
  const opened = Partition.open(path);
  if (!opened.ok) throw new Error(opened.error.message.en);
  const samples = new SampleBuffer();
  expect(opened.value.read(1, T0, T0 + 2 * HOUR, samples)).toBe(0);
  expect([...samples.bits.subarray(0, 960)].filter((_, i) => i % 2 === 0)).toEqual(
    Array.from({ length: 480 }, (_, i) => i),
  );
  // A look at one moment reads the chunk that it lies in, not all before it.
  samples.length = 0;
  opened.value.read(1, T0 + HOUR, T0 + HOUR, samples);
  expect(samples.length).toBe(120);
  opened.value.close();
  const db = new Database(path, { readonly: true });
  expect(db.pragma('user_version', { simple: true })).toBe(1);
  db.close();
});

test('partitions of both versions become one file of the new one', async () => {
  const folder = temporaryFolder();
  oldPartition(folder);
  const bench = openMetrics(folder, T0, { mergeMs: 4 * HOUR });
  const target = bench.target();
  for (let n = 480; n < 1300; n++) {
    bench.now = T0 + n * 15_000;
    target.succeed(answered(bench.now, `a ${n}\n`));
  }
  await bench.area.maintain();
  expect(readdirSync(folder).filter((name) => /^2027.*\.db$/.test(name))).toEqual([
    '2027-01-15T00-00-00Z.14400s.db',
  ]);
  expect(await bench.ask('count_over_time(a[6h])')).toEqual({ '': '1300' });
  bench.area.close();
});

test('a head file of version 1 is migrated, and a copy is kept', () => {
  const folder = temporaryFolder();
  const bench = openMetrics(folder, T0);
  bench.target().succeed(answered(T0, 'a 1\n'));
  bench.area.close();
  ofVersion1(join(folder, 'head.db'), 'sealing');
  const again = openMetrics(folder, T0);
  expect(again.area.stats().headSamples).toBe(6);
  expect(readdirSync(folder)).toContain('head.db.before-v2');
  again.area.close();
});
