import { type AppError, appError, describeThrown } from '#shared/errors/index.ts';
import { type RawPath, showPath } from '../platform/raw-path.ts';
import { decide } from './decide.ts';
import { createFolderGuard } from './folder-guard.ts';
import { inspect } from './inspect.ts';
import { foldersBelow, guardedFolders, targetPath } from './paths.ts';
import type { PlanBasis, PlanStore, StoredItem } from './plan-store.ts';
import { RunStopped } from './run-stopped.ts';
import type { TargetWatch } from './target-watch.ts';
import { carriedError, type PointReader } from './types.ts';
import {
  applyMetadata,
  clear,
  makeFolder,
  type WriteOptions,
  writeBeside,
  writeHardLink,
  writeSymlink,
} from './write-entry.ts';

/** What putting one item in place came to; an error is why it was not done. */
export type Placed = 'in place' | 'beside' | AppError;

/** Puts items of one plan in place. */
export type Placer = {
  /**
   * Makes a folder or link in its place, or writes a file beside its place, to be published when it is on the disk. What an
   * interrupted run put there already is recognised. Throws the system's error, or what reading the archive threw.
   *
   * @param isAbsent true when nothing stood at the target just now, so that nobody looks again
   */
  readonly place: (item: StoredItem, onBytes: (bytes: number) => void, isAbsent?: boolean) => Promise<Placed>;
  /** The temporary name of an item: ours alone, and the same after a restart; it leads over the target's own disk. */
  readonly temporary: (item: StoredItem) => RawPath;
};

/** What a placer works with. */
export type PlacerParts = {
  readonly store: PlanStore;
  readonly basis: PlanBasis;
  readonly reader: PointReader;
  readonly targets: TargetWatch;
  readonly signal: AbortSignal;
  /** Short unique text of the restore. */
  readonly mark: string;
  /** Whether owners can be given back. */
  readonly owners: boolean;
};

const STOPS = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EIO', 'ENODEV', 'ENXIO']);
const LINK_IN_PATH = { zh: '它的路径中有符号链接', en: 'a symbolic link stands in its path' };
const NO_HARD_LINKS = new Set(['EPERM', 'ENOTSUP', 'EXDEV', 'EMLINK']);

/** What the system says went wrong, without the temporary name that it went wrong with: the error names the target. */
function systemReason(thrown: unknown): string {
  const { syscall } = thrown as { readonly syscall?: unknown };
  const told = describeThrown(thrown);
  return typeof syscall === 'string' ? (told.split(`, ${syscall} '`)[0] ?? told) : told;
}

/** Turns a thrown failure into the item's error; a failure of the whole target is thrown as {@link RunStopped}. */
export function itemFailure(item: StoredItem, thrown: unknown): AppError {
  const carried = carriedError(thrown);
  if (carried) return carried;
  const code = (thrown as { readonly code?: unknown }).code;
  const why = systemReason(thrown);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    throw new RunStopped(appError('DISK_FULL', { file: showPath(item.target) }, { detail: why }));
  }
  if (code === 'EROFS')
    throw new RunStopped(appError('READ_ONLY', { file: showPath(item.target) }, { detail: why }));
  const failed = appError('RESTORE_WRITE_FAILED', { path: showPath(item.target), why });
  if (typeof code === 'string' && STOPS.has(code)) throw new RunStopped(failed);
  return code === 'EEXIST' ? appError('RESTORE_TARGET_CHANGED', { path: showPath(item.target) }) : failed;
}

/** Makes a placer. */
export function createPlacer({ store, basis, reader, targets, signal, mark, owners }: PlacerParts): Placer {
  const guard = createFolderGuard();
  const madeFolders = new Set<RawPath>();

  const temporary = (item: StoredItem): RawPath => {
    const slash = item.target.lastIndexOf('/');
    return targets.anchored(`${item.target.slice(0, slash + 1)}.hmtt-restore-${mark}-${item.seq}.part`);
  };

  /** Makes the folder that a target is in, where the plan has no item for it. */
  const makeParent = async (target: RawPath): Promise<void> => {
    const folder = target.slice(0, target.lastIndexOf('/'));
    if (folder === '' || madeFolders.has(folder)) return;
    await makeFolder(targets.anchored(folder));
    madeFolders.add(folder);
  };

  /** Links to the file that a hard link names, when that file stands there with the right content. */
  const hardLinked = async (item: StoredItem, options: WriteOptions): Promise<boolean> => {
    const { entry } = item;
    if (entry.type !== 'hardlink' || entry.link === undefined || item.contentSha256 === undefined)
      return false;
    if (!store.has(entry.link)) return false;
    const first = targetPath(entry.link, basis.place);
    if (first === null) return false;
    const stands = await inspect(first, entry.size, signal);
    if (stands?.sha256 !== item.contentSha256) return false;
    try {
      await writeHardLink(targets.anchored(first), targets.anchored(item.target), options);
      return true;
    } catch (thrown) {
      // A file system without hard links gets a copy; anything else is a failure like any other.
      if (NO_HARD_LINKS.has(String((thrown as { readonly code?: unknown }).code))) return false;
      throw thrown;
    }
  };

  /** Writes a file beside its place; what one copy of the archive cannot give is read from the next. */
  const writeFromAnyCopy = async (
    entry: StoredItem['entry'],
    options: WriteOptions,
    onBytes: (bytes: number) => void,
  ): Promise<void> => {
    for (;;) {
      let written = 0;
      try {
        await writeBeside(entry, reader.readFile(entry), options, (bytes) => {
          written += bytes;
          onBytes(bytes);
        });
        return;
      } catch (thrown) {
        const isArchiveAtFault = carriedError(thrown) !== null && !signal.aborted;
        if (!isArchiveAtFault || !(await reader.otherCopy?.(entry))) throw thrown;
        onBytes(-written);
      }
    }
  };

  const place: Placer['place'] = async (item, onBytes, isAbsent = false) => {
    const { entry, target } = item;
    const guarded =
      basis.undo === undefined
        ? guardedFolders(entry.path, basis.place, basis.sources)
        : foldersBelow(target, basis.undo.roots);
    if (guard.look(guarded) === 'unsafe') {
      return appError('RESTORE_UNSAFE_PATH', { path: showPath(entry.path), ...LINK_IN_PATH });
    }
    const existing = isAbsent ? null : await inspect(target, entry.size, signal);
    if (existing !== null) {
      if (decide(entry, existing, 'never', item.contentSha256, owners).action === 'same') {
        // A run that was cut off between giving the name and taking the temporary one away left both.
        await clear(temporary(item));
        if (entry.type === 'file') onBytes(entry.size);
        // An interrupted run may have made the link and not come to its time.
        if (entry.type === 'symlink') applyMetadata(targets.anchored(target), entry, owners);
        return 'in place';
      }
      if (entry.type === 'directory' && existing.type === 'directory') return 'in place';
      const asPlanned =
        item.before !== null &&
        item.before.type === existing.type &&
        item.before.size === existing.size &&
        item.before.mtimeNs === String(existing.mtimeNs);
      if (!asPlanned) {
        await clear(temporary(item));
        return appError('RESTORE_TARGET_CHANGED', { path: showPath(target) });
      }
    }
    const options = { owners, temporary: temporary(item), mustBeNew: item.before === null };
    if (entry.type === 'directory') {
      await makeFolder(targets.anchored(target));
      return 'in place';
    }
    await makeParent(target);
    if (entry.type === 'symlink') {
      await writeSymlink(entry, targets.anchored(target), options);
      return 'in place';
    }
    if (await hardLinked(item, options)) return 'in place';
    if (reader.placeItself !== undefined) {
      await clear(temporary(item));
      if (await reader.placeItself(entry, temporary(item))) {
        onBytes(entry.size);
        return 'beside';
      }
    }
    await writeFromAnyCopy(entry, options, onBytes);
    await reader.finishFile?.(entry, temporary(item));
    return 'beside';
  };

  return { place, temporary };
}
