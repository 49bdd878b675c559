import { type FileHandle, open } from 'node:fs/promises';
import { type AppError, appError } from '#shared/errors/index.ts';
import { ArchiveFault } from '../reader-types.ts';
import { AGE_MAGIC, type ArchiveKeys, headOf, MAX_HEAD_BYTES, openHead } from './age-head.ts';
import { ChunkReader } from './chunk-reader.ts';
import { rememberedHead } from './head-copy.ts';

/** The plain bytes of a file, whether it is encrypted or not. */
export type ByteSource = {
  /** Length of the plain bytes. */
  readonly size: number;
  /** Bytes at an offset; fewer at the end. Throws {@link ArchiveFault} for a chunk that was changed. */
  readonly read: (offset: number, size: number) => Promise<Buffer>;
  /** What is wrong with the file as a whole although it can be read: a repaired header, a missing end. */
  readonly fault: AppError | null;
  readonly close: () => Promise<void>;
};

/** Reads bytes of a file; fewer at its end. */
export async function readAt(handle: FileHandle, offset: number, size: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(size);
  let filled = 0;
  while (filled < size) {
    const { bytesRead } = await handle.read(bytes, filled, size - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

/** True for names that encrypted files have, finished or not. */
export function hasAgeName(path: string): boolean {
  return /\.age(\.part)?$/.test(path);
}

/**
 * Opens a file and, when it is encrypted, its age header.
 *
 * A damaged header is replaced by the copy in the `.sha256` file beside it; `fault` says so.
 *
 * @throws ArchiveFault BACKUP_LOCKED, BACKUP_KEY_WRONG, BACKUP_AGE_HEADER_DAMAGED; or the system's error
 */
export async function openSource(path: string, keys: ArchiveKeys): Promise<ByteSource> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const start = await readAt(handle, 0, Math.min(size, MAX_HEAD_BYTES));
    const isAge = start.toString('latin1', 0, AGE_MAGIC.length) === AGE_MAGIC || hasAgeName(path);
    if (isAge) return await openEncrypted(path, handle, size, start, keys);
    return {
      size,
      fault: null,
      read: (offset, length) => readAt(handle, offset, length),
      close: () => handle.close(),
    };
  } catch (thrown) {
    await handle.close();
    throw thrown;
  }
}

async function openEncrypted(
  path: string,
  handle: FileHandle,
  size: number,
  start: Buffer,
  keys: ArchiveKeys,
): Promise<ByteSource> {
  const fileKey = keys.fileKeys?.get(path);
  const own = headOf(start);
  let opened = own === null ? 'damaged' : await openHead(own, keys, fileKey);
  let head = own;
  let fault: AppError | null = null;
  if (opened === 'damaged' || opened === 'wrong-key') {
    const copy = await rememberedHead(path);
    if (copy !== null && (own === null || !copy.equals(own))) {
      fault = appError('BACKUP_AGE_HEADER_DAMAGED', { file: path });
      head = copy;
      opened = await openHead(copy, keys, fileKey);
    }
  }
  if (opened === 'locked') throw new ArchiveFault(appError('BACKUP_LOCKED', { file: path }));
  if (opened === 'wrong-key') throw new ArchiveFault(appError('BACKUP_KEY_WRONG', { file: path }));
  if (opened === 'damaged' || head === null)
    throw new ArchiveFault(appError('BACKUP_AGE_HEADER_DAMAGED', { file: path }));
  const chunks = new ChunkReader({
    file: path,
    streamKey: opened,
    start: head.length,
    end: size,
    read: (offset, length) => readAt(handle, offset, length),
  });
  const isWhole = await chunks.hasEnd();
  return {
    size: chunks.size,
    fault: fault ?? (isWhole ? null : appError('BACKUP_ENCRYPTED_END_DAMAGED', { file: path, bytes: size })),
    read: (offset, length) => chunks.read(offset, length),
    close: () => handle.close(),
  };
}
