import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startExporterFarm } from '../helpers/exporter-farm.ts';
import { startHeadlessEngine } from '../helpers/headless-engine.ts';
import { usageOf } from '../helpers/process-usage.ts';

const HOSTS = 20;
const SERIES = 500;
const INTERVAL_MS = 15_000;
/** Until scrapes have spread over the interval and the first chunks are in memory. */
const WARM_MS = 45_000;
const MEASURE_MS = Number(process.env.HMTT_BENCH_MS ?? 300_000);

/**
 * `npm run bench -- idle`: what the engine costs while it only watches: 20 hosts × 500 series at 15 s, this workstation, and
 * one quiet log, measured over five minutes.
 */
export async function run(): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'hmtt-bench-idle-'));
  const farm = await startExporterFarm(HOSTS, SERIES);
  const engine = await startHeadlessEngine(join(root, 'data'));
  try {
    for (let i = 0; i < HOSTS; i++) {
      await engine.call('hosts.add', {
        name: `host-${i}`,
        address: '127.0.0.1',
        tier: 'other',
        scrapes: [
          {
            job: 'farm',
            address: `127.0.0.1:${farm.port}`,
            metricsPath: farm.path(i),
            intervalMs: INTERVAL_MS,
            labels: { instance: `host-${i}` },
          },
        ],
      });
    }
    await wait(WARM_MS);
    const before = usageOf(engine.pid);
    const answeredBefore = farm.answered();
    let peak = before.rss;
    const start = performance.now();
    while (performance.now() - start < MEASURE_MS) {
      await wait(1_000);
      peak = Math.max(peak, usageOf(engine.pid).rss);
    }
    const seconds = (performance.now() - start) / 1000;
    const after = usageOf(engine.pid);
    const share = (100 * (after.cpuSeconds - before.cpuSeconds)) / seconds;
    const scrapes = farm.answered() - answeredBefore;
    console.log(
      `idle: ${HOSTS} hosts x ${SERIES} series every ${INTERVAL_MS / 1000} s, ${seconds.toFixed(0)} s measured`,
    );
    console.log(
      `scrapes answered        ${scrapes} (expected about ${Math.round((HOSTS * seconds * 1000) / INTERVAL_MS)})`,
    );
    console.log(`CPU of one core         ${share.toFixed(2)} %      (bar: 3 %)`);
    console.log(`RSS peak                ${(peak / 1048576).toFixed(0)} MiB   (bar: 250 MB = 238 MiB)`);
  } finally {
    await engine.stop();
    await farm.close();
    rmSync(root, { recursive: true, force: true });
  }
}
