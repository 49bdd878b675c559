import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { answered, openMetrics } from '../helpers/metrics-area.ts';
import { temporaryFolder } from '../helpers/temp-folder.ts';

const T0 = Date.UTC(2027, 3, 1);
let small = '';

beforeEach(() => {
  small = join(temporaryFolder('full'), 'small');
  mkdirSync(small);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', small], { stdio: 'pipe' });
  } catch (thrown) {
    throw new Error(`this test needs root, to mount a small file system: ${String(thrown)}`);
  }
});
afterEach(() => {
  execFileSync('umount', ['-l', small]);
});

/** A body of 500 series whose values do not repeat. */
const body = (n: number): string =>
  Array.from({ length: 500 }, (_, i) => `m{i="${i}"} ${Math.sin(n * 500 + i)}\n`).join('');

test('a full disk refuses scrapes in words, keeps what was acknowledged, and is recovered from', async () => {
  let bench = openMetrics(small, T0, { windowMs: 600_000 });
  let target = bench.target();
  let n = 0;
  let refused: ReturnType<typeof target.succeed> | null = null;
  while (refused === null && n < 5_000) {
    bench.now = T0 + n * 15_000;
    const stored = target.succeed(answered(bench.now, body(n)));
    await bench.area.maintain();
    if (stored.ok) n++;
    else refused = stored;
  }
  expect(refused).toMatchObject({ ok: false, error: { code: 'DISK_FULL' } });
  expect(refused?.ok === false && refused.error.message).toMatchObject({
    zh: expect.stringContaining('磁盘已满'),
    en: expect.stringContaining('disk is full'),
  });

  // Refused scrapes change nothing: neither a new series nor a failed scrape becomes visible.
  const seriesBefore = bench.area.stats().series;
  expect(target.succeed(answered(bench.now, `${body(n)}fresh 1\n`)).ok).toBe(false);
  expect(target.fail({ time: bench.now, durationSeconds: 1 }).ok).toBe(false);
  expect(bench.area.stats().series).toBe(seriesBefore);
  const complete = async (): Promise<void> => {
    const last = T0 + (n - 1) * 15_000;
    expect(await bench.ask('count_over_time(m{i="499"}[10h])', last)).toEqual({ '{i=499}': String(n) });
    expect(await bench.ask('count(m) and count(up == 1)', last)).toEqual({ '': '500' });
    expect(await bench.ask('fresh', last)).toEqual({});
  };
  await complete();

  // The engine may be started again on the full disk, and still answers.
  bench.area.close();
  bench = openMetrics(small, bench.now, { windowMs: 600_000 });
  await complete();

  // With room again the same targets go on, without anybody's help.
  target = bench.target();
  target.succeed(answered(bench.now, body(n)));
  execFileSync('mount', ['-o', 'remount,size=32m', small]);
  bench.now = T0 + n * 15_000;
  expect(target.succeed(answered(bench.now, `${body(n)}`))).toMatchObject({ ok: true });
  n++;
  await bench.area.maintain();
  await complete();
  bench.area.close();
});

test('a file that another program fills the disk with costs only the scrapes of that time', () => {
  const bench = openMetrics(small, T0);
  const target = bench.target();
  expect(target.succeed(answered(T0, body(0))).ok).toBe(true);
  const filler = join(small, 'filler');
  let size = 4_000_000;
  for (; size > 4096; size = Math.floor(size * 0.7))
    try {
      writeFileSync(filler, Buffer.alloc(size), { flag: 'a' });
    } catch {
      // As much as fitted is there; the rest is tried in smaller pieces.
    }
  let refusals = 0;
  for (let n = 1; n < 40; n++) {
    bench.now = T0 + n * 15_000;
    if (!target.succeed(answered(bench.now, body(n))).ok) refusals++;
  }
  expect(refusals).toBeGreaterThan(0);
  rmSync(filler);
  bench.now += 15_000;
  expect(target.succeed(answered(bench.now, body(99))).ok).toBe(true);
  bench.area.close();
});
