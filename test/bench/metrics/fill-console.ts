import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createMetricsArea, WINDOW_MS } from '../../../main/engine/metrics/area.ts';
import { Head } from '../../../main/engine/metrics/head.ts';
import { PartitionFiles } from '../../../main/engine/metrics/partition-files.ts';
import { planSeal, sealWindow } from '../../../main/engine/metrics/seal.ts';
import { SampleBatch } from '../../../main/engine/metrics/wal-row.ts';
import { silentLogger } from '../../../main/engine/platform/logger.ts';
import { systemTimers } from '../../../main/engine/platform/timers.ts';
import type { FleetSeries, FleetTimes } from './fleet.ts';

/**
 * Writes a fleet's samples into the series store of a data folder, scrape by scrape, and does the upkeep that a running
 * engine does on the way.
 */
export async function fillConsole(
  dataDir: string,
  fleet: readonly FleetSeries[],
  times: FleetTimes,
): Promise<void> {
  const folder = join(dataDir, 'metrics');
  mkdirSync(folder, { recursive: true });
  const opened = Head.open({ path: join(folder, 'head.db'), windowMs: WINDOW_MS, logger: silentLogger });
  if (!opened.ok) throw new Error(opened.error.message.en);
  const head = opened.value;
  const files = new PartitionFiles(folder, silentLogger);
  const batch = new SampleBatch();
  for (let n = 0; n < times.count; n++) {
    const time = times.start + n * times.stepMs;
    batch.clear();
    for (const { labels, valueAt } of fleet) {
      const slot = head.ensure(labels);
      batch.push(slot, head.series.ref[slot] ?? 0, time, valueAt(n));
    }
    const committed = head.commit(batch);
    if (!committed.ok) throw new Error(committed.error.message.en);
    const due = n % 20 === 0 ? planSeal(head.oldestTime(), head.maxTime, WINDOW_MS) : null;
    if (due === null) continue;
    const sealed = await sealWindow(head, files, due, async () => true);
    if (!sealed.ok) throw new Error(sealed.error.message.en);
  }
  files.close();
  head.close();
  await maintain(folder, times.start + times.count * times.stepMs);
}

/** Runs the upkeep of the store once, as the engine does by itself while it runs. */
async function maintain(folder: string, now: number): Promise<void> {
  const area = createMetricsArea({
    folder,
    clock: { now: () => now, monotonic: () => performance.now() },
    timers: { after: systemTimers.after, every: () => () => undefined },
    logger: silentLogger,
  });
  if (!area.ok) throw new Error(area.error.message.en);
  await area.value.maintain();
  area.value.close();
}
