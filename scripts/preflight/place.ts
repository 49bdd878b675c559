import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { kill, pid } from 'node:process';
import { cacheFolder } from '../lib/paths.ts';
import { type RuntimeRecord, readRuntime, runtimeFolder, runtimeRecordName } from '../lib/runtime.ts';

const workPrefix = '.work-';

/** No step takes this long; a folder this old was left behind. */
const abandonedMs = 3_600_000;

/**
 * A folder in the cache for unfinished things, on the same file system as the finished ones.
 *
 * Folders of runs that were killed are removed first; a run that is still alive keeps its own.
 */
export function openWorkFolder(): string {
  const cache = cacheFolder();
  mkdirSync(cache, { recursive: true });
  for (const name of readdirSync(cache)) {
    const owner = Number(name.slice(workPrefix.length));
    if (!name.startsWith(workPrefix)) continue;
    const young =
      Date.now() - (statSync(join(cache, name), { throwIfNoEntry: false })?.mtimeMs ?? 0) < abandonedMs;
    // The age counts as well, because a number may by now belong to another process.
    if (owner === pid || !young || !isAlive(owner)) {
      rmSync(join(cache, name), { recursive: true, force: true });
    }
  }
  const folder = join(cache, `${workPrefix}${pid}`);
  mkdirSync(folder);
  return folder;
}

/** Writes a runtime's record so that it appears whole or not at all. */
export function writeRecord(folder: string, record: RuntimeRecord): void {
  const file = join(folder, runtimeRecordName);
  writeFileSync(`${file}.${pid}`, `${JSON.stringify(record, null, 2)}\n`);
  renameSync(`${file}.${pid}`, file);
}

/**
 * Moves a finished runtime to its final name.
 *
 * The record is written first and the rename is one step, so that a kill at any moment leaves either nothing or a
 * whole runtime. A second preflight that was faster wins; its runtime is as good as this one.
 */
export function placeRuntime(unpacked: string, record: RuntimeRecord): void {
  const final = runtimeFolder(record.electron);
  writeRecord(unpacked, record);
  const present = readRuntime(record.electron);
  if (present?.recipe === record.recipe) return;
  mkdirSync(dirname(final), { recursive: true });
  rmSync(final, { recursive: true, force: true });
  renameSync(unpacked, final);
}

function isAlive(owner: number): boolean {
  if (!Number.isInteger(owner) || owner <= 0) return false;
  try {
    kill(owner, 0);
    return true;
  } catch {
    return false;
  }
}
