import { createHash, randomBytes } from 'node:crypto';
import { readSync } from 'node:fs';
import type { FilePosition } from '../model.ts';
import { TAIL_BYTES } from './lines.ts';
import { isRotatedName } from './names.ts';

/** How many bytes at the start of a file identify it. */
export const HEAD_BYTES = 1024;
/** An identity of fewer bytes is too weak to stand without the inode's hint. */
export const STRONG_HEAD_BYTES = 256;

/** SHA-256. */
export function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/** A new key of a log file: 16 characters of a–z and 0–9 (80 random bits). */
export function newFileKey(): string {
  return BigInt(`0x${randomBytes(10).toString('hex')}`)
    .toString(36)
    .padStart(16, '0');
}

/** Reads up to `length` bytes at an offset; fewer at the end of the file. */
export function readAt(handle: number, offset: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  return bytes.subarray(0, readInto(handle, offset, bytes));
}

/** Fills memory with what stands at an offset; says how much there was. */
export function readInto(handle: number, offset: number, bytes: Buffer): number {
  let filled = 0;
  while (filled < bytes.length) {
    const read = readSync(handle, bytes, filled, bytes.length - filled, offset + filled);
    if (read === 0) break;
    filled += read;
  }
  return filled;
}

/** What of an open file can be compared with an identity. */
export type Candidate = {
  readonly size: number;
  readonly place: string;
  /** The first {@link HEAD_BYTES} bytes, fewer in a shorter file. */
  readonly head: Buffer;
  /** Reads the up to 256 bytes before an offset. */
  readonly tailBefore: (offset: number) => Buffer;
};

/** Looks at an open file. */
export function candidateOf(handle: number, size: number, place: string): Candidate {
  return {
    size,
    place,
    head: readAt(handle, 0, HEAD_BYTES),
    tailBefore: (offset) => {
      const start = Math.max(0, offset - TAIL_BYTES);
      return readAt(handle, start, offset - start);
    },
  };
}

/** Says whether a file on the disk is the one whose position is known (docs/logs-format.md). */
export function isSameFile(position: FilePosition, candidate: Candidate): boolean {
  if (candidate.size < position.offset || candidate.head.length < position.headLength) return false;
  if (position.headLength < STRONG_HEAD_BYTES && position.place !== candidate.place) return false;
  if (!sha256(candidate.head.subarray(0, position.headLength)).equals(position.headHash)) return false;
  return sha256(candidate.tailBefore(position.offset)).equals(position.tailHash);
}

/** The known file that a file on the disk is; the one read farthest when several fit. */
export function identify(positions: Iterable<FilePosition>, candidate: Candidate): FilePosition | null {
  const heads = new Map<number, Buffer>();
  let best: FilePosition | null = null;
  for (const position of positions) {
    if (best !== null && position.offset <= best.offset) continue;
    // Thousands of rotated files may be known, nearly all of them with heads of one length.
    let head = heads.get(position.headLength);
    if (head === undefined) {
      head = sha256(candidate.head.subarray(0, position.headLength));
      heads.set(position.headLength, head);
    }
    if (head.equals(position.headHash) && isSameFile(position, candidate)) best = position;
  }
  return best;
}

/**
 * A rotated name stands in for the inode, which a copy does not share with its original; but only when there is content
 * to compare.
 */
export function trusting(position: FilePosition, candidate: Candidate, path: string): FilePosition {
  return position.offset > 0 && isRotatedName(position.path, path)
    ? { ...position, place: candidate.place }
    : position;
}
