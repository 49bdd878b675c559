import { statfs } from 'node:fs/promises';

/** Space of the file system that holds a path, in bytes. `freeBytes` is what an ordinary user may still use. */
export type DiskSpace = { readonly freeBytes: number; readonly totalBytes: number };

/** Asks the file system for its space. Throws what `statfs` throws when the path does not exist. */
export async function diskSpace(path: string): Promise<DiskSpace> {
  const stats = await statfs(path);
  return { freeBytes: stats.bavail * stats.bsize, totalBytes: stats.blocks * stats.bsize };
}
