import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** Flushes a folder's entries to the disk, so that a rename in it survives a power cut. */
export function syncFolder(folder: string): void {
  // Windows cannot open a folder for fsync; NTFS journals the rename itself.
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Flushes a finished file's content to the disk. */
export function syncFile(path: string): void {
  const handle = openSync(path, 'r+');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Gives a finished, fsynced file its final name, durably: rename, then fsync of the folder. */
export function publishFile(temporary: string, final: string): void {
  renameSync(temporary, final);
  syncFolder(dirname(final));
}

/**
 * Writes a small file so that at every moment either the old or the new content stands under its name.
 *
 * Temporary file beside it → fsync → rename → fsync of the folder. Throws the system's error; the temporary file is
 * removed then.
 */
export function writeFileDurably(path: string, content: string | Uint8Array, mode = 0o600): void {
  const temporary = `${path}.part-${process.pid}`;
  const handle = openSync(temporary, 'w', mode);
  try {
    const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
    let written = 0;
    while (written < bytes.length) written += writeSync(handle, bytes, written);
    fsyncSync(handle);
  } catch (thrown) {
    closeSync(handle);
    rmSync(temporary, { force: true });
    throw thrown;
  }
  closeSync(handle);
  publishFile(temporary, path);
}
