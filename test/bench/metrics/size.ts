import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fillConsole } from './fill-console.ts';
import { fillPrometheus } from './fill-prometheus.ts';
import { type FleetTimes, fleetSeries } from './fleet.ts';
import { type PrometheusProcess, startPrometheusProcess } from './prometheus-process.ts';
import { printComparison, printHead } from './report.ts';

const HOSTS = 20;
const SERIES = 500;
const HOURS = 12;
const STEP_MS = 15_000;
const WINDOW_MS = 7_200_000;
/** Both sides close a window when they hold half a window beyond it; this much more is written after the hours. */
const BEYOND_MS = 70 * 60_000;
const COMPACTION_MS = 180_000;
const BAR = 1.15;

type Size = { readonly samples: number; readonly bytes: number };

/** Bytes a sample that is closed for good, indexes included: partitions beside compacted blocks. */
export async function benchSize(): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'hmtt-bench-size-'));
  const fleet = fleetSeries(HOSTS, SERIES);
  const start = Math.floor(Date.now() / WINDOW_MS) * WINDOW_MS - (HOURS + 2) * 3_600_000;
  const count = Math.floor((HOURS * 3_600_000 + BEYOND_MS) / STEP_MS);
  const times = { start, stepMs: STEP_MS, count };
  try {
    const theirs = await sizeOfBlocks(join(root, 'prometheus'), fleet, times);
    const stats = await fillConsole(join(root, 'console'), fleet, times);
    const ours = {
      samples: stats.sealedSamples,
      bytes: stats.partitions.reduce((total, { bytes }) => total + bytes, 0),
    };
    printHead(`size: ${HOSTS} hosts x ${SERIES} series x ${HOURS} h every ${STEP_MS / 1000} s`);
    printComparison({
      what: 'bytes a sample, index included',
      ours: ours.bytes / ours.samples,
      theirs: theirs.bytes / theirs.samples,
      bar: BAR,
      unit: 'B',
      digits: 3,
    });
    console.log(
      `samples: console ${ours.samples} in ${stats.partitions.length} files, Prometheus ${theirs.samples}`,
    );
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function sizeOfBlocks(
  folder: string,
  fleet: ReturnType<typeof fleetSeries>,
  times: FleetTimes,
): Promise<Size> {
  const prometheus = await startPrometheusProcess(folder);
  try {
    await fillPrometheus(prometheus.url, fleet, times);
    return await compacted(prometheus, (fleet.length * HOURS * 3_600_000) / STEP_MS);
  } finally {
    await prometheus.stop();
  }
}

/** Waits until the blocks hold all hours and nothing more is merged. */
async function compacted(prometheus: PrometheusProcess, samples: number): Promise<Size> {
  const deadline = performance.now() + COMPACTION_MS;
  let before = 0;
  for (;;) {
    const size = blocks(prometheus.dataDir);
    if (size.samples >= samples && size.bytes === before) return size;
    if (performance.now() > deadline)
      throw new Error(`Prometheus has only ${size.samples} of ${samples} samples in blocks`);
    before = size.bytes;
    await wait(5_000);
  }
}

function blocks(dataDir: string): Size {
  let samples = 0;
  let bytes = 0;
  for (const name of readdirSync(dataDir)) {
    const meta = join(dataDir, name, 'meta.json');
    if (!existsSync(meta)) continue;
    samples += JSON.parse(readFileSync(meta, 'utf8')).stats.numSamples;
    for (const file of readdirSync(join(dataDir, name), { recursive: true, encoding: 'utf8' })) {
      const found = statSync(join(dataDir, name, file));
      if (found.isFile()) bytes += found.size;
    }
  }
  return { samples, bytes };
}
