import { constants, watch } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { anyGlob } from '#shared/domain/glob.ts';
import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import { hasWildcards } from './file-patterns.ts';
import { type FolderGate, FolderNotAsked, FolderSilent } from './folder-gate.ts';
import { MOST_TARGETS_TEXT } from './read-targets-file.ts';

/** Files that list targets, as the console reaches them. Nothing of it takes longer than the gate is patient. */
export type TargetFiles = {
  /** The paths of a pattern, in order; none when the folder is not there. FILE_UNREADABLE, DISCOVERY_SILENT, DISCOVERY_NOT_ASKED */
  readonly list: (pattern: string) => Promise<Result<readonly string[]>>;
  /** FILE_UNREADABLE, DISCOVERY_SILENT, DISCOVERY_NOT_ASKED */
  readonly read: (path: string) => Promise<Result<string>>;
  /**
   * Hears of changes in a folder until it is stopped.
   *
   * @returns null when the folder cannot be watched now: then only reading it again shows what changed
   */
  readonly watch: (folder: string, heard: () => void) => Promise<FolderWatch | null>;
};

/** A watched folder. */
export type FolderWatch = {
  /**
   * False when the folder is not the same any more, because it was removed, replaced or mounted over, or is silent. One that could
   * not be asked because of others is alive as far as is known.
   */
  readonly isAlive: () => Promise<boolean>;
  readonly stop: () => void;
};

/** The files of this machine; every folder is asked through the gate. */
export function systemTargetFiles(inFolder: FolderGate): TargetFiles {
  return {
    list: async (pattern) => {
      const folder = dirname(pattern);
      try {
        return ok(await inFolder(folder, () => pathsOf(pattern)));
      } catch (thrown) {
        return isMissing(thrown) ? ok([]) : unread(pattern, thrown);
      }
    },
    read: async (file) => {
      try {
        return await inFolder(dirname(file), () => textOf(file));
      } catch (thrown) {
        return unread(file, thrown);
      }
    },
    watch: async (folder, heard) => {
      const inodeNow = (): Promise<number | 'not asked' | null> =>
        inFolder(folder, () => stat(folder)).then(
          ({ ino }) => ino,
          (thrown) => (thrown instanceof FolderNotAsked ? 'not asked' : null),
        );
      // Beginning to watch cannot be waited for, so the folder has to have answered just before.
      const inode = await inodeNow();
      if (typeof inode !== 'number') return null;
      try {
        let broken = false;
        const watcher = watch(folder, { persistent: false }, heard);
        watcher.on('error', () => {
          // What went wrong shows when the folder is read the next time.
          broken = true;
        });
        return {
          isAlive: async () => {
            if (broken) return false;
            const now = await inodeNow();
            return now === 'not asked' || now === inode;
          },
          stop: () => watcher.close(),
        };
      } catch {
        // Too many watches, or a file system that has none: reading again and again is what is left, as in Prometheus.
        return null;
      }
    },
  };
}

async function pathsOf(pattern: string): Promise<readonly string[]> {
  if (!hasWildcards(pattern)) return (await stat(pattern)).isFile() ? [pattern] : [];
  const matches = anyGlob([basename(pattern)]);
  const names = await readdir(dirname(pattern));
  return names
    .filter((name) => matches(name))
    .sort()
    .map((name) => join(dirname(pattern), name));
}

async function textOf(file: string): Promise<Result<string>> {
  // Opening a pipe would wait for a writer; Windows has no such flag and no such files.
  const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const found = await handle.stat();
    if (!found.isFile()) return err(appError('FILE_UNREADABLE', { file, why: 'not a regular file' }));
    if (found.size > MOST_TARGETS_TEXT) return err(appError('FILE_UNREADABLE', { file, why: '> 512 KiB' }));
    return ok(await handle.readFile('utf8'));
  } finally {
    await handle.close();
  }
}

/** No such file or folder: then there are no targets, as with Prometheus. Whatever else is wrong says nothing about them. */
function isMissing(thrown: unknown): boolean {
  const { code } = thrown as { readonly code?: unknown };
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function unread(path: string, thrown: unknown): Result<never> {
  const folder = dirname(path);
  if (thrown instanceof FolderSilent) return err(appError('DISCOVERY_SILENT', { folder }));
  if (thrown instanceof FolderNotAsked)
    return err(appError('DISCOVERY_NOT_ASKED', { folder, silent: thrown.silent.join(', ') }));
  return err(appError('FILE_UNREADABLE', { file: path, why: describeThrown(thrown) }));
}
