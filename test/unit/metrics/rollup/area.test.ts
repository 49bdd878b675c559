import { expect, test } from 'vitest';
import { createMetricsArea } from '../../../../main/engine/metrics/area.ts';
import { systemTimers } from '../../../../main/engine/platform/timers.ts';
import { createPromqlEngine } from '../../../../main/engine/promql/engine.ts';
import { answered } from '../../../helpers/metrics-area.ts';
import { inTurns } from '../../../helpers/rollup-in-turns.ts';
import { silentLogger } from '../../../helpers/silent-logger.ts';
import { temporaryFolder } from '../../../helpers/temp-folder.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const START = Date.UTC(2027, 0, 10, 6);

test('scraped days are rolled up by the upkeep, and only then may their samples go', async () => {
  const bench = { now: START };
  const opened = createMetricsArea({
    folder: temporaryFolder(),
    clock: { now: () => bench.now, monotonic: () => performance.now() },
    timers: { after: systemTimers.after, every: () => () => undefined },
    logger: silentLogger,
    buildRollup: inTurns,
    retentionMs: DAY,
  });
  if (!opened.ok) throw new Error(opened.error.message.en);
  const area = opened.value;
  const target = area.sink.openTarget({
    labels: { job: 'test' },
    honorLabels: false,
    honorTimestamps: true,
    sampleLimit: 0,
  });
  for (; bench.now <= START + 3 * DAY; bench.now += 10 * MINUTE)
    target.succeed(answered(bench.now, `jobs_total ${(bench.now - START) / MINUTE}\n`));
  await area.maintain();
  const { rollups, partitions, bytes } = area.stats();
  // The day that is not over, and the one whose last moment may still come, are not rolled up yet.
  expect(rollups.map(({ days }) => days)).toEqual([3, 3]);
  expect(bytes).toBeGreaterThan(rollups.reduce((sum, one) => sum + one.bytes, 0));
  await area.maintain();
  // Samples of the first day are gone by now; what is asked on the grid is exact all the same.
  const oldest = Math.min(...area.stats().partitions.map(({ start }) => start));
  expect(oldest).toBeGreaterThan(START + DAY);
  expect(area.stats().partitions.length).toBeLessThan(partitions.length);
  const engine = createPromqlEngine({
    source: area.store,
    rollups: area.rollups,
    monotonic: () => performance.now(),
  });
  const whole = await engine.range('sum(increase(jobs_total[2h]))', {
    start: START + 2 * HOUR,
    end: START + 3 * DAY,
    stepMs: HOUR,
  });
  if (!whole.ok) throw new Error(whole.error.message.en);
  expect(whole.value.notes).toBeUndefined();
  expect([...(whole.value.columns[0]?.values ?? [])]).toEqual(new Array(71).fill(120));
  area.close();
});
