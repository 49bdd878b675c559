import { appError } from '#shared/errors/index.ts';
import { showPath } from '../../platform/raw-path.ts';
import type { StoredItem } from '../plan-store.ts';
import type { Standing } from '../saved.ts';
import { answered } from './files.ts';
import { byDepth, inLanes } from './lanes.ts';
import { BATCH, type HostRun } from './run-state.ts';
import { heldBytes } from './write.ts';

/** Bytes of files that are being written at once. */
const HELD_AT_ONCE = 8 << 20;

/**
 * Writes what is not written yet: folders first, hard links last, for the files that they name must be there under their names. While
 * the files of one batch are compared and named, those of the next are kept and written.
 */
export async function writeItems(run: HostRun): Promise<void> {
  for (const kind of ['folders', 'contents', 'hardlinks'] as const) {
    /** What may stand under temporary names, and the naming of the batch before. */
    let items: readonly StoredItem[] = [];
    let before: readonly StoredItem[] = [];
    let naming = Promise.resolve();
    try {
      for (const range of run.store.ranges(['pending', 'failed'], kind, BATCH)) {
        before = items;
        items = run.store.within(['pending', 'failed'], range, kind);
        const beside = await writeBeside(run, items);
        await naming;
        naming = nameAll(run, beside);
        // It is waited for above and below, when the next batch is written.
        naming.catch(() => undefined);
      }
      await naming;
    } catch (thrown) {
      await naming.catch(() => undefined);
      // Nothing of ours is left behind while the host can be asked; what it no longer hears stays under its temporary name.
      await clearAll(run, [...before, ...items]);
      throw thrown;
    }
  }
}

async function clearAll({ writer }: HostRun, items: readonly StoredItem[]): Promise<void> {
  await inLanes(
    items.filter(({ entry }) => entry.type !== 'directory'),
    async (item) => writer.clear(item).catch(() => undefined),
  );
}

/** Puts items in place, and files beside theirs. @returns the files that have to be compared and named */
async function writeBeside(run: HostRun, items: readonly StoredItem[]): Promise<readonly StoredItem[]> {
  await run.checkpoint();
  const { refused, standing } = await run.keep(items);
  const beside: StoredItem[] = [];
  const writeOne = async (item: StoredItem): Promise<void> => {
    await run.checkpoint();
    const why = refused.get(item.seq);
    if (why !== undefined) run.mark(item, why, 'done');
    else if (await placeOne(run, item, standing.get(item.seq))) beside.push(item);
  };
  const bounds = { weigh: heldBytes, most: HELD_AT_ONCE };
  const isFolder = ({ entry }: StoredItem): boolean => entry.type === 'directory';
  // A folder stands before what is in it.
  for (const level of byDepth(items.filter(isFolder))) await inLanes(level, writeOne);
  await inLanes(
    items.filter((item) => !isFolder(item)),
    writeOne,
    bounds,
  );
  return beside;
}

/** @returns true when the item is beside its place, and has to be compared and named */
async function placeOne(run: HostRun, item: StoredItem, was: Standing | null | undefined): Promise<boolean> {
  const { entry } = item;
  run.tell('writing', entry.path);
  let written = 0;
  try {
    const placed = await run.writer.place(item, was, (bytes) => {
      written += bytes;
      run.tell('writing', entry.path, bytes);
    });
    if (placed === 'beside') return true;
    if (placed !== 'in place') run.mark(item, placed, 'done');
    // A folder is done when its contents are in place and its own mode and time are set.
    else if (entry.type !== 'directory') run.mark(item, null, entry.type === 'file' ? 'verified' : 'done');
  } catch (thrown) {
    run.tell('writing', entry.path, -written);
    await failed(run, item, thrown);
  }
  return false;
}

/** Tells why an item could not be written, and takes its temporary file away. Throws what is wrong with all of them. */
async function failed(run: HostRun, item: StoredItem, thrown: unknown): Promise<void> {
  // Asked before the temporary file goes: its going would make room on a full disk.
  const why = await run.failure(item, thrown);
  await run.writer.clear(item).catch(() => undefined);
  run.mark(item, why, 'done');
}

/** Compares files with the archive where they were written, and gives those that are right their names. */
async function nameAll(run: HostRun, items: readonly StoredItem[]): Promise<void> {
  if (items.length > 0) {
    const wanted = items.map((item) => ({ path: run.writer.temporary(item), size: item.entry.size }));
    const hashes = answered(await run.port.hash(wanted));
    const found = new Map(items.map((item, index) => [item, hashes[index] ?? null]));
    await inLanes(items, (item) => nameOne(run, item, found.get(item) ?? null));
  }
  run.flush();
}

async function nameOne(run: HostRun, item: StoredItem, sha256: string | null): Promise<void> {
  try {
    const isRight = sha256 === item.contentSha256 || (await isRightAfterAll(run, item));
    if (isRight) await run.writer.publish(item);
    else await run.writer.clear(item);
    const error = isRight ? null : appError('RESTORE_VERIFY_FAILED', { path: showPath(item.target) });
    run.mark(item, error, 'verified');
  } catch (thrown) {
    run.tell('writing', item.entry.path, -item.entry.size);
    await failed(run, item, thrown);
  }
}

/**
 * Looks again at a file whose hash was not the archive's: read over SFTP (a shell may see other paths than SFTP does), and
 * written from its beginning (what a cut left may have had a gap).
 */
async function isRightAfterAll({ port, writer }: HostRun, item: StoredItem): Promise<boolean> {
  const path = writer.temporary(item);
  const isRight = async (): Promise<boolean> =>
    answered(await port.hash([{ path, size: 0 }]))[0] === item.contentSha256;
  if (await isRight()) return true;
  await writer.clear(item);
  const placed = await writer.place(item, undefined, () => undefined);
  return placed === 'beside' && (await isRight());
}
