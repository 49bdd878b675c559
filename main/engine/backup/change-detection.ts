import type { BigIntStats } from 'node:fs';
import type { ChangeDetection } from '#shared/contract/backup.ts';
import { encodePath, type RawPath } from '../platform/raw-path.ts';
import { deviceText, type IndexRow } from './index-file.ts';
import { type EntryLine, formatMtime } from './manifest.ts';
import { type Xattrs, xattrsDigest } from './xattrs/xattrs.ts';

/** What stands at a path now, as far as it can be compared. */
export type Present = {
  readonly stats: BigIntStats;
  /** Target of a symbolic link. */
  readonly link?: RawPath;
  readonly device?: NonNullable<EntryLine['device']>;
  /** Inode and ctime, or null when the ctime is too young to tell (facts-list.ts). */
  readonly facts: string | null;
  /** Left out when they were not read: the ctime tells that they did not change, or nothing here can read them. */
  readonly xattrs?: Xattrs;
};

/**
 * `same`: the chain holds it as it is. `doubt`: nothing visible changed, only the content can tell. `differs`: it is stored
 * again. `replaced`: something of another kind stands there; what stood there is gone, with all below it.
 */
export type Change = 'same' | 'doubt' | 'differs' | 'replaced';

function kindOf(stats: BigIntStats): string {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  if (stats.isSymbolicLink()) return 'symlink';
  if (stats.isFIFO()) return 'fifo';
  if (stats.isSocket()) return 'socket';
  return 'device';
}

function sameXattrs(known: IndexRow, xattrs: Xattrs): boolean {
  const digest = xattrsDigest(xattrs);
  return digest === null || known.xattrs === null ? digest === known.xattrs : digest.equals(known.xattrs);
}

function sameMetadata(known: IndexRow, { stats, xattrs }: Present): boolean {
  return (
    (xattrs === undefined || sameXattrs(known, xattrs)) &&
    known.mode === (Number(stats.mode) & 0o7777) &&
    known.uid === Number(stats.uid) &&
    known.gid === Number(stats.gid) &&
    known.mtime === formatMtime(stats.mtimeNs)
  );
}

/**
 * Compares what stands at a path with what the parent point knows. Pure.
 *
 * A file of several names is one only when its inode and ctime are the same: every change of its names changes its ctime, for
 * all of them alike, so the whole group is stored again or none of it, and a hard link never leads out of its archive.
 */
export function judgeChange(known: IndexRow, now: Present, how: ChangeDetection): Change {
  const { stats } = now;
  const kind = kindOf(stats);
  if ((known.type === 'hardlink' ? 'file' : known.type) !== kind) return 'replaced';
  if (!sameMetadata(known, now)) return 'differs';
  if (kind === 'symlink')
    return known.link !== null && now.link !== undefined && known.link.equals(encodePath(now.link))
      ? 'same'
      : 'differs';
  if (kind === 'device')
    return now.device !== undefined && known.device === deviceText(now.device) ? 'same' : 'differs';
  if (kind !== 'file') return 'same';
  if (BigInt(known.size) !== stats.size) return 'differs';
  const isSameInode = known.facts !== null && known.facts === now.facts;
  const isLinked = known.type === 'hardlink' || stats.nlink > 1n;
  if (!isSameInode) return isLinked ? 'differs' : 'doubt';
  return how === 'content' ? 'doubt' : 'same';
}
