import { lstat, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Media } from './media.ts';

/** Where a system mounts removable media: folders whose children (or grandchildren) are mount points. */
export type MountPlaces = { readonly parents: readonly string[]; readonly roots: readonly string[] };

const MOST_ROOTS = 256;

/** The usual places of a platform. */
export function usualPlaces(platform: NodeJS.Platform): MountPlaces {
  if (platform === 'win32')
    return { parents: [], roots: [...'DEFGHIJKLMNOPQRSTUVWXYZ'].map((letter) => `${letter}:\\`) };
  if (platform === 'darwin') return { parents: ['/Volumes'], roots: [] };
  return { parents: ['/media', '/media/*', '/run/media/*', '/mnt'], roots: ['/mnt'] };
}

/** Folders in which a medium may be mounted now. A place that hangs or is absent gives none. */
export async function candidateRoots(
  media: Media,
  places: MountPlaces,
  remembered: readonly string[],
): Promise<readonly string[]> {
  const roots = new Set([...remembered, ...places.roots]);
  const children = async (parent: string): Promise<readonly string[]> => {
    const names = await media.ask(`folders ${parent}`, async () =>
      (await readdir(parent, { withFileTypes: true })).filter((entry) => entry.isDirectory()),
    );
    return typeof names === 'string' ? [] : names.map(({ name }) => join(parent, name));
  };
  for (const parent of places.parents) {
    const parents = parent.endsWith('/*') ? await children(dirname(parent)) : [parent];
    for (const each of parents) for (const root of await children(each)) roots.add(root);
  }
  return [...roots].slice(0, MOST_ROOTS);
}

/** True when a file system is mounted at the folder: it lies on another device than its parent. */
export async function isMountPoint(media: Media, root: string): Promise<boolean> {
  if (process.platform === 'win32') return /^[A-Za-z]:\\?$/.test(root);
  const devices = await media.ask(`device ${root}`, async () => [
    (await lstat(root)).dev,
    (await lstat(dirname(root))).dev,
  ]);
  return typeof devices !== 'string' && devices[0] !== devices[1];
}
