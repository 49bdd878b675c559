import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createMetricsArea, type MetricsStats, WINDOW_MS } from '../../../main/engine/metrics/area.ts';
import { Head } from '../../../main/engine/metrics/head.ts';
import { PartitionFiles } from '../../../main/engine/metrics/partition-files.ts';
import { planSeal, sealWindow } from '../../../main/engine/metrics/seal.ts';
import { SampleBatch } from '../../../main/engine/metrics/wal-row.ts';
import { systemTimers } from '../../../main/engine/platform/timers.ts';
import { inTurns } from '../../helpers/rollup-in-turns.ts';
import { silentLogger } from '../../helpers/silent-logger.ts';
import type { FleetSeries, FleetTimes } from './fleet.ts';

/** Samples of one commit, about; the engine commits scrape by scrape, but filling need not wait for the disk so often. */
const SAMPLES_A_COMMIT = 10_000;

/**
 * Writes a fleet's samples into the series store of a data folder and seals what is due on the way, then does the upkeep
 * that a running engine does by itself.
 *
 * @returns what the store holds then
 */
export async function fillConsole(
  dataDir: string,
  fleet: readonly FleetSeries[],
  times: FleetTimes,
): Promise<MetricsStats> {
  const folder = join(dataDir, 'metrics');
  mkdirSync(folder, { recursive: true });
  const opened = Head.open({ path: join(folder, 'head.db'), windowMs: WINDOW_MS, logger: silentLogger });
  if (!opened.ok) throw new Error(opened.error.message.en);
  const head = opened.value;
  const files = new PartitionFiles(folder, silentLogger);
  const batch = new SampleBatch();
  for (let n = 0; n < times.count; n++) {
    const time = times.start + n * times.stepMs;
    for (const { labels, valueAt } of fleet) {
      const slot = head.ensure(labels);
      batch.push(slot, head.series.ref[slot] ?? 0, time, valueAt(n));
    }
    if (batch.length < SAMPLES_A_COMMIT && n < times.count - 1) continue;
    const committed = head.commit(batch);
    if (!committed.ok) throw new Error(committed.error.message.en);
    batch.clear();
    const due = planSeal(head.oldestTime(), head.maxTime, WINDOW_MS);
    if (due === null) continue;
    const sealed = await sealWindow(head, files, due, async () => true);
    if (!sealed.ok) throw new Error(sealed.error.message.en);
  }
  files.close();
  head.close();
  return maintained(folder, times.start + times.count * times.stepMs);
}

async function maintained(folder: string, now: number): Promise<MetricsStats> {
  const area = createMetricsArea({
    folder,
    clock: { now: () => now, monotonic: () => performance.now() },
    timers: { after: systemTimers.after, every: () => () => undefined },
    logger: silentLogger,
    buildRollup: inTurns,
  });
  if (!area.ok) throw new Error(area.error.message.en);
  await area.value.maintain();
  const stats = area.value.stats();
  area.value.close();
  return stats;
}
