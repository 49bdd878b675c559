import { expect, test } from 'vitest';
import { createScheduler, type ScheduleEntry } from '../../../main/engine/collect/scheduler.ts';
import { fakeTime } from '../../helpers/fake-time.ts';

type Run = { readonly id: string; readonly time: number };

function setUp(options: { maxInFlight?: number; work?: (id: string) => Promise<void> } = {}) {
  const time = fakeTime(1_700_000_000_000);
  const runs: Run[] = [];
  const skipped: number[] = [];
  const scheduler = createScheduler({
    clock: time.clock,
    timers: time.timers,
    maxInFlight: options.maxInFlight ?? 1000,
    skipped: (count) => skipped.push(count),
    run: (id, at) => {
      runs.push({ id, time: at });
      return options.work?.(id) ?? Promise.resolve();
    },
  });
  /** Runs the time forward in small steps, letting promises settle between them. */
  const advance = async (ms: number): Promise<void> => {
    for (let done = 0; done < ms; done += 50) {
      time.advance(50);
      await Promise.resolve();
      await Promise.resolve();
    }
  };
  return { time, runs, skipped, scheduler, advance };
}

const entries = (count: number, intervalMs = 15_000): ScheduleEntry[] =>
  Array.from({ length: count }, (_, n) => ({ id: `t${n}`, intervalMs }));

test('each target runs once an interval, exactly on its grid', async () => {
  const { runs, scheduler, advance } = setUp();
  for (const entry of entries(40)) scheduler.put(entry);
  await advance(60_000);
  for (let n = 0; n < 40; n += 1) {
    const times = runs.filter(({ id }) => id === `t${n}`).map(({ time }) => time);
    expect(times).toHaveLength(4);
    expect(new Set(times.map((time) => time % 15_000)).size).toBe(1);
  }
});

test('after sleep the missed scrapes are not made up for and do not come in a burst', async () => {
  const { time, runs, skipped, scheduler, advance } = setUp();
  for (const entry of entries(300)) scheduler.put(entry);
  await advance(15_000);
  runs.length = 0;
  time.sleep(3_600_000);
  await advance(1_000);
  expect(runs.length).toBeLessThan(60);
  await advance(14_000);
  expect(runs.length).toBeGreaterThan(280);
  expect(runs.length).toBeLessThanOrEqual(300);
  expect(skipped.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(280);
});

test('a clock set back by an hour does not stop the scraping for an hour', async () => {
  const { time, runs, scheduler, advance } = setUp();
  for (const entry of entries(5)) scheduler.put(entry);
  await advance(15_000);
  runs.length = 0;
  time.setWall(time.clock.now() - 3_600_000);
  await advance(60_000);
  for (let n = 0; n < 5; n += 1)
    expect(runs.filter(({ id }) => id === `t${n}`).length).toBeGreaterThanOrEqual(2);
});

test('a first run may come at once, and the next one on the grid but not right behind it', async () => {
  const { time, runs, scheduler, advance } = setUp();
  const start = time.clock.now();
  scheduler.put({ id: 'now', intervalMs: 15_000, firstAfterMs: 0 });
  await advance(45_000);
  expect(runs[0]?.time).toBe(start);
  const gap = (runs[1]?.time ?? 0) - start;
  expect(gap).toBeGreaterThanOrEqual(1_000);
  expect((runs[2]?.time ?? 0) - (runs[1]?.time ?? 0)).toBe(15_000);
});

test('a target that is still running is not started again', async () => {
  const { runs, scheduler, advance, skipped } = setUp({ work: () => new Promise(() => undefined) });
  scheduler.put({ id: 'slow', intervalMs: 1_000 });
  await advance(10_000);
  expect(runs).toHaveLength(1);
  expect(skipped.length).toBeGreaterThan(5);
});

test('no more than the allowed number run at the same time, and the waiting ones come in order', async () => {
  const finish: (() => void)[] = [];
  const { runs, scheduler, advance } = setUp({
    maxInFlight: 2,
    work: () => new Promise((resolve) => finish.push(resolve)),
  });
  for (const id of ['a', 'b', 'c', 'd']) scheduler.put({ id, intervalMs: 60_000, firstAfterMs: 0 });
  await advance(100);
  expect(runs.map(({ id }) => id)).toEqual(['a', 'b']);
  finish[0]?.();
  await advance(100);
  expect(runs.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
});

test('a removed target and a closed scheduler run no more', async () => {
  const { runs, scheduler, advance } = setUp();
  for (const entry of entries(2, 1_000)) scheduler.put(entry);
  scheduler.remove('t0');
  await advance(3_000);
  expect(runs.every(({ id }) => id === 't1')).toBe(true);
  scheduler.close();
  const before = runs.length;
  await advance(3_000);
  expect(runs.length).toBe(before);
});

test('a changed interval is taken at once', async () => {
  const { runs, scheduler, advance } = setUp();
  scheduler.put({ id: 'x', intervalMs: 60_000 });
  scheduler.put({ id: 'x', intervalMs: 1_000 });
  await advance(5_000);
  expect(runs.length).toBeGreaterThanOrEqual(4);
});

test('a wish runs an entry out of its turn, and many wishes within the gap are one', async () => {
  const { runs, scheduler, advance } = setUp();
  scheduler.put({ id: 'sw-1', intervalMs: 60_000 });
  await advance(60_000);
  expect(runs).toHaveLength(1);
  await advance(10_000);
  for (let n = 0; n < 300; n += 1) scheduler.soon('sw-1', 1_000);
  await advance(50);
  expect(runs).toHaveLength(2);
  for (let n = 0; n < 300; n += 1) scheduler.soon('sw-1', 1_000);
  await advance(900);
  expect(runs).toHaveLength(2);
  await advance(100);
  expect(runs).toHaveLength(3);
  // The grid goes on as before.
  await advance(60_000);
  expect(runs).toHaveLength(4);
  expect((runs[3]?.time ?? 0) - (runs[0]?.time ?? 0)).toBe(60_000);
  scheduler.soon('unknown', 1_000);
});

test('a wish for an entry that runs is kept until it has ended', async () => {
  const ends: (() => void)[] = [];
  const { runs, scheduler, advance } = setUp({
    work: () => new Promise<void>((resolve) => ends.push(resolve)),
  });
  scheduler.put({ id: 'sw-1', intervalMs: 60_000, firstAfterMs: 0 });
  await advance(50);
  expect(runs).toHaveLength(1);
  await advance(5_000);
  scheduler.soon('sw-1', 1_000);
  await advance(1_000);
  expect(runs).toHaveLength(1);
  ends[0]?.();
  await advance(200);
  expect(runs).toHaveLength(2);
});
