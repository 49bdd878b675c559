import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { planIndex, type SegmentRange } from '../../../main/engine/logs/terms/plan.ts';
import { inProject } from '../../../scripts/lib/paths.ts';
import { type HeadlessEngine, startHeadlessEngine } from '../../helpers/headless-engine.ts';

/** The built engine on a data folder. */
export function startEngine(dataDir: string): Promise<HeadlessEngine> {
  return startHeadlessEngine(dataDir, ['--listen', '127.0.0.1:0'], inProject('dist', 'engine', 'cli.js'));
}

/** Gives a temporary folder to some work and removes it afterwards; `TMPDIR` says on which disk. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'hmtt-bench-logs-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function dayFiles(dataDir: string): readonly string[] {
  const folder = join(dataDir, 'logs');
  return readdirSync(folder)
    .filter((name) => /^\d{4}-\d\d-\d\d\.db$/.test(name))
    .map((name) => join(folder, name));
}

/** Blocks of the store that no segment of the index covers. */
function unindexedBlocks(dataDir: string): number {
  let blocks = 0;
  for (const file of dayFiles(dataDir)) {
    const db = new Database(file, { readonly: true });
    const row = db
      .prepare(
        `SELECT (SELECT count(*) FROM block) -
           coalesce((SELECT sum(last_block - first_block + 1) FROM term_segment), 0) AS open`,
      )
      .get() as { open: number };
    blocks += row.open;
    db.close();
  }
  return blocks;
}

/** Blocks that wait for others before they are indexed; they are looked through. */
const WAITING = 16;

/** Waits until the index is up with the store. */
export async function indexed(dataDir: string): Promise<void> {
  while (unindexedBlocks(dataDir) >= WAITING) await wait(10);
}

/** Whether segments of a day's index wait to be merged, or blocks for their first one. */
function hasIndexWork(file: string): boolean {
  const db = new Database(file, { readonly: true });
  try {
    const segments = db
      .prepare(
        'SELECT id, first_block AS firstBlock, last_block AS lastBlock, terms FROM term_segment ORDER BY first_block',
      )
      .all() as SegmentRange[];
    const { last } = db.prepare('SELECT max(id) AS last FROM block').get() as { last: number | null };
    return planIndex(segments, last ?? 0, 'written') !== null;
  } finally {
    db.close();
  }
}

/** Waits until nothing is left to be done for the index, as in a store that has been there for a while. */
export async function settled(dataDir: string): Promise<void> {
  await indexed(dataDir);
  while (dayFiles(dataDir).some(hasIndexWork)) await wait(200);
}

/** Bytes of the log store on the disk, write-ahead logs included. */
export function storeBytes(dataDir: string): number {
  const folder = join(dataDir, 'logs');
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}
