import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, rmSync, statSync, truncateSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { systemCode } from './io-error.ts';

/** Name of the reserve file in a target folder. */
const TARGET_RESERVE = '.hmtt-reserve';
/** Bytes kept back; a record in console.db takes some KiB. */
const RESERVE_BYTES = 4 << 20;
/** It is made only where it is a small part of what is free. */
const SMALL_PART = 4;
/** It is given back in parts: other writers on a full disk would take all of it at once. */
const PARTS = 4;

/** Where the reserve of a folder lies. */
export function reservePath(folder: string, kind: 'data' | 'target'): string {
  return join(folder, kind === 'data' ? 'console.reserve' : TARGET_RESERVE);
}

/** Makes a reserve file, or fills it up, where there is plenty of space. What cannot be made now is made another time. */
export function ensureReserve(path: string, freeBytes: number): boolean {
  try {
    if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) >= RESERVE_BYTES) return true;
    if (freeBytes < RESERVE_BYTES * SMALL_PART) return false;
    const handle = openSync(path, 'w', 0o600);
    try {
      // Noise: a file system that compresses would keep nothing back for zeros.
      const noise = randomBytes(1 << 20);
      for (let at = 0; at < RESERVE_BYTES; at += noise.length) writeSync(handle, noise);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    return true;
  } catch (thrown) {
    if (systemCode(thrown) === '') throw thrown;
    rmSync(path, { force: true });
    return false;
  }
}

/** Gives a part of a reserve back to the file system. @returns false when there is nothing left of it */
export function releasePart(path: string): boolean {
  try {
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (size === 0) return false;
    const left = size - Math.ceil(RESERVE_BYTES / PARTS);
    if (left > 0) truncateSync(path, left);
    else rmSync(path, { force: true });
    return true;
  } catch (thrown) {
    if (systemCode(thrown) === '') throw thrown;
    return false;
  }
}

/**
 * Writes into console.db; when its disk is full, parts of the reserve are given back until the write succeeds.
 *
 * @param database path of console.db
 */
export function writeFromReserve<T>(database: string, write: () => T): T {
  for (;;) {
    try {
      return write();
    } catch (thrown) {
      const isFull = /^SQLITE_(FULL|IOERR)/.test(systemCode(thrown));
      if (!isFull || !releasePart(reservePath(dirname(database), 'data'))) throw thrown;
    }
  }
}
