import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { settled, startEngine, storeBytes } from './engine.ts';
import { writeGenerated } from './generate.ts';

const LINES = Number(process.env.HMTT_BENCH_SEARCH_LINES ?? 50_000_000);
const DAYS = 50;

/** A word that stands in one line of all. */
export const NEEDLE = 'needle-7f3a';

/** Generated logs of many days, as files and stored. */
export type SearchCorpus = { readonly raw: string; readonly dataDir: string; readonly bytes: number };

let made: Promise<SearchCorpus> | null = null;

/** The logs that searches are measured on: made once for all parts, removed when the process ends. */
export function searchCorpus(): Promise<SearchCorpus> {
  made ??= make();
  return made;
}

async function make(): Promise<SearchCorpus> {
  const folder = mkdtempSync(join(tmpdir(), 'hmtt-bench-search-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const lines = Math.ceil(LINES / DAYS);
  const first = Math.floor(Date.now() / 86_400_000) - DAYS;
  const raw = join(folder, 'raw');
  let bytes = 0;
  mkdirSync(raw);
  for (let day = 0; day < DAYS; day += 1)
    bytes += writeGenerated(join(raw, `app-${String(day).padStart(2, '0')}.log`), {
      lines,
      startMs: (first + day) * 86_400_000,
      stepMs: (86_400_000 / lines) * 0.99,
      seed: day + 1,
      // One line, in the older half: a search has to go through the days before it.
      ...(day === 12 ? { needles: new Map([[lines >> 1, NEEDLE]]) } : {}),
    });
  const dataDir = join(folder, 'data');
  const engine = await startEngine(dataDir);
  await engine.call('logs.sources.add', { path: join(raw, '*.log'), zone: 'UTC' });
  await engine.call('logs.sync', {});
  await settled(dataDir);
  await engine.stop();
  console.log(
    `${lines * DAYS} lines of ${DAYS} days: ${(bytes / 1e9).toFixed(2)} GB raw, ${(storeBytes(dataDir) / 1e9).toFixed(2)} GB stored`,
  );
  return { raw, dataDir, bytes };
}
