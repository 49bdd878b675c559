import { readFileSync, statSync, watch } from 'node:fs';
import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import { filesOfPattern } from '../../platform/find-files.ts';
import { MOST_TARGETS_TEXT } from './read-targets-file.ts';

/** Files that list targets, as the console reaches them. */
export type TargetFiles = {
  /** The paths of a pattern, in order. */
  readonly list: (pattern: string) => readonly string[];
  /** FILE_UNREADABLE */
  readonly read: (path: string) => Result<string>;
  /**
   * Hears of changes in a folder until it is stopped.
   *
   * @returns null when the folder cannot be watched now: then only reading it again shows what changed
   */
  readonly watch: (folder: string, heard: () => void) => FolderWatch | null;
};

/** A watched folder. */
export type FolderWatch = {
  /** False when the folder is not the same any more, because it was removed, replaced or mounted over. */
  readonly isAlive: () => boolean;
  readonly stop: () => void;
};

/** The files of this machine. */
export const systemTargetFiles: TargetFiles = {
  list: filesOfPattern,
  read: (file) => {
    try {
      if (statSync(file).size > MOST_TARGETS_TEXT)
        return err(appError('FILE_UNREADABLE', { file, why: '> 512 KiB' }));
      return ok(readFileSync(file, 'utf8'));
    } catch (thrown) {
      return err(appError('FILE_UNREADABLE', { file, why: describeThrown(thrown) }));
    }
  },
  watch: (folder, heard) => {
    const inode = inodeOf(folder);
    if (inode === null) return null;
    try {
      let broken = false;
      const watcher = watch(folder, { persistent: false }, heard);
      watcher.on('error', () => {
        // What went wrong shows when the folder is read the next time.
        broken = true;
      });
      return { isAlive: () => !broken && inodeOf(folder) === inode, stop: () => watcher.close() };
    } catch {
      // Too many watches, or a file system that has none: reading again and again is what is left, as in Prometheus.
      return null;
    }
  },
};

function inodeOf(folder: string): number | null {
  return statSync(folder, { throwIfNoEntry: false })?.ino ?? null;
}
