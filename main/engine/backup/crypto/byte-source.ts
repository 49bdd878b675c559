import { type FileHandle, open } from 'node:fs/promises';
import { type AppError, appError } from '#shared/errors/index.ts';
import { ArchiveFault } from '../reader-types.ts';
import {
  AGE_MAGIC,
  type ArchiveKeys,
  type HeadProblem,
  headOf,
  MAX_HEAD_BYTES,
  openHead,
} from './age-head.ts';
import { ChunkReader, type Payload } from './chunk-reader.ts';
import { rememberedHead } from './head-copy.ts';

/** The plain bytes of a file, whether it is encrypted or not. */
export type ByteSource = {
  /** Length of the plain bytes. */
  readonly size: number;
  /**
   * Bytes at an offset; fewer at the end. Throws {@link ArchiveFault} for a chunk that was changed.
   *
   * @param into where they may be put, of `size` bytes; a new buffer otherwise
   */
  readonly read: (offset: number, size: number, into?: Buffer) => Promise<Buffer>;
  /** What is wrong with the file as a whole although it can be read: a repaired header, a missing end. */
  readonly fault: AppError | null;
  readonly close: () => Promise<void>;
};

/** Reads bytes of a file, into a buffer of `size` bytes when one is given; fewer at its end. */
export async function readAt(
  handle: FileHandle,
  offset: number,
  size: number,
  bytes: Buffer = Buffer.allocUnsafe(size),
): Promise<Buffer> {
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
      read: (offset, length, into) => readAt(handle, offset, length, into),
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
  const open = async (head: Buffer | null): Promise<Opened> => {
    const key = head === null ? 'damaged' : await openHead(head, keys, keys.fileKeys?.get(path));
    if (head === null || typeof key === 'string')
      return { problem: typeof key === 'string' ? key : 'damaged' };
    const read: Payload['read'] = (offset, length, into) => readAt(handle, offset, length, into);
    const chunks = new ChunkReader({ file: path, streamKey: key, start: head.length, end: size, read });
    // The nonce is no part of what the header's MAC covers: when it was changed, no chunk opens.
    const isWhole = await chunks.hasEnd();
    return { chunks, isWhole, opens: isWhole || (await chunks.hasStart()) };
  };
  const own = headOf(start);
  const first = await open(own);
  let used = first;
  let fault: AppError | null = null;
  if ('problem' in first ? first.problem !== 'locked' : !first.opens) {
    const copy = await rememberedHead(path);
    const second = copy === null || own?.equals(copy) ? first : await open(copy);
    if (second !== first && 'chunks' in second && second.opens) {
      used = second;
      fault = appError('BACKUP_AGE_HEADER_DAMAGED', { file: path });
    }
  }
  if ('problem' in used) throw new ArchiveFault(appError(PROBLEM_CODE[used.problem], { file: path }));
  const { chunks, isWhole } = used;
  return {
    size: chunks.size,
    fault: fault ?? (isWhole ? null : appError('BACKUP_ENCRYPTED_END_DAMAGED', { file: path, bytes: size })),
    read: (offset, length, into) => chunks.read(offset, length, into),
    close: () => handle.close(),
  };
}

type Opened =
  | { readonly problem: HeadProblem }
  | { readonly chunks: ChunkReader; readonly isWhole: boolean; readonly opens: boolean };

const PROBLEM_CODE = {
  locked: 'BACKUP_LOCKED',
  'wrong-key': 'BACKUP_KEY_WRONG',
  damaged: 'BACKUP_AGE_HEADER_DAMAGED',
} as const satisfies Record<HeadProblem, string>;
