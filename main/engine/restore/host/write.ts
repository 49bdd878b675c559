import type { AppError } from '#shared/errors/index.ts';
import { appError } from '#shared/errors/index.ts';
import { type RawPath, showPath } from '../../platform/raw-path.ts';
import { decide } from '../decide.ts';
import { foldersBelow, guardedFolders, targetPath } from '../paths.ts';
import type { PlanBasis, PlanStore, StoredItem } from '../plan-store.ts';
import { RunStopped } from '../run-stopped.ts';
import type { Standing } from '../saved.ts';
import { carriedError, type PointReader } from '../types.ts';
import { answered, type HostGuard, HostRefusal, hostGuard, inspectOnHost } from './files.ts';
import type { NotSet } from './not-set.ts';
import type { HostPort } from './port.ts';

/** What putting one item in place came to; an error is why it was not done. */
export type HostPlaced = 'in place' | 'beside' | AppError;

/** What a writer works with. */
export type HostWriterParts = {
  readonly port: HostPort;
  readonly store: PlanStore;
  readonly basis: PlanBasis;
  readonly reader: PointReader;
  readonly signal: AbortSignal;
  /** Short unique text of the restore, part of temporary names. */
  readonly mark: string;
  readonly notSet: NotSet;
};

/** Bytes of one call. */
const PIECE = 512 * 1024;
/** Calls that are under way for one file, so that a round trip does not count for each. */
const AHEAD = 4;
/** Folders that are known to stand; further ones are looked at again. */
const REMEMBERED = 10_000;
/** Bits that giving a file away takes away. */
const TAKEN_WITH_OWNER = 0o6000;
/** Below this a file is written anew sooner than it is gone on with. */
const WORTH_GOING_ON = 8 << 20;
const LINK_IN_PATH = { zh: '它的路径中有符号链接', en: 'a symbolic link stands in its path' };

/** Writes items of a plan to a host: links and folders in their places, files under temporary names beside theirs. */
export class HostWriter {
  readonly #parts: HostWriterParts;
  readonly #guard: HostGuard;
  readonly #made = new Map<RawPath, Promise<void>>();

  constructor(parts: HostWriterParts) {
    this.#parts = parts;
    this.#guard = hostGuard(parts.port);
  }

  /** The temporary name of an item: ours alone, and the same after a restart. */
  temporary({ target, seq }: StoredItem): RawPath {
    return `${target.slice(0, target.lastIndexOf('/') + 1)}.hmtt-restore-${this.#parts.mark}-${seq}.part`;
  }

  /**
   * Puts one item in place, or beside it. What an interrupted run put there already is recognised by its hash.
   *
   * @param was what stood there just now; undefined when nobody has looked
   */
  async place(
    item: StoredItem,
    was: Standing | null | undefined,
    onBytes: (bytes: number) => void,
  ): Promise<HostPlaced> {
    const { basis, port, notSet } = this.#parts;
    const { entry, target } = item;
    if (!target.isWellFormed() || !(entry.link ?? '').isWellFormed())
      return appError('RESTORE_WRITE_FAILED', { path: showPath(target), why: 'SFTP: not UTF-8' });
    const folders =
      basis.undo === undefined
        ? guardedFolders(entry.path, basis.place, basis.sources)
        : foldersBelow(target, basis.undo.roots);
    if ((await this.#guard.look(folders)) === 'unsafe')
      return appError('RESTORE_UNSAFE_PATH', { path: showPath(entry.path), ...LINK_IN_PATH });
    const existing = was === null ? null : await inspectOnHost(port, target, entry, was);
    if (existing !== null) {
      const owners = basis.host?.givesOwners === true;
      if (decide(entry, existing, 'never', item.contentSha256, owners).action === 'same') {
        // A server gives a name as a second one, and then takes the first away: one that was cut off in between left both.
        if (entry.type !== 'directory') await this.clear(item);
        if (entry.type === 'file') onBytes(entry.size);
        if (entry.type === 'symlink') await this.describe(target, entry);
        return 'in place';
      }
      if (entry.type === 'directory' && existing.type === 'directory') return 'in place';
      const isAsPlanned =
        item.before !== null &&
        item.before.type === existing.type &&
        (existing.type === 'directory' || item.before.size === existing.size) &&
        item.before.mtimeNs === String(existing.mtimeNs);
      if (!isAsPlanned) {
        if (entry.type !== 'directory') await this.clear(item);
        return appError('RESTORE_TARGET_CHANGED', { path: showPath(target) });
      }
    }
    if (entry.type === 'directory') {
      await this.#makeFolder(target);
      return 'in place';
    }
    await this.#makeFolder(target.slice(0, target.lastIndexOf('/')));
    if (entry.type === 'symlink') {
      await this.#makeLink(item);
      return 'in place';
    }
    if (await this.#hardLinked(item)) return 'in place';
    if (Object.keys(entry.xattrs ?? {}).length > 0) notSet.add('xattrs', target);
    await this.#writeFromAnyCopy(item, onBytes);
    return 'beside';
  }

  /** Describes a file that is beside its place, and was compared, and gives it its name. */
  async publish(item: StoredItem): Promise<void> {
    const { basis, port } = this.#parts;
    const { entry, target } = item;
    const rest = { mode: entry.mode, mtime: Number(entry.mtime) };
    const owner = { uid: entry.uid, gid: entry.gid };
    const isTaken = (entry.mode & TAKEN_WITH_OWNER) !== 0;
    const steps =
      basis.host?.givesOwners !== true ? [rest] : isTaken ? [owner, rest] : [{ ...owner, ...rest }];
    const isDescribed = answered(
      await port.publish(this.temporary(item), target, steps, item.before !== null),
    );
    // Asked one by one the host says what it does not take.
    if (!isDescribed) await this.describe(target, entry);
  }

  /** Takes a temporary file away; none there is as well. */
  async clear(item: StoredItem): Promise<void> {
    const removed = await this.#parts.port.remove(this.temporary(item));
    if (!removed.ok && removed.error.code !== 'SSH_REMOTE_FAILED') answered(removed);
  }

  /**
   * Gives a path the owner, mode and time of an entry, as far as the login may; what it may not is named.
   *
   * @param shown the path that people know, where this is a temporary one
   */
  async describe(path: RawPath, entry: StoredItem['entry'], shown = path): Promise<void> {
    const { basis, notSet, port } = this.#parts;
    const isLink = entry.type === 'symlink';
    const set = async (
      what: 'owners' | 'modes' | 'times',
      attributes: Parameters<HostPort['describe']>[1],
    ): Promise<void> => {
      const done = await port.describe(path, attributes, isLink);
      if (done.ok) return;
      if (done.error.code !== 'SSH_REMOTE_FAILED') answered(done);
      notSet.add(what, shown);
    };
    // Owners first: giving a file away takes its set-user-id away.
    if (basis.host?.givesOwners === true) await set('owners', { uid: entry.uid, gid: entry.gid });
    const mtime = Number(entry.mtime);
    if (isLink) await set('times', { mtime });
    else {
      const both = await port.describe(path, { mode: entry.mode, mtime }, false);
      if (both.ok) return;
      if (both.error.code !== 'SSH_REMOTE_FAILED') answered(both);
      // One status for both: asked one by one the host says which it is.
      await set('modes', { mode: entry.mode });
      await set('times', { mtime });
    }
  }

  /** Makes a folder and those above it that are missing. Asked for by many at once it is made once. */
  #makeFolder(folder: RawPath): Promise<void> {
    if (folder === '' || folder === '/') return Promise.resolve();
    const known = this.#made.get(folder);
    if (known !== undefined) return known;
    if (this.#made.size >= REMEMBERED) this.#made.clear();
    const made = this.#makeMissing(folder);
    this.#made.set(folder, made);
    made.catch(() => this.#made.delete(folder));
    return made;
  }

  async #makeMissing(folder: RawPath): Promise<void> {
    const { port } = this.#parts;
    const found = answered(await port.find(folder));
    // A symbolic link above the target is the host's own; below it the guard has looked.
    if (found?.type === 'directory' || found?.type === 'symlink') return;
    await this.#makeFolder(folder.slice(0, folder.lastIndexOf('/')));
    const made = await port.makeFolder(folder);
    if (made.ok) return;
    // Refused as well when somebody has made it in between.
    const now = made.error.code === 'SSH_REMOTE_FAILED' ? answered(await port.find(folder)) : null;
    if (now?.type !== 'directory') answered(made);
  }

  async #makeLink(item: StoredItem): Promise<void> {
    const { entry, target } = item;
    const { port } = this.#parts;
    if (item.before === null) {
      answered(await port.makeLink(entry.link ?? '', target));
      await this.describe(target, entry);
      return;
    }
    await this.clear(item);
    const temporary = this.temporary(item);
    answered(await port.makeLink(entry.link ?? '', temporary));
    await this.describe(temporary, entry, target);
    answered(await port.rename(temporary, target, true));
  }

  /** Links to the file that a hard link names, when that file stands there with the right content. */
  async #hardLinked(item: StoredItem): Promise<boolean> {
    const { basis, port, store } = this.#parts;
    const { entry, contentSha256 } = item;
    if (entry.type !== 'hardlink' || entry.link === undefined || contentSha256 === undefined) return false;
    const first = store.has(entry.link) ? targetPath(entry.link, basis.place) : null;
    if (first === null) return false;
    const stands = await inspectOnHost(port, first, entry);
    if (stands?.sha256 !== contentSha256) return false;
    await this.clear(item);
    // A host without hard links gets a copy.
    if (!(await port.hardLink(first, this.temporary(item))).ok) return false;
    answered(await port.rename(this.temporary(item), item.target, item.before !== null));
    return true;
  }

  /** Writes a file beside its place; what one copy of the archive cannot give is read from the next. */
  async #writeFromAnyCopy(item: StoredItem, onBytes: (bytes: number) => void): Promise<void> {
    const { reader, signal } = this.#parts;
    for (let mayGoOn = true; ; mayGoOn = false) {
      let written = 0;
      try {
        await this.#write(item, mayGoOn, (bytes) => {
          written += bytes;
          onBytes(bytes);
        });
        return;
      } catch (thrown) {
        onBytes(-written);
        const isHostAtFault = thrown instanceof RunStopped || thrown instanceof HostRefusal;
        if (isHostAtFault || signal.aborted || carriedError(thrown) === null) throw thrown;
        if (!(await reader.otherCopy?.(item.entry))) throw thrown;
      }
    }
  }

  async #write(item: StoredItem, mayGoOn: boolean, onBytes: (bytes: number) => void): Promise<void> {
    const { port, reader, signal } = this.#parts;
    const { entry } = item;
    const isSparse = entry.allocated !== undefined;
    if (entry.type === 'file' && !isSparse && entry.size <= PIECE) {
      const bytes = await wholeOf(reader.readFile(entry), entry.size);
      signal.throwIfAborted();
      onBytes(bytes.length);
      answered(await port.put(this.temporary(item), bytes));
      return;
    }
    const goesOn = mayGoOn && !isSparse && entry.size >= WORTH_GOING_ON;
    const { file, size } = answered(await port.create(this.temporary(item), goesOn));
    // The last pieces of a run that was cut off may not have come in order; all is compared by hash in the end.
    const skip = Math.max(0, Math.floor(Math.min(size, entry.size) / PIECE) - AHEAD) * PIECE;
    let isOpen = true;
    const underWay: Promise<Awaited<ReturnType<HostPort['write']>>>[] = [];
    try {
      let at = 0;
      for await (const piece of reader.readFile(entry)) {
        for (let from = 0; from < piece.length; from += PIECE) {
          signal.throwIfAborted();
          // A copy of its own: what is posted is cloned with all of the memory that it is a part of.
          const bytes = new Uint8Array(piece.subarray(from, from + PIECE));
          const offset = at;
          at += bytes.length;
          onBytes(bytes.length);
          if (at <= skip || (isSparse && isZero(bytes))) continue;
          underWay.push(port.write(file, offset, bytes));
          if (underWay.length >= AHEAD) {
            const oldest = await underWay.shift();
            if (oldest !== undefined) answered(oldest);
          }
        }
      }
      for (const result of await Promise.all(underWay.splice(0))) answered(result);
      isOpen = false;
      answered(await port.finish(file, at));
    } finally {
      await Promise.all(underWay);
      if (isOpen) await port.close(file);
    }
  }
}

/** The content of a small file, in memory of its own: what is posted is cloned with all of the memory that it is a part of. */
async function wholeOf(pieces: AsyncIterable<Uint8Array>, size: number): Promise<Uint8Array> {
  // A byte too many is enough for the comparison to fail; a safety copy that grew must not fill the memory.
  const whole = new Uint8Array(size + 1);
  let at = 0;
  for await (const piece of pieces) {
    const part = piece.subarray(0, whole.length - at);
    whole.set(part, at);
    at += part.length;
  }
  return whole.subarray(0, at);
}

/** What writing a file may hold in memory at once. */
export function heldBytes({ entry }: StoredItem): number {
  return entry.type === 'directory' || entry.type === 'symlink' ? 0 : Math.min(entry.size, AHEAD * PIECE);
}

const ZEROS = Buffer.alloc(PIECE);

function isZero(bytes: Uint8Array): boolean {
  return ZEROS.subarray(0, bytes.length).equals(bytes);
}
