import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Space of the file system that holds a path, in bytes. `freeBytes` is what an ordinary user may still use. */
export type DiskSpace = { readonly freeBytes: number; readonly totalBytes: number };

/** Asks the file system for its space. Throws what `statfs` throws when the path does not exist. */
export async function diskSpace(path: string): Promise<DiskSpace> {
  const stats = await statfs(path);
  return { freeBytes: stats.bavail * stats.bsize, totalBytes: stats.blocks * stats.bsize };
}

/** Space where a folder is or will be: that of the nearest folder above it that exists. Throws as {@link diskSpace}. */
export async function diskSpaceAround(path: string): Promise<DiskSpace> {
  try {
    return await diskSpace(path);
  } catch (thrown) {
    const above = dirname(path);
    if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT' || above === path) throw thrown;
    return diskSpaceAround(above);
  }
}
