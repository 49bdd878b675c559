import { createHash, hash } from 'node:crypto';
import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readlinkSync,
  readSync,
} from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { decodePath, fsPath, type RawPath } from '../platform/raw-path.ts';
import type { Existing } from './decide.ts';

/**
 * `lstat` that says null where there is nothing. Other failures are thrown.
 *
 * Like all that a restore does to single files it is a plain call on the restore's own thread: handing each of the dozen calls
 * a file needs to the thread pool took five times as long as the calls themselves.
 */
export function lstatOrNull(path: RawPath): BigIntStats | null {
  return lstatSync(fsPath(path), { bigint: true, throwIfNoEntry: false }) ?? null;
}

const piece = Buffer.allocUnsafe(256 * 1024);
/** A larger file lets others have a turn, and can be cancelled, each time this much of it was read. */
const TURN_BYTES = 16 << 20;

const READ_ONLY = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** SHA-256 of a file's content, hexadecimal. Throws the system's error; a link or FIFO is not followed or waited for. */
export async function hashFile(path: RawPath, signal?: AbortSignal): Promise<string> {
  const fd = openSync(fsPath(path), READ_ONLY);
  try {
    return await hashOpen(fd, signal);
  } finally {
    closeSync(fd);
  }
}

/**
 * Whether a regular file of this size and hash stands at a path: a link to one does not count. Throws the system's error, but for
 * nothing being there.
 */
export async function hasContent(
  path: RawPath,
  size: number,
  sha256: string,
  signal: AbortSignal,
): Promise<boolean> {
  let fd: number;
  try {
    fd = openSync(fsPath(path), READ_ONLY);
  } catch (thrown) {
    const { code } = thrown as { readonly code?: unknown };
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') return false;
    throw thrown;
  }
  try {
    const stats = fstatSync(fd);
    return stats.isFile() && stats.size === size && (await hashOpen(fd, signal)) === sha256;
  } finally {
    closeSync(fd);
  }
}

async function hashOpen(fd: number, signal?: AbortSignal): Promise<string> {
  const first = readSync(fd, piece, 0, piece.length, 0);
  // Most files are small; a hash object for each was a fifth of reading them, and left work to the collector of garbage.
  if (first < piece.length) return hash('sha256', piece.subarray(0, first), 'hex');
  const whole = createHash('sha256').update(piece);
  for (let at = first; ; ) {
    const read = readSync(fd, piece, 0, piece.length, at);
    if (read === 0) return whole.digest('hex');
    whole.update(piece.subarray(0, read));
    at += read;
    if (at % TURN_BYTES < read) {
      await nextTurn();
      signal?.throwIfAborted();
    }
  }
}

/**
 * Looks at what stands at a target. The content is hashed only when its size equals the entry's: only then the hash can
 * decide anything. Equal times alone never count as "same", because damaged content keeps its time.
 */
export async function inspect(
  path: RawPath,
  entrySize: number,
  signal: AbortSignal,
): Promise<Existing | null> {
  const stats = lstatOrNull(path);
  if (stats === null) return null;
  const type = stats.isFile()
    ? 'file'
    : stats.isDirectory()
      ? 'directory'
      : stats.isSymbolicLink()
        ? 'symlink'
        : 'other';
  return {
    type,
    size: Number(stats.size),
    mode: Number(stats.mode & 0o7777n),
    mtimeNs: stats.mtimeNs,
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    link: type === 'symlink' ? decodePath(readlinkSync(fsPath(path), 'buffer')) : null,
    sha256: type === 'file' && Number(stats.size) === entrySize ? await hashFile(path, signal) : null,
  };
}
