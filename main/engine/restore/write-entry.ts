import { constants } from 'node:fs';
import { chmod, lchown, link, lutimes, mkdir, open, rename, symlink, unlink } from 'node:fs/promises';
import { fsPath, type RawPath } from '../platform/raw-path.ts';
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
export async function applyMetadata(path: RawPath, entry: PointEntry, owners: boolean): Promise<void> {
  if (owners) await lchown(fsPath(path), entry.uid, entry.gid);
  // A symbolic link has no mode of its own on Linux, and chmod would follow it.
  if (entry.type !== 'symlink') await chmod(fsPath(path), entry.mode);
  const time = seconds(entryMtimeNs(entry));
  await lutimes(fsPath(path), time, time);
}

/** Removes what a killed run left under our temporary name. */
export async function clear(temporary: RawPath): Promise<void> {
  if ((await lstatOrNull(temporary)) !== null) await unlink(fsPath(temporary));
}

/**
 * Gives a finished temporary file its name. When nothing may be replaced this is a link, which fails where something
 * stands; file systems without hard links get a rename after one more look.
 */
export async function publish(temporary: RawPath, target: RawPath, mustBeNew: boolean): Promise<void> {
  if (!mustBeNew) {
    await rename(fsPath(temporary), fsPath(target));
    return;
  }
  try {
    await link(fsPath(temporary), fsPath(target));
  } catch (thrown) {
    const code = (thrown as { readonly code?: unknown }).code;
    if (code === 'EEXIST' || (await lstatOrNull(target)) !== null) throw thrown;
    await rename(fsPath(temporary), fsPath(target));
    return;
  }
  await unlink(fsPath(temporary));
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
  await clear(temporary);
  const flags = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | (constants.O_NOFOLLOW ?? 0);
  const handle = await open(fsPath(temporary), flags, 0o600);
  try {
    try {
      for await (const piece of content) {
        await writeAll(handle, piece);
        onBytes(piece.length);
      }
    } finally {
      await handle.close();
    }
    await applyMetadata(temporary, entry, options.owners);
  } catch (thrown) {
    await clear(temporary);
    throw thrown;
  }
}

async function writeAll(handle: Awaited<ReturnType<typeof open>>, bytes: Uint8Array): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const result = await handle.write(bytes, written, bytes.length - written);
    written += result.bytesWritten;
  }
}

/** Makes a hard link to a file that this restore brought back. Throws when the file system has none. */
export async function writeHardLink(
  existing: RawPath,
  target: RawPath,
  options: WriteOptions,
): Promise<void> {
  await clear(options.temporary);
  await link(fsPath(existing), fsPath(options.temporary));
  await publish(options.temporary, target, options.mustBeNew);
}

/** Makes a symbolic link; its text is data and is never followed. */
export async function writeSymlink(entry: PointEntry, target: RawPath, options: WriteOptions): Promise<void> {
  const text = fsPath(entry.link ?? '');
  if (options.mustBeNew) {
    await symlink(text, fsPath(target));
    await applyMetadata(target, entry, options.owners);
    return;
  }
  await clear(options.temporary);
  await symlink(text, fsPath(options.temporary));
  await applyMetadata(options.temporary, entry, options.owners);
  await rename(fsPath(options.temporary), fsPath(target));
}

/** Makes a folder, and any above it that no entry describes. Its own metadata comes when its contents are in place. */
export async function makeFolder(target: RawPath): Promise<void> {
  await mkdir(fsPath(target), { recursive: true, mode: 0o700 });
}
