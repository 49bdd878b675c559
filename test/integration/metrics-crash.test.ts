import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { SampleBuffer } from '#shared/domain/samples.ts';
import { type MetricsBench, openMetrics } from '../helpers/metrics-area.ts';
import { CRASH_OPTIONS, CRASH_START, CRASH_STEP, CRASH_WINDOW } from '../helpers/metrics-crash-data.ts';
import { temporaryFolder } from '../helpers/temp-folder.ts';

/** How often the process is killed; `HMTT_METRICS_KILLS=100` for a long run. */
const KILLS = Number(process.env.HMTT_METRICS_KILLS ?? 8);
const child = fileURLToPath(new URL('../helpers/metrics-ingest-child.ts', import.meta.url));

/**
 * Lets a child ingest from scrape `first` on and kills it some milliseconds after it has acknowledged so many scrapes, which
 * says how far it is on any machine; the last scrape that it acknowledged.
 */
async function ingestAndKill(
  folder: string,
  first: number,
  kill: { readonly seed: number; readonly scrapes: number; readonly ms: number },
  keep: number | '' = '',
): Promise<number> {
  const running = spawn(process.execPath, [child, folder, String(first), String(kill.seed), String(keep)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  const far = new Promise<void>((resolve) =>
    running.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
      if (said.split('\n').length > kill.scrapes) resolve();
    }),
  );
  const gone = new Promise<void>((resolve) => running.once('close', () => resolve()));
  await Promise.race([far, gone]);
  await wait(kill.ms);
  running.kill('SIGKILL');
  await gone;
  // Only whole lines: the last may have been cut in two.
  const numbers = said
    .slice(0, said.lastIndexOf('\n') + 1)
    .trim()
    .split('\n');
  return Number(numbers.at(-1));
}

/** The moment of a kill: any number of scrapes up to several merged files, and then any of the next milliseconds. */
const moment = (kill: number, seed: number) => ({
  seed: kill * seed,
  scrapes: 1 + ((kill * 67 + seed) % 190),
  ms: (kill * 7) % 23,
});

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

/** What is looked at: a metric, its label `i`, and what its value is of the number of the scrape. */
const LOOKED_AT = [
  ['scrape', '', 1],
  ['wide', '7', 7],
  ['wide', '299', 299],
] as const;

const partitionsIn = (folder: string): readonly string[] =>
  readdirSync(folder).filter((name) => /s(\.sevens)?\.db$/.test(name));

test(`killed ${KILLS} times while it seals and merges, the store has every acknowledged scrape once`, async () => {
  const folder = temporaryFolder('metrics-crash');
  let first = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const last = await ingestAndKill(folder, first, moment(kill, 31));
    const now = CRASH_START + (last + 2) * CRASH_STEP;
    const bench = openMetrics(folder, now, CRASH_OPTIONS);
    expect(bench.area.problems()).toEqual([]);
    expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual([]);
    for (const [name, label, factor] of LOOKED_AT) {
      const found = scrapesOf(bench, name, label, factor);
      const missing = Array.from({ length: last + 1 }, (_, n) => n).filter((n) => !found.has(n));
      expect(missing).toEqual([]);
      // At most the scrape that was in flight is there besides.
      expect(found.size).toBeLessThanOrEqual(last + 2);
      first = found.size;
    }
    bench.area.close();
  }
  const names = partitionsIn(folder);
  expect(names.some((name) => name.endsWith('.sevens.db'))).toBe(true);
  expect(names.some((name) => name.includes(`Z.${(4 * CRASH_WINDOW) / 1000}s`))).toBe(true);
}, 1_200_000);

test(`killed ${KILLS} times while it also removes, the store has all that is to be kept`, async () => {
  const folder = temporaryFolder('metrics-crash-retention');
  const keep = 6 * CRASH_WINDOW;
  let first = 0;
  let removed = false;
  for (let kill = 0; kill < KILLS; kill++) {
    const last = await ingestAndKill(folder, first, moment(kill, 17), keep);
    const bench = openMetrics(folder, CRASH_START + (last + 2) * CRASH_STEP, CRASH_OPTIONS);
    expect(bench.area.problems()).toEqual([]);
    for (const [name, label, factor] of LOOKED_AT) {
      const found = scrapesOf(bench, name, label, factor);
      const oldest = Math.max(0, last - keep / CRASH_STEP);
      for (let n = oldest; n <= last; n++) if (!found.has(n)) throw new Error(`${name} ${n} is missing`);
      removed ||= !found.has(0);
      first = last + 1;
      if (found.has(first)) first++;
    }
    bench.area.close();
  }
  expect(removed).toBe(true);
}, 1_200_000);
