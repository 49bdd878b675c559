import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { SampleBuffer } from '#shared/domain/samples.ts';
import { type MetricsBench, openMetrics } from '../helpers/metrics-area.ts';
import { CRASH_START, CRASH_STEP, CRASH_WINDOW } from '../helpers/metrics-crash-data.ts';
import { temporaryFolder } from '../helpers/temp-folder.ts';

/** How often the process is killed; `HMTT_METRICS_KILLS=50` for a long run. */
const KILLS = Number(process.env.HMTT_METRICS_KILLS ?? 8);
const child = fileURLToPath(new URL('../helpers/metrics-ingest-child.ts', import.meta.url));

/** Lets a child ingest from scrape `first` on and kills it after `ms`; the last scrape that it acknowledged. */
async function ingestAndKill(folder: string, first: number, seed: number, ms: number): Promise<number> {
  const running = spawn(process.execPath, [child, folder, String(first), String(seed)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  const begun = new Promise<void>((resolve) => running.stdout.once('data', () => resolve()));
  running.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8');
  });
  const gone = new Promise<void>((resolve) => running.once('close', () => resolve()));
  await Promise.race([begun, gone]);
  await wait(ms);
  running.kill('SIGKILL');
  await gone;
  // Only whole lines: the last may have been cut in two.
  const numbers = said
    .slice(0, said.lastIndexOf('\n') + 1)
    .trim()
    .split('\n');
  return Number(numbers.at(-1));
}

/** Times of one series' samples in scrapes; fails on one that is there twice or has the wrong value. */
function scrapesOf(bench: MetricsBench, name: string, label: string, factor: number): Set<number> {
  const found = new Set<number>();
  const buffer = new SampleBuffer();
  const matchers = [
    { name: '__name__', op: '=', value: name },
    { name: 'i', op: '=', value: label },
  ] as const;
  for (const series of bench.area.store.select(matchers, 0, 1e15)) {
    series.read(0, 1e15, buffer);
    for (let i = 0; i < buffer.length; i++) {
      const n = ((buffer.times[i] ?? 0) - CRASH_START) / CRASH_STEP;
      expect(found.has(n)).toBe(false);
      expect(buffer.values[i]).toBe(n * factor);
      found.add(n);
    }
  }
  return found;
}

test(`killed ${KILLS} times, the store has every acknowledged scrape once`, async () => {
  const folder = temporaryFolder('metrics-crash');
  let first = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const last = await ingestAndKill(folder, first, kill * 31, 30 + ((kill * 397) % 900));
    const now = CRASH_START + (last + 2) * CRASH_STEP;
    const bench = openMetrics(folder, now, { windowMs: CRASH_WINDOW });
    expect(bench.area.problems()).toEqual([]);
    for (const [name, label, factor] of [
      ['scrape', '', 1],
      ['wide', '7', 7],
      ['wide', '299', 299],
    ] as const) {
      const found = scrapesOf(bench, name, label, factor);
      const missing = Array.from({ length: last + 1 }, (_, n) => n).filter((n) => !found.has(n));
      expect(missing).toEqual([]);
      // At most the scrape that was in flight is there besides.
      expect(found.size).toBeLessThanOrEqual(last + 2);
      first = found.size;
    }
    bench.area.close();
  }
  expect(readdirSync(folder).filter((name) => name.endsWith('s.db')).length).toBeGreaterThan(0);
}, 600_000);
