import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Dump } from '#shared/contract/backup-sources.ts';
import { type AppError, appError, type Bilingual, err, ok, type Result } from '#shared/errors/index.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import type { SourcesContext } from './context.ts';

/** A dump that is to be taken. */
export type DumpJob = {
  /** Empty, private, and of this source alone. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Bytes of this source so far, and about how many there will be. */
  readonly progress: (bytes: number, total: number | null) => void;
};

/** A dump that lies in its folder. */
export type Taken = { readonly dump: Dump; readonly notes: readonly Bilingual[] };

/** Says what a dump lacks, or that it is there. */
export type TakeResult = Promise<Result<Taken>>;

/** Space that a dump leaves to the console's own data. */
const RESERVE_BYTES = 256 << 20;
const LOOK_EVERY_MS = 500;

/** File beside the dumps that says what they are. */
export const DUMP_FILE = 'source.json';

/** Refuses a dump for which there is no room; a folder that cannot be asked is left to the dump itself. */
export function roomFor(name: string, folder: string, bytes: number): Result<object> {
  const free = freeBytes(folder);
  if (free === null || free >= bytes + RESERVE_BYTES) return ok({});
  return err(
    appError('BACKUP_DATABASE_NO_SPACE', {
      name,
      dir: folder,
      need: formatBytes(bytes + RESERVE_BYTES),
      free: formatBytes(free),
    }),
  );
}

function freeBytes(folder: string): number | null {
  try {
    const stats = statfsSync(folder);
    return stats.bavail * stats.bsize;
  } catch {
    return null;
  }
}

/**
 * Watches a dump while it is written: tells its progress, and ends it before the disk is full.
 *
 * @returns the signal for its command, and how to end watching, which tells what was wrong
 */
export function watchDump(
  context: SourcesContext,
  name: string,
  job: DumpJob,
  expected: number | null,
): { readonly signal: AbortSignal; readonly end: () => AppError | null } {
  const abort = new AbortController();
  let full: AppError | null = null;
  const onAbort = (): void => abort.abort();
  job.signal.addEventListener('abort', onAbort, { once: true });
  if (job.signal.aborted) abort.abort();
  const cancel = context.timers.every(LOOK_EVERY_MS, () => {
    job.progress(bytesIn(job.folder), expected);
    const free = freeBytes(job.folder);
    if (free === null || free >= RESERVE_BYTES || full !== null) return;
    full = appError('BACKUP_DATABASE_NO_SPACE', {
      name,
      dir: job.folder,
      need: formatBytes(RESERVE_BYTES),
      free: formatBytes(free),
    });
    abort.abort();
  });
  return {
    signal: abort.signal,
    end: () => {
      cancel();
      job.signal.removeEventListener('abort', onAbort);
      return full;
    },
  };
}

/** Bytes of the files in a folder. */
export function bytesIn(folder: string): number {
  let bytes = 0;
  for (const name of readdirSync(folder)) bytes += statSync(join(folder, name)).size;
  return bytes;
}

/** Makes a folder that only this user can read. */
export function privateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
}

/** Opens a new private file, and closes it whatever happens. */
export async function withNewFile<T>(path: string, use: (fd: number) => Promise<T>): Promise<T> {
  const fd = openSync(path, 'wx', 0o600);
  try {
    return await use(fd);
  } finally {
    closeSync(fd);
  }
}

/** Writes the description of a dump beside it. */
export function describeDump(folder: string, dump: Dump): void {
  writeFileSync(join(folder, DUMP_FILE), `${JSON.stringify(dump, null, 2)}\n`, { mode: 0o600 });
}

/**
 * A file's name for a database's name: letters, digits, `_`, `-` and inner dots stay, all else becomes `%XX` of its UTF-8 bytes.
 * Two databases whose names differ in case alone get different names, for file systems that do not tell them apart.
 */
export function dumpFileNames(databases: readonly string[], suffix: string): ReadonlyMap<string, string> {
  const taken = new Set<string>();
  const files = new Map<string, string>();
  for (const database of databases) {
    const plain = Array.from(database, (character, index) =>
      /[\p{L}\p{N}_-]/u.test(character) || (character === '.' && index > 0)
        ? character
        : Array.from(
            Buffer.from(character),
            (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
          ).join(''),
    ).join('');
    let file = `${plain}${suffix}`;
    for (let n = 2; taken.has(file.toLowerCase()); n += 1) file = `${plain}%${n}${suffix}`;
    taken.add(file.toLowerCase());
    files.set(database, file);
  }
  return files;
}

/** Takes the place of a file. */
export function replaceFile(from: string, to: string): void {
  rmSync(to, { force: true });
  renameSync(from, to);
}
