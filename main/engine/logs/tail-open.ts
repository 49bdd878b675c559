import { type BigIntStats, closeSync, fstatSync, openSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describeThrown } from '#shared/errors/index.ts';
import { placeOf } from './tail-glob.ts';
import { type Candidate, candidateOf, readAt } from './tail-identity.ts';

/** A file that was opened to see what it is. */
export type Opened = {
  readonly path: string;
  readonly handle: number;
  readonly candidate: Candidate;
  readonly mtimeMs: number;
  readonly mtimeNs: bigint;
};

/** Files beside a lost one that are looked at, at most. */
const MAX_SIBLINGS = 5000;

/**
 * Opens a file and reads its head.
 *
 * @param failed hears why it could not be; a file that has just gone is no failure
 */
export function openCandidate(path: string, failed: (why: string) => void): Opened | null {
  let handle: number | null = null;
  try {
    handle = openSync(path, 'r');
    return lookAt(path, handle);
  } catch (thrown) {
    if (handle !== null) closeSync(handle);
    if ((thrown as { readonly code?: unknown }).code !== 'ENOENT') failed(describeThrown(thrown));
    return null;
  }
}

/** Looks at an open file as if it had just been opened. */
export function lookAt(path: string, handle: number): Opened {
  const stats = fstatSync(handle, { bigint: true });
  return {
    path,
    handle,
    candidate: candidateOf(handle, Number(stats.size), placeOf(stats)),
    mtimeMs: Number(stats.mtimeMs),
    mtimeNs: stats.mtimeNs,
  };
}

/** What is known of a neighbour before it is opened. */
export type Neighbour = {
  readonly path: string;
  readonly place: string;
  readonly size: number;
  readonly mtimeMs: number;
};

/**
 * Opens the wanted regular files in a path's folder one after the other, the latest written first, and closes each
 * that `visit` does not keep. Stops when `visit` says so.
 */
export function visitSiblings(
  path: string,
  wanted: (neighbour: Neighbour) => boolean,
  visit: (opened: Opened) => { readonly keep: boolean; readonly stop: boolean },
): void {
  const folder = dirname(path);
  const neighbours: Neighbour[] = [];
  let names: readonly string[] = [];
  try {
    names = readdirSync(folder).slice(0, MAX_SIBLINGS);
  } catch {
    // A folder that is gone or closed to us holds nothing to recover; the listing of the source reports it.
    return;
  }
  for (const name of names) {
    const sibling = join(folder, name);
    const stats = statQuietly(sibling);
    if (stats === null || !stats.isFile()) continue;
    const neighbour = {
      path: sibling,
      place: placeOf(stats),
      size: Number(stats.size),
      mtimeMs: Number(stats.mtimeMs),
    };
    if (wanted(neighbour)) neighbours.push(neighbour);
  }
  neighbours.sort((a, b) => b.mtimeMs - a.mtimeMs);
  for (const neighbour of neighbours) {
    // Neighbours that cannot be opened are nobody's concern: they are not part of the source.
    const opened = openCandidate(neighbour.path, () => undefined);
    if (opened === null) continue;
    const { keep, stop } = visit(opened);
    if (!keep) closeSync(opened.handle);
    if (stop) return;
  }
}

function statQuietly(path: string): BigIntStats | null {
  try {
    return statSync(path, { bigint: true, throwIfNoEntry: false }) ?? null;
  } catch {
    // Not to be looked at (a broken mount, a folder without x): then it is not a neighbour.
    return null;
  }
}

/** Where the last line begins, so that a line being written is read whole later. Looks back at most a MiB. */
export function lastLineStart(handle: number, size: number): number {
  const start = Math.max(0, size - 1024 * 1024);
  const bytes = readAt(handle, start, size - start);
  const newline = bytes.lastIndexOf(10);
  if (newline >= 0) return start + newline + 1;
  return start === 0 ? 0 : size;
}
