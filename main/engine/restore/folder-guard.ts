import type { RawPath } from '../platform/raw-path.ts';
import { lstatOrNull } from './inspect.ts';

/** Keeps a restore from writing through a symbolic link that stands, or was planted, on the way to a target. */
export type FolderGuard = {
  /** What these folders, the topmost first, are together: all real, the first ones real and the next one missing, or not to be trusted. */
  readonly look: (folders: readonly RawPath[]) => 'real' | 'missing' | 'unsafe';
};

const REMEMBERED = 10_000;

/**
 * Makes a guard. It remembers folders that it found real for a short run of entries, since neighbours share them; a link
 * that this very restore makes is told apart by the planner (an entry below a link is unsafe).
 *
 * @param isOnlyLooking true while nothing is made, so that a folder that is missing stays so
 */
export function createFolderGuard(isOnlyLooking = false): FolderGuard {
  const real = new Set<RawPath>();
  let missing: RawPath | null = null;
  return {
    look: (folders) => {
      for (const folder of folders) {
        if (real.has(folder)) continue;
        if (folder === missing) return 'missing';
        const stats = lstatOrNull(folder);
        if (stats === null) {
          if (isOnlyLooking) missing = folder;
          return 'missing';
        }
        if (!stats.isDirectory()) return 'unsafe';
        if (real.size >= REMEMBERED) real.clear();
        real.add(folder);
      }
      return 'real';
    },
  };
}
