import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { type AppError, appError, describeThrown } from '#shared/errors/index.ts';
import { type RawPath, showPath } from '../../platform/raw-path.ts';
import { syncFolder } from '../../storage/durable.ts';
import { hashFile } from '../inspect.ts';
import type { PlanStore, StoredItem } from '../plan-store.ts';
import { RunStopped } from '../run-stopped.ts';
import type { SavedPath, Standing } from '../saved.ts';
import { answered, HostRefusal, standingOnHost, wordsOf } from './files.ts';
import { inLanes } from './lanes.ts';
import type { HostPort } from './port.ts';

/** What keeping some items came to. */
export type HostKeeping = {
  /** Why items cannot be kept, by their number; these must not be touched. */
  readonly refused: ReadonlyMap<number, AppError>;
  /** What stands at the targets just now, by the items' numbers; null where nothing does. */
  readonly standing: ReadonlyMap<number, Standing | null>;
};

const PER_FOLDER = 1_000;
const PIECE = 512 * 1024;
/** Bytes that are fetched at once. */
const AT_ONCE = 8 << 20;

/**
 * Keeps what a restore is about to overwrite on a host: writes down what stands at each target, and fetches a file that will be
 * replaced into the safety folder of this machine, where it is read back. All of that is on the disk before it resolves.
 *
 * @param dir the safety folder; null when nothing is kept, and then it is only looked
 */
export async function keepFromHost(
  port: HostPort,
  store: PlanStore,
  dir: string | null,
  items: readonly StoredItem[],
  signal: AbortSignal,
): Promise<HostKeeping> {
  const refused = new Map<number, AppError>();
  const standing = new Map<number, Standing | null>();
  const paths: Omit<SavedPath, 'id'>[] = [];
  const folders = new Set<string>();
  const keepOne = async (item: StoredItem): Promise<void> => {
    signal.throwIfAborted();
    const { before, seq, target } = item;
    if (!target.isWellFormed()) return;
    try {
      const was = await standingOnHost(port, target);
      standing.set(seq, was);
      if (dir === null || store.isSaved(target)) return;
      // What is not what the preview showed will not be touched, so there is nothing to keep.
      const isAsPlanned =
        before === null ? was === null : before.type === was?.type && before.mtimeNs === was.mtimeNs;
      if (!isAsPlanned) return;
      const isReplaced = item.action !== 'restore' && was?.type === 'file';
      if (!isReplaced || was === null) {
        paths.push({ target, was, kept: null, sha256: null });
        return;
      }
      const folder = join(dir, String(Math.floor(seq / PER_FOLDER)));
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      folders.add(folder);
      const file = join(folder, String(seq));
      const sha256 = await fetchTo(port, target, file, was.size, signal);
      paths.push({ target, was, kept: { file, how: 'copy' }, sha256 });
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      refused.set(seq, keepFailure(target, thrown));
    }
  };
  await inLanes(items, keepOne, {
    weigh: ({ before }) => Math.min(before?.size ?? 0, PIECE),
    most: AT_ONCE,
  });
  if (dir !== null) await rememberFolders(port, store, items, refused, paths);
  for (const folder of folders) syncFolder(folder);
  if (dir !== null && folders.size > 0) syncFolder(dir);
  if (paths.length > 0) store.save(paths);
  return { refused, standing };
}

/** Making something in a folder changes its time, so undoing gives it back. */
async function rememberFolders(
  port: HostPort,
  store: PlanStore,
  items: readonly StoredItem[],
  refused: ReadonlyMap<number, AppError>,
  into: Omit<SavedPath, 'id'>[],
): Promise<void> {
  const known = new Set<RawPath>(into.map(({ target }) => target));
  let toLook: RawPath[] = [];
  const addParent = (path: RawPath): void => {
    const parent = parentOf(path);
    if (parent === null || known.has(parent)) return;
    known.add(parent);
    if (!store.isSaved(parent)) toLook.push(parent);
  };
  for (const { target, seq } of items) if (!refused.has(seq) && target.isWellFormed()) addParent(target);
  while (toLook.length > 0) {
    const folders = toLook;
    toLook = [];
    await inLanes(folders, async (folder) => {
      const was = await standingOnHost(port, folder);
      // A link on the way is the host's own, and does not change.
      if (was?.type === 'symlink') return;
      into.push({ target: folder, was, kept: null, sha256: null });
      if (was === null) addParent(folder);
    });
  }
}

function parentOf(path: RawPath): RawPath | null {
  const slash = path.lastIndexOf('/');
  return slash > 0 ? path.slice(0, slash) : null;
}

/** Fetches a file, flushes the copy, reads it back, and gives the hash. */
async function fetchTo(
  port: HostPort,
  path: RawPath,
  file: string,
  size: number,
  signal: AbortSignal,
): Promise<string> {
  const hash = createHash('sha256');
  const remote = answered(await port.openToRead(path));
  try {
    // One left by a run that was cut off before it recorded anything is written anew.
    const out = await open(file, 'w', 0o600);
    try {
      let at = 0;
      for (;;) {
        signal.throwIfAborted();
        // One byte more than it has shows its end.
        const length = Math.min(PIECE, Math.max(0, size - at) + 1);
        const bytes = answered(await port.read(remote, at, length));
        hash.update(bytes);
        await out.write(bytes, 0, bytes.length, at);
        at += bytes.length;
        if (bytes.length < length) break;
      }
      if (at !== size) throw new Error(`the file changed while it was copied (${size} → ${at} bytes)`);
      await out.sync();
    } finally {
      await out.close();
    }
  } finally {
    await port.close(remote);
  }
  const expected = hash.digest('hex');
  if ((await hashFile(file, signal)) !== expected) throw new Error('the copy differs from the file');
  return expected;
}

function keepFailure(target: RawPath, thrown: unknown): AppError {
  if (thrown instanceof RunStopped) throw thrown;
  const why = thrown instanceof HostRefusal ? wordsOf(thrown.error) : describeThrown(thrown);
  const code = String((thrown as { readonly code?: unknown }).code);
  // Here the disk of this machine is meant.
  if (code === 'ENOSPC' || code === 'EDQUOT')
    throw new RunStopped(appError('DISK_FULL', { file: showPath(target) }, { detail: why }));
  return appError('RESTORE_SAFETY_FAILED', { path: showPath(target), why });
}
