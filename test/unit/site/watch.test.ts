import { join } from 'node:path';
import { expect, test } from 'vitest';
import { settingStore } from '../../../main/engine/site/settings.ts';
import { gapBetween, gapSinceHeartbeat, startWatch } from '../../../main/engine/site/watch.ts';
import { consoleMigrations } from '../../../main/engine/storage/console-migrations/index.ts';
import { openWritable } from '../../../main/engine/storage/sqlite.ts';
import type { WatchGap } from '../../../shared/contract/site.ts';
import { fakeTime } from '../../helpers/fake-time.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

const MINUTE = 60_000;
const start = Date.UTC(2026, 0, 1);

function setUp() {
  const opened = openWritable(join(temporaryFolder(), 'console.db'), {
    migrations: consoleMigrations,
    synchronous: 'NORMAL',
  });
  if (!opened.ok) throw new Error(opened.error.code);
  const time = fakeTime(start);
  const found: WatchGap[] = [];
  const begin = () =>
    startWatch(opened.value, settingStore(opened.value), time.clock, time.timers, (gap) => found.push(gap));
  return { time, found, begin };
}

test('the first start of all has no gap; a quick restart has none either', () => {
  expect(gapSinceHeartbeat(null, start)).toBeNull();
  expect(gapSinceHeartbeat({ at: start - 3_000, orderly: false }, start)).toBeNull();
});

test('time between two runs is recorded, and why', () => {
  const { time, found, begin } = setUp();
  begin().close();
  time.advance(10 * MINUTE);
  const watch = begin();
  expect(watch.startGap).toEqual({ from: start, to: start + 10 * MINUTE, reason: 'stopped' });
  expect(watch.gaps(0, time.clock.now())).toEqual(found);
});

test('a run that was cut off left only its last heartbeat', () => {
  const { time, begin } = setUp();
  begin();
  time.advance(35_000);
  const crashedAt = start + 30_000;
  time.sleep(5 * MINUTE);
  const again = begin();
  expect(again.startGap).toEqual({ from: crashedAt, to: time.clock.now(), reason: 'crashed' });
});

test('sleep is seen at the next heartbeat, and named when the shell says so', () => {
  const { time, found, begin } = setUp();
  const watch = begin();
  time.advance(10_000);
  const asleepAt = time.clock.now();
  time.sleep(3 * 3_600_000);
  time.advance(10_000);
  expect(found).toHaveLength(1);
  expect(found[0]?.reason).toBe('clock_jump');
  watch.slept(asleepAt, asleepAt + 3 * 3_600_000);
  expect(watch.gaps(0, time.clock.now()).map((gap) => gap.reason)).toEqual(['asleep']);
});

test('a clock that goes back makes no gap', () => {
  expect(
    gapBetween({ wall: start, monotonic: 0 }, { wall: start - 3_600_000, monotonic: 10_000 }),
  ).toBeNull();
});

test('a clock that had jumped ahead and is right again leaves nothing that waits for the time it showed', () => {
  const { time, begin } = setUp();
  const watch = begin();
  time.advance(10_000);
  time.setWall(start + 365 * 24 * 60 * MINUTE);
  time.advance(10_000);
  expect(watch.since()).toBe(time.clock.now());
  time.setWall(start + MINUTE);
  time.advance(10_000);
  expect(watch.since()).toBe(start + MINUTE + 10_000);
});

test('a process that was stopped for minutes was blind', () => {
  const gap = gapBetween({ wall: start, monotonic: 0 }, { wall: start + 5 * MINUTE, monotonic: 5 * MINUTE });
  expect(gap).toEqual({ from: start, to: start + 5 * MINUTE, reason: 'asleep' });
});
