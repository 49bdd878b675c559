import type { RawPath } from '../platform/raw-path.ts';
import { lstatOrNull } from './inspect.ts';

/** Keeps a restore from writing through a symbolic link that stands, or was planted, on the way to a target. */
export type FolderGuard = {
  /** True when each of these folders is missing or a real folder. */
  readonly safe: (folders: readonly RawPath[]) => Promise<boolean>;
};

const REMEMBERED = 10_000;

/**
 * Makes a guard. It remembers folders that it found real for a short run of entries, since neighbours share them; a link
 * that this very restore makes is told apart by the planner (an entry below a link is unsafe).
 */
export function createFolderGuard(): FolderGuard {
  const real = new Set<RawPath>();
  return {
    safe: async (folders) => {
      for (const folder of folders) {
        if (real.has(folder)) continue;
        const stats = lstatOrNull(folder);
        if (stats === null) return true;
        if (!stats.isDirectory()) return false;
        if (real.size >= REMEMBERED) real.clear();
        real.add(folder);
      }
      return true;
    },
  };
}
