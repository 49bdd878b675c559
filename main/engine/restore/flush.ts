import { execFile } from 'node:child_process';
import { open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { fsPath, type RawPath } from '../platform/raw-path.ts';

const run = promisify(execFile);

/** Below this many files, flushing each by itself is as fast and touches nothing else on the disk. */
const FEW = 16;
const PARALLEL = 4;

/**
 * Makes sure that files written just now are on the disk.
 *
 * On Linux one `sync -f` (syncfs) stands for hundreds of fsync calls, each of which would wait for the journal; where there
 * is no such tool, and for a few files, each file is flushed by itself. Throws the system's error.
 */
export async function flushFiles(paths: readonly RawPath[]): Promise<void> {
  const first = paths[0];
  if (first === undefined) return;
  if (process.platform === 'linux' && paths.length > FEW && (await syncFileSystems(paths))) return;
  for (let at = 0; at < paths.length; at += PARALLEL) {
    await Promise.all(paths.slice(at, at + PARALLEL).map(flushFile));
  }
}

async function flushFile(path: RawPath): Promise<void> {
  const handle = await open(fsPath(path), 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Flushes the file systems that hold the files; false where that cannot be asked for. */
async function syncFileSystems(paths: readonly RawPath[]): Promise<boolean> {
  const folders = new Set(paths.map((path) => path.slice(0, path.lastIndexOf('/')) || '/'));
  // A name that is not UTF-8 cannot be an argument; its files are flushed one by one.
  if ([...folders].some((folder) => !folder.isWellFormed())) return false;
  try {
    await run('sync', ['--file-system', '--', ...folders]);
    return true;
  } catch {
    // No `sync` with that option here (BusyBox), or it failed: each file's own fsync will tell why.
    return false;
  }
}
