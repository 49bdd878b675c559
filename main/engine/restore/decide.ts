import type { Overwrite, RestoreAction, RestoreItem } from '#shared/contract/restore.ts';
import type { PointEntry } from './types.ts';

/** What stands at a target now. */
export type Existing = {
  readonly type: 'file' | 'directory' | 'symlink' | 'other';
  readonly size: number;
  readonly mode: number;
  readonly mtimeNs: bigint;
  readonly uid?: number;
  readonly gid?: number;
  /** Target of a symbolic link. */
  readonly link: string | null;
  /** SHA-256 of a file's content, hexadecimal; null when it was not needed (size differs) or could not be read. */
  readonly sha256: string | null;
};

/** What will happen to one path, and why. */
export type Decision = { readonly action: RestoreAction; readonly reason: RestoreItem['reason'] };

/**
 * Node sets times as a double of seconds, which holds today's times to less than a microsecond; a restored file's time
 * is the archive's within this many nanoseconds.
 */
export const MTIME_TOLERANCE_NS = 2_000n;

/** The time of an entry in nanoseconds since 1970. */
export function entryMtimeNs(entry: Pick<PointEntry, 'mtime'>): bigint {
  const digits = BigInt(entry.mtime.replace('-', '').replace('.', ''));
  return entry.mtime.startsWith('-') ? -digits : digits;
}

/**
 * Decides what happens to one entry. Pure: the same entry, target and rule give the same decision.
 *
 * @param contentSha256 hash of the entry's content; for a hard link, of the file that it names
 * @param owners whether owners are given back, so that a file of somebody else is not the same
 */
export function decide(
  entry: PointEntry,
  existing: Existing | null,
  overwrite: Overwrite,
  contentSha256: string | undefined,
  owners = false,
): Decision {
  if (entry.type === 'fifo' || entry.type === 'socket' || entry.type === 'device')
    return { action: 'skip', reason: 'unsupported' };
  if (existing === null) return { action: 'restore', reason: 'missing' };
  if (isSame(entry, existing, contentSha256, owners)) return { action: 'same', reason: 'identical' };
  // A folder is never replaced by a file, nor a file by a folder: that would delete what nobody looked at.
  if ((entry.type === 'directory') !== (existing.type === 'directory') || existing.type === 'other') {
    return { action: 'skip', reason: 'unsafe' };
  }
  switch (overwrite) {
    case 'never':
      return { action: 'skip', reason: 'kept_existing' };
    case 'always':
      return { action: 'update', reason: 'differs' };
    case 'older':
      return existing.mtimeNs + MTIME_TOLERANCE_NS < entryMtimeNs(entry)
        ? { action: 'update', reason: 'newer_in_archive' }
        : { action: 'skip', reason: 'kept_newer' };
  }
}

function isSame(
  entry: PointEntry,
  existing: Existing,
  contentSha256: string | undefined,
  owners: boolean,
): boolean {
  if (owners && (existing.uid !== entry.uid || existing.gid !== entry.gid)) return false;
  if (entry.type === 'symlink') return existing.type === 'symlink' && existing.link === (entry.link ?? '');
  if (existing.mode !== entry.mode) return false;
  const drift = existing.mtimeNs - entryMtimeNs(entry);
  if (drift > MTIME_TOLERANCE_NS || drift < -MTIME_TOLERANCE_NS) return false;
  if (entry.type === 'directory') return existing.type === 'directory';
  if (existing.type !== 'file' || existing.size !== entry.size) return false;
  return existing.sha256 !== null && existing.sha256 === contentSha256;
}
