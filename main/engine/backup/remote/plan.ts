import type { RemoteFacts } from './files.ts';

/** What stands in the mirror under a path. `link` is where a symbolic link leads. */
export type MirrorFacts = {
  readonly type: 'file' | 'directory' | 'symlink' | 'other';
  readonly size: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtimeMs: number;
};

/** What is done with one path: `keep` touches nothing, so that the backup sees a file that did not change. */
export type MirrorStep = 'keep' | 'describe' | 'fetch' | 'make folder' | 'link' | 'refuse';

/** Whether owners can be kept in the mirror: only by a console that runs as root. */
export type Ownership = { readonly keepsOwners: boolean };

/**
 * Decides what is done with a path of the host. A file is fetched when its size or its time to the second differs, as rsync
 * does; the same file with other permissions is only described anew.
 *
 * @param mirrored null when nothing stands there
 */
export function planPath(remote: RemoteFacts, mirrored: MirrorFacts | null, owners: Ownership): MirrorStep {
  if (remote.type === 'other') return 'refuse';
  if (remote.type === 'symlink') return 'link';
  const isSameKind = mirrored?.type === remote.type;
  if (remote.type === 'directory') return isSameKind ? 'describe' : 'make folder';
  if (!isSameKind || mirrored === null) return 'fetch';
  const isSame = mirrored.size === remote.size && seconds(mirrored.mtimeMs) === seconds(remote.mtimeMs);
  if (!isSame) return 'fetch';
  const sameOwner = mirrored.uid === remote.uid && mirrored.gid === remote.gid;
  return mirrored.mode === remote.mode && (sameOwner || !owners.keepsOwners) ? 'keep' : 'describe';
}

const seconds = (ms: number): number => Math.floor(ms / 1000);

/**
 * Roots of a mirror without those that lie in another one.
 *
 * @param paths absolute, with `/` between names
 * @returns each without the slashes around it; the root of the host is the empty string
 */
export function mirrorRoots(paths: readonly string[]): readonly string[] {
  const clean = [...new Set(paths.map((path) => path.replace(/\/+/g, '/').replace(/^\/|\/$/g, '')))].sort();
  return clean.filter((path) => !clean.some((other) => other !== path && isIn(path, other)));
}

function isIn(path: string, folder: string): boolean {
  return folder === '' || path.startsWith(`${folder}/`);
}
