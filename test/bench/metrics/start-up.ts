import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startHeadlessEngine } from '../../helpers/headless-engine.ts';
import { usageOf } from '../../helpers/process-usage.ts';
import { fillConsole } from './fill-console.ts';
import { fleetSeries } from './fleet.ts';
import { median } from './report.ts';

const HOSTS = 100;
const SERIES = 1_000;
/** One less than fills a chunk: nothing of it can be read from chunks, all rows must be replayed. */
const SCRAPES = 119;
const ROUNDS = 3;
const BAR_SECONDS = 5;

/** From starting the process until it answers, with 100,000 series whose samples are all in write-ahead rows. */
export async function benchStartUp(): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'hmtt-bench-start-up-'));
  try {
    const start = Date.now() - SCRAPES * 15_000;
    await fillConsole(root, fleetSeries(HOSTS, SERIES), { start, stepMs: 15_000, count: SCRAPES });
    const seconds: number[] = [];
    let peak = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const began = performance.now();
      const engine = await startHeadlessEngine(root);
      seconds.push((performance.now() - began) / 1000);
      peak = usageOf(engine.pid).peakRss;
      // Killed, so that the next start finds the same.
      await engine.kill();
    }
    const middle = median(seconds);
    console.log(
      `start with ${HOSTS * SERIES} series and ${((HOSTS * SERIES * SCRAPES) / 1e6).toFixed(1)} M samples in the head:` +
        ` ${middle.toFixed(2)} s, RSS ${(peak / 2 ** 20).toFixed(0)} MiB;` +
        ` bar ${BAR_SECONDS} s, ${middle <= BAR_SECONDS ? 'holds' : 'MISSED'}`,
    );
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
