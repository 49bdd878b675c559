import { type BigIntStats, closeSync, fstatSync, openSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { LogEncoding } from '#shared/contract/logs-reading.ts';
import { describeThrown } from '#shared/errors/index.ts';
import type { FilePosition } from '../model.ts';
import { lineUnitOf, unitBytes } from './encoding.ts';
import { type FoundFile, placeOf } from './glob.ts';
import { type Candidate, candidateOf, isSameFile, readAt } from './identity.ts';
import { lastNewline } from './lines.ts';

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
/** How often a folder is listed anew when files move under way. */
export const ATTEMPTS = 5;

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

/** Whether a file that was listed is still the one that a position was taken of, by device, inode and content. */
export function stillHolds(entry: FoundFile, position: FilePosition): boolean {
  // One that cannot be opened any more does not stand in anybody's way.
  const opened = openCandidate(entry.path, () => undefined);
  if (opened === null) return false;
  const holds = opened.candidate.place === position.place && isSameFile(position, opened.candidate);
  closeSync(opened.handle);
  return holds;
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
 * that `visit` does not keep. Stops when `visit` says so. When a name means another file, or none, between listing and
 * opening, a rotation is going on, and all is listed anew.
 */
export function visitSiblings(
  path: string,
  wanted: (neighbour: Neighbour) => boolean,
  visit: (opened: Opened) => { readonly keep: boolean; readonly stop: boolean },
): void {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) if (visitOnce(path, wanted, visit)) return;
}

/** Says whether nothing moved under way. */
function visitOnce(
  path: string,
  wanted: (neighbour: Neighbour) => boolean,
  visit: (opened: Opened) => { readonly keep: boolean; readonly stop: boolean },
): boolean {
  const folder = dirname(path);
  const neighbours: Neighbour[] = [];
  let still = true;
  let names: readonly string[] = [];
  try {
    names = readdirSync(folder).slice(0, MAX_SIBLINGS);
  } catch {
    // A folder that is gone or closed to us holds nothing to recover; the listing of the source reports it.
    return true;
  }
  for (const name of names) {
    const sibling = join(folder, name);
    const stats = statQuietly(sibling);
    if (stats === null) still = false;
    if (!stats?.isFile()) continue;
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
    let refused = false;
    const opened = openCandidate(neighbour.path, () => {
      refused = true;
    });
    if (opened === null) {
      if (!refused) still = false;
      continue;
    }
    if (opened.candidate.place !== neighbour.place) {
      // Another file has this name by now.
      closeSync(opened.handle);
      still = false;
      continue;
    }
    const { keep, stop } = visit(opened);
    if (!keep) closeSync(opened.handle);
    if (stop) return true;
  }
  return still;
}

/** Null when the file has gone, undefined when it may not be looked at and so is no neighbour. */
function statQuietly(path: string): BigIntStats | null | undefined {
  try {
    return statSync(path, { bigint: true, throwIfNoEntry: false }) ?? null;
  } catch {
    // A broken mount, or a folder without the right to search it.
    return undefined;
  }
}

/** Where the last line begins, so that a line being written is read whole later. Looks back at most a MiB. */
export function lastLineStart({ handle, candidate }: Opened, encoding: LogEncoding): number {
  const { size, head } = candidate;
  const unit = lineUnitOf(head, encoding);
  const width = unitBytes(unit);
  const whole = size - (size % width);
  const start = Math.max(0, whole - 1024 * 1024);
  const bytes = readAt(handle, start, whole - start);
  const newline = lastNewline(bytes, unit);
  if (newline >= 0) return start + newline + width;
  return start === 0 ? 0 : whole;
}
