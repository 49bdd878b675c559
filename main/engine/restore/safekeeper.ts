import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync } from 'node:fs';
import { link, open, realpath, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type AppError, appError, describeThrown } from '#shared/errors/index.ts';
import { fsPath, type RawPath, showPath } from '../platform/raw-path.ts';
import { syncFolder } from '../storage/durable.ts';
import { copyAttributes } from './copy-attributes.ts';
import { hashFile, lstatOrNull } from './inspect.ts';
import type { PlanStore, StoredItem } from './plan-store.ts';
import { RunStopped } from './run-stopped.ts';
import { type SavedPath, type Standing, standingAt } from './saved.ts';

/**
 * Keeps what a restore is about to overwrite (docs/adr/017). For each path that is about to be touched it writes down what
 * stood there, and gives a file that will be replaced a second name in the safety folder; on another file system it copies
 * the file and reads the copy back. All of that is on the disk before `keep` returns.
 */
export type Safekeeper = {
  readonly keep: (items: readonly StoredItem[]) => Promise<Keeping>;
};

/** What keeping some items came to. */
export type Keeping = {
  /** Why items cannot be kept, by their number; these must not be touched. */
  readonly refused: ReadonlyMap<number, AppError>;
  /** Items at whose targets nothing stood just now, by their number. */
  readonly absent: ReadonlySet<number>;
};

/** Where nothing is kept, nothing is known either. */
export const NOTHING_KEPT: Keeping = { refused: new Map(), absent: new Set() };

const PER_FOLDER = 1_000;
/** What `link` says where it cannot, or may not: another file system, none with hard links, a protected file. */
const NO_LINK = new Set(['EXDEV', 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK', 'ENOSYS', 'EACCES']);

type Kept = Pick<SavedPath, 'kept' | 'sha256'>;
const NOTHING: Kept = { kept: null, sha256: null };

/** Makes a keeper for one restore. */
export function createSafekeeper(store: PlanStore, dir: string, signal: AbortSignal): Safekeeper {
  /** Folders whose state is recorded; most files share them. */
  const known = new Set<RawPath>();

  /** The folder of a path, and those above it that do not exist yet: making something in a folder changes its time. */
  const foldersOf = async (target: RawPath, into: Omit<SavedPath, 'id'>[]): Promise<void> => {
    for (let at = parentOf(target); at !== null && !known.has(at); at = parentOf(at)) {
      known.add(at);
      const stands = await standingAt(at);
      const real = stands?.type === 'symlink' ? await realpath(fsPath(at)) : at;
      if (store.isSaved(real)) return;
      const was = real === at ? stands : await standingAt(real);
      into.push({ target: real, was, ...NOTHING });
      if (was !== null) return;
    }
  };

  const keepFile = async (item: StoredItem, was: Standing, folders: Set<string>): Promise<Kept> => {
    const folder = join(dir, String(Math.floor(item.seq / PER_FOLDER)));
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    folders.add(folder);
    const file = join(folder, String(item.seq));
    // One left by a run that was cut off before it recorded anything.
    if ((await lstatOrNull(file)) !== null) await unlink(file);
    try {
      await link(fsPath(item.target), file);
      return { kept: { file, how: 'link' }, sha256: null };
    } catch (thrown) {
      if (!NO_LINK.has(codeOf(thrown))) throw thrown;
    }
    const sha256 = await copyVerified(item.target, file, was.size, signal);
    await copyAttributes(item.target, file);
    return { kept: { file, how: 'copy' }, sha256 };
  };

  return {
    keep: async (items) => {
      const refused = new Map<number, AppError>();
      const absent = new Set<number>();
      const paths: Omit<SavedPath, 'id'>[] = [];
      const folders = new Set<string>();
      for (const item of items) {
        signal.throwIfAborted();
        try {
          const was = await standingAt(item.target);
          if (was === null) absent.add(item.seq);
          // Where nothing stands nothing can be lost; and of a path that is recorded twice the first record counts.
          else if (store.isSaved(item.target)) continue;
          // What is not what the preview showed will not be touched, so there is nothing to keep.
          if (!isAsPlanned(item, was)) continue;
          const isReplaced = item.action !== 'restore' && was?.type === 'file';
          const kept = isReplaced && was ? await keepFile(item, was, folders) : NOTHING;
          paths.push({ target: item.target, was, ...kept });
          await foldersOf(item.target, paths);
        } catch (thrown) {
          if (signal.aborted) throw thrown;
          refused.set(item.seq, keepFailure(item, thrown));
        }
      }
      for (const folder of folders) syncFolder(folder);
      if (folders.size > 0) syncFolder(dir);
      if (paths.length > 0) store.save(paths);
      return { refused, absent };
    },
  };
}

function parentOf(path: RawPath): RawPath | null {
  const slash = path.lastIndexOf('/');
  if (slash > 0) return path.slice(0, slash);
  return slash === 0 && path !== '/' ? '/' : null;
}

function codeOf(thrown: unknown): string {
  return String((thrown as { readonly code?: unknown }).code);
}

function isAsPlanned({ before }: StoredItem, was: Standing | null): boolean {
  if (before === null || was === null) return before === null && was === null;
  return before.type === was.type && before.mtimeNs === was.mtimeNs;
}

function keepFailure(item: StoredItem, thrown: unknown): AppError {
  const why = describeThrown(thrown);
  const file = showPath(item.target);
  if (['ENOSPC', 'EDQUOT'].includes(codeOf(thrown)))
    throw new RunStopped(appError('DISK_FULL', { file }, { detail: why }));
  if (codeOf(thrown) === 'EROFS') throw new RunStopped(appError('READ_ONLY', { file }, { detail: why }));
  return appError('RESTORE_SAFETY_FAILED', { path: file, why });
}

/** Copies a file, flushes the copy, reads it back, and gives the hash. Throws when the two differ. */
async function copyVerified(
  source: RawPath,
  file: string,
  size: number,
  signal: AbortSignal,
): Promise<string> {
  const hash = createHash('sha256');
  const handle = await open(file, 'wx', 0o600);
  try {
    let written = 0;
    for await (const piece of createReadStream(fsPath(source), { highWaterMark: 256 * 1024, signal })) {
      const bytes = piece as Buffer;
      hash.update(bytes);
      for (let at = 0; at < bytes.length; ) at += (await handle.write(bytes, at)).bytesWritten;
      written += bytes.length;
    }
    if (written !== size)
      throw new Error(`the file changed while it was copied (${size} → ${written} bytes)`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  const expected = hash.digest('hex');
  if ((await hashFile(file, signal)) !== expected) throw new Error('the copy differs from the file');
  return expected;
}
