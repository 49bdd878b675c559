import type { BigIntStats } from 'node:fs';
import { readlink } from 'node:fs/promises';
import { decodePath, fsPath, type RawPath } from '../platform/raw-path.ts';
import { lstatOrNull } from './inspect.ts';

/** All that is needed to bring a path back to what it was, besides a file's content. */
export type Standing = {
  readonly type: 'file' | 'directory' | 'symlink' | 'other';
  readonly size: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Nanoseconds since 1970, decimal. */
  readonly mtimeNs: string;
  /** Device and inode: the very same file, not one that looks like it. */
  readonly dev: string;
  readonly ino: string;
  readonly link: RawPath | null;
};

/** What stood at a path before a restore touched it; null where nothing did. */
export type SavedPath = {
  readonly id: number;
  readonly target: RawPath;
  readonly was: Standing | null;
  /** The safety copy of a file's content: another name of the file itself, or a copy. */
  readonly kept: { readonly file: string; readonly how: 'link' | 'copy' } | null;
  /** Hash of a copy's content; a linked file needs none. */
  readonly sha256: string | null;
};

/** Looks at a path in full; null where nothing stands. */
export async function standingAt(path: RawPath): Promise<Standing | null> {
  const stats = await lstatOrNull(path);
  return stats === null ? null : standingOf(path, stats);
}

async function standingOf(path: RawPath, stats: BigIntStats): Promise<Standing> {
  const type = stats.isFile()
    ? 'file'
    : stats.isDirectory()
      ? 'directory'
      : stats.isSymbolicLink()
        ? 'symlink'
        : 'other';
  return {
    type,
    // A folder's own size says nothing about it.
    size: type === 'directory' ? 0 : Number(stats.size),
    mode: Number(stats.mode & 0o7777n),
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    mtimeNs: String(stats.mtimeNs),
    dev: String(stats.dev),
    ino: String(stats.ino),
    link: type === 'symlink' ? decodePath(await readlink(fsPath(path), 'buffer')) : null,
  };
}

/** True when a path is, in all that a restore could have changed, what it was. Content is told by inode, or by hash. */
export function isAsItWas(now: Standing | null, was: Standing | null): boolean {
  if (now === null || was === null) return now === was;
  return (
    now.type === was.type &&
    now.mode === was.mode &&
    now.uid === was.uid &&
    now.gid === was.gid &&
    now.mtimeNs === was.mtimeNs &&
    now.size === was.size &&
    now.link === was.link &&
    (now.type !== 'file' || (now.ino === was.ino && now.dev === was.dev))
  );
}
