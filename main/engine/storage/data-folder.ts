import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import * as z from 'zod';
import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import { writeFileDurably } from './durable.ts';
import { nativeBinding } from './sqlite.ts';

/** Where things are in a data folder. */
export type DataFolder = {
  readonly dir: string;
  readonly consoleDb: string;
  readonly metrics: string;
  readonly logs: string;
  readonly archive: string;
  readonly backups: string;
  /** Plans of restores, one file each. */
  readonly restores: string;
  /** Address of the engine's local socket (a named pipe on Windows). */
  readonly socket: string;
  /** Gives the lock back. */
  readonly release: () => void;
};

const ownerSchema = z.object({ pid: z.number(), startedAt: z.number() });

/** Bytes that fit into `sun_path` on Linux and macOS, with room for the closing zero. */
const UNIX_PATH_MAX = 100;

/** Paths inside a data folder, without opening it. */
export function dataFolderPaths(dir: string): Omit<DataFolder, 'release'> {
  return {
    dir,
    consoleDb: join(dir, 'console.db'),
    metrics: join(dir, 'metrics'),
    logs: join(dir, 'logs'),
    archive: join(dir, 'archive'),
    backups: join(dir, 'backups'),
    restores: join(dir, 'restores'),
    socket: socketAddress(dir),
  };
}

function socketAddress(dir: string): string {
  if (process.platform !== 'win32') {
    const beside = join(dir, 'engine.sock');
    if (Buffer.byteLength(beside) < UNIX_PATH_MAX) return beside;
    // The kernel bounds a socket's path; a deep data folder gets a short name in the user's own runtime folder.
    const owner = process.getuid?.() ?? 0;
    const folder = join(process.env.XDG_RUNTIME_DIR ?? tmpdir(), `hmtt-${owner}`);
    return join(folder, `${createHash('sha256').update(dir).digest('hex').slice(0, 16)}.sock`);
  }
  // A named pipe has one flat name space, so the folder's path becomes part of the name.
  return `\\\\.\\pipe\\hmtt-${Buffer.from(dir).toString('hex').slice(-160)}`;
}

/**
 * Makes the folder if need be and takes its lock; exactly one engine may write in it.
 *
 * The lock is an exclusive SQLite transaction on `engine.lock`: the operating system drops it when the process dies,
 * however it dies, so there is no stale lock to clean up by hand (docs/adr/003-data-folder-lock.md). Who holds it is
 * written in `engine.owner.json` for people to read.
 *
 * @returns DATA_FOLDER_IN_USE when another engine has it, DATA_FOLDER_UNUSABLE when it cannot be made or written
 */
export function openDataFolder(dir: string, now: number): Result<DataFolder> {
  const paths = dataFolderPaths(dir);
  let lock: Database.Database | undefined;
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    for (const folder of [paths.metrics, paths.logs, paths.archive, paths.backups, paths.restores])
      mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (process.platform !== 'win32') {
      mkdirSync(dirname(paths.socket), { recursive: true, mode: 0o700 });
      chmodSync(dir, 0o700);
    }
    const binding = nativeBinding();
    lock = new Database(join(dir, 'engine.lock'), {
      timeout: 0,
      ...(binding === undefined ? {} : { nativeBinding: binding }),
    });
    lock.pragma('journal_mode = MEMORY');
    lock.exec('BEGIN EXCLUSIVE');
    writeFileDurably(join(dir, 'engine.owner.json'), JSON.stringify({ pid: process.pid, startedAt: now }));
  } catch (thrown) {
    lock?.close();
    const code = (thrown as { readonly code?: unknown }).code;
    if (code === 'SQLITE_BUSY') {
      const owner = readOwner(dir);
      return err(
        appError('DATA_FOLDER_IN_USE', {
          dir,
          pid: owner?.pid ?? '?',
          since: owner ? new Date(owner.startedAt).toISOString() : '?',
        }),
      );
    }
    return err(appError('DATA_FOLDER_UNUSABLE', { dir, why: describeThrown(thrown) }));
  }
  const held = lock;
  return ok({ ...paths, release: () => held.close() });
}

function readOwner(dir: string): z.infer<typeof ownerSchema> | null {
  try {
    return ownerSchema.parse(JSON.parse(readFileSync(join(dir, 'engine.owner.json'), 'utf8')));
  } catch {
    // The owner file is only a courtesy; the lock itself is what counts.
    return null;
  }
}
