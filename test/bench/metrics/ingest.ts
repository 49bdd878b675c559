import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { startHeadlessEngine } from '../../helpers/headless-engine.ts';
import { usageOf } from '../../helpers/process-usage.ts';
import { type Farm, startFarm } from './farm.ts';
import { startPrometheusProcess } from './prometheus-process.ts';
import { printComparison, printHead } from './report.ts';

const TARGETS = 100;
const SERIES = 1_000;
const SECONDS = Number(env.HMTT_BENCH_SECONDS ?? 60);
const BAR = 1.5;

type Ingest = {
  /** CPU seconds for a million samples: since the first scrape, and once every series was there. */
  readonly cpuWhole: number;
  readonly cpuSteady: number;
  readonly peakRss: number;
  readonly samples: number;
};

/**
 * Scrapes 100 targets with 1,000 series each, every second: first Prometheus, then the engine, each alone with the farm.
 */
export async function benchIngest(): Promise<void> {
  const theirs = await withFarm(ingestPrometheus);
  const ours = await withFarm(ingestConsole);
  printHead(`ingest: ${TARGETS} targets x ${SERIES} series each second, ${SECONDS} s`);
  const line = (what: string, of: (one: Ingest) => number, bar: number, unit: string, digits: number): void =>
    printComparison({ what, ours: of(ours), theirs: of(theirs), bar, unit, digits });
  line('CPU a million samples, from the start', (one) => one.cpuWhole, BAR, 's', 3);
  line('CPU a million samples, steady', (one) => one.cpuSteady, BAR, 's', 3);
  line('RSS, peak', (one) => one.peakRss / 2 ** 20, BAR, 'MiB', 0);
  console.log(`samples: console ${ours.samples}, Prometheus ${theirs.samples}`);
}

async function withFarm(ingest: (farm: Farm, folder: string) => Promise<Ingest>): Promise<Ingest> {
  const folder = mkdtempSync(join(tmpdir(), 'hmtt-bench-ingest-'));
  const farm = await startFarm(TARGETS, SERIES);
  try {
    return await ingest(farm, folder);
  } finally {
    await farm.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Watches a process that scrapes the farm. @param began CPU seconds it had used before it was given the targets */
async function watch(farm: Farm, pid: number, began: number): Promise<Ingest> {
  // By now each target was scraped at least once, so all series are there.
  while ((await farm.answered()) < 2 * TARGETS) await wait(100);
  const first = { used: usageOf(pid).cpuSeconds, answered: await farm.answered() };
  await wait(SECONDS * 1000);
  const { cpuSeconds, peakRss } = usageOf(pid);
  const answered = await farm.answered();
  const perMillion = (seconds: number, scrapes: number): number => seconds / ((scrapes * SERIES) / 1e6);
  return {
    cpuWhole: perMillion(cpuSeconds - began, answered),
    cpuSteady: perMillion(cpuSeconds - first.used, answered - first.answered),
    peakRss,
    samples: answered * SERIES,
  };
}

async function ingestPrometheus(farm: Farm, folder: string): Promise<Ingest> {
  const jobs = Array.from(
    { length: TARGETS },
    (_, i) =>
      `  - {job_name: farm-${i}, metrics_path: ${farm.path(i)}, static_configs: [{targets: ['127.0.0.1:${farm.port}']}]}`,
  );
  const config = `global: {scrape_interval: 1s, scrape_timeout: 1s}\nscrape_configs:\n${jobs.join('\n')}\n`;
  const prometheus = await startPrometheusProcess(folder, config);
  try {
    return await watch(farm, prometheus.pid, 0);
  } finally {
    await prometheus.stop();
  }
}

async function ingestConsole(farm: Farm, folder: string): Promise<Ingest> {
  const engine = await startHeadlessEngine(join(folder, 'data'));
  try {
    const began = usageOf(engine.pid).cpuSeconds;
    for (let i = 0; i < TARGETS; i++) {
      await engine.call('hosts.add', {
        name: `host-${i}`,
        address: '127.0.0.1',
        tier: 'other',
        scrapes: [
          {
            job: `farm-${i}`,
            address: `127.0.0.1:${farm.port}`,
            metricsPath: farm.path(i),
            intervalMs: 1_000,
            timeoutMs: 1_000,
          },
        ],
      });
    }
    return await watch(farm, engine.pid, began);
  } finally {
    await engine.stop();
  }
}
