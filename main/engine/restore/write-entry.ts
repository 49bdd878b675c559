import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  futimesSync,
  lchownSync,
  linkSync,
  lutimesSync,
  mkdirSync,
  openSync,
  renameSync,
  symlinkSync,
  unlinkSync,
} from 'node:fs';
import { fsPath, type RawPath } from '../platform/raw-path.ts';
import { ContentWriter } from './content-writer.ts';
import { entryMtimeNs } from './decide.ts';
import { lstatOrNull } from './inspect.ts';
import type { PointEntry } from './types.ts';

/** What writing may use. */
export type WriteOptions = {
  /** True when owners can be given back: the process runs as root. */
  readonly owners: boolean;
  /** Name of the temporary file of this item; ours alone, so one left by a killed run may be removed. */
  readonly temporary: RawPath;
  /** True when the plan said that nothing stands at the target; then nothing may be replaced. */
  readonly mustBeNew: boolean;
};

const seconds = (ns: bigint): number => Number(ns / 1_000_000_000n) + Number(ns % 1_000_000_000n) / 1e9;

/** Gives a path the owner, mode and time of an entry. Times come last: the others would not change them, writing would. */
export function applyMetadata(path: RawPath, entry: PointEntry, owners: boolean): void {
  if (owners) lchownSync(fsPath(path), entry.uid, entry.gid);
  // A symbolic link has no mode of its own on Linux, and chmod would follow it.
  if (entry.type !== 'symlink') chmodSync(fsPath(path), entry.mode);
  const time = seconds(entryMtimeNs(entry));
  lutimesSync(fsPath(path), time, time);
}

/** What {@link applyMetadata} does, to an open regular file: no name is looked up again. */
function applyToOpen(fd: number, entry: PointEntry, owners: boolean): void {
  if (owners) fchownSync(fd, entry.uid, entry.gid);
  fchmodSync(fd, entry.mode);
  const time = seconds(entryMtimeNs(entry));
  futimesSync(fd, time, time);
}

/** Removes what a killed run left under our temporary name. */
export async function clear(temporary: RawPath): Promise<void> {
  if (lstatOrNull(temporary) !== null) unlinkSync(fsPath(temporary));
}

/**
 * Gives a finished temporary file its name. When nothing may be replaced this is a link, which fails where something
 * stands; file systems without hard links get a rename after one more look.
 */
export async function publish(temporary: RawPath, target: RawPath, mustBeNew: boolean): Promise<void> {
  if (!mustBeNew) {
    renameSync(fsPath(temporary), fsPath(target));
    return;
  }
  try {
    linkSync(fsPath(temporary), fsPath(target));
  } catch (thrown) {
    const code = (thrown as { readonly code?: unknown }).code;
    if (code === 'EEXIST' || lstatOrNull(target) !== null) throw thrown;
    renameSync(fsPath(temporary), fsPath(target));
    return;
  }
  unlinkSync(fsPath(temporary));
}

const NEW_FILE = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | (constants.O_NOFOLLOW ?? 0);

/** Opens a file that must be new; one that a killed run left under our temporary name goes first. */
function openNew(temporary: RawPath): number {
  try {
    return openSync(fsPath(temporary), NEW_FILE, 0o600);
  } catch (thrown) {
    if ((thrown as { readonly code?: unknown }).code !== 'EEXIST') throw thrown;
    unlinkSync(fsPath(temporary));
    return openSync(fsPath(temporary), NEW_FILE, 0o600);
  }
}

/**
 * Writes a file's content beside its target and gives it its metadata, but not yet its name: {@link publish} does that, once
 * the content is known to be on the disk. At every moment the target is either what it was or what it shall be.
 *
 * Throws the system's error, or what reading the archive threw; the temporary file is removed then.
 */
export async function writeBeside(
  entry: PointEntry,
  content: AsyncIterable<Uint8Array>,
  options: WriteOptions,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const { temporary } = options;
  const fd = openNew(temporary);
  try {
    try {
      const writer = new ContentWriter(fd, entry.allocated !== undefined);
      for await (const piece of content) {
        writer.write(piece);
        onBytes(piece.length);
      }
      writer.end();
      applyToOpen(fd, entry, options.owners);
    } finally {
      closeSync(fd);
    }
  } catch (thrown) {
    await clear(temporary);
    throw thrown;
  }
}

/** Makes a hard link to a file that this restore brought back. Throws when the file system has none. */
export async function writeHardLink(
  existing: RawPath,
  target: RawPath,
  options: WriteOptions,
): Promise<void> {
  await clear(options.temporary);
  linkSync(fsPath(existing), fsPath(options.temporary));
  await publish(options.temporary, target, options.mustBeNew);
}

/** Makes a symbolic link; its text is data and is never followed. */
export async function writeSymlink(entry: PointEntry, target: RawPath, options: WriteOptions): Promise<void> {
  const text = fsPath(entry.link ?? '');
  if (options.mustBeNew) {
    symlinkSync(text, fsPath(target));
    applyMetadata(target, entry, options.owners);
    return;
  }
  await clear(options.temporary);
  symlinkSync(text, fsPath(options.temporary));
  applyMetadata(options.temporary, entry, options.owners);
  renameSync(fsPath(options.temporary), fsPath(target));
}

/** Makes a folder, and any above it that no entry describes. Its own metadata comes when its contents are in place. */
export async function makeFolder(target: RawPath): Promise<void> {
  try {
    mkdirSync(fsPath(target), { recursive: true, mode: 0o700 });
  } catch (thrown) {
    if ((thrown as { readonly code?: unknown }).code !== 'ENOENT') throw thrown;
    // On a read-only disk libuv says ENOENT of all that is above; making the topmost alone tells why it cannot be made.
    let missing = target;
    for (let slash = missing.lastIndexOf('/'); slash > 0; slash = missing.lastIndexOf('/')) {
      const parent = missing.slice(0, slash);
      if (lstatOrNull(parent) !== null) break;
      missing = parent;
    }
    mkdirSync(fsPath(missing), { mode: 0o700 });
    mkdirSync(fsPath(target), { recursive: true, mode: 0o700 });
  }
}
