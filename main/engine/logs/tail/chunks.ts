import { freeNow } from '../../platform/large-buffers.ts';

/** How much is read of a file at a time. */
export const CHUNK_BYTES = 256 * 1024;
/** A chunk has room for what waited of an unfinished line, if that is not unusually long. */
const ROOM_BYTES = CHUNK_BYTES + 64 * 1024;
/** As many as wait for a commit at a time, about. */
const MOST = 64;

const kept: Buffer<ArrayBuffer>[] = [];

/**
 * Memory to read into, with anything in it; {@link giveBackChunk} when nobody refers to it any more. New memory for each chunk of a
 * large file would have the system zero all of it, and V8 collect garbage after every few dozen.
 */
export function takeChunk(size: number): Buffer {
  if (size < CHUNK_BYTES / 4) return Buffer.allocUnsafe(size);
  if (size > ROOM_BYTES) return Buffer.allocUnsafeSlow(size);
  return (kept.pop() ?? Buffer.allocUnsafeSlow(ROOM_BYTES)).subarray(0, size);
}

/** Gives memory of {@link takeChunk} to the next who takes some. */
export function giveBackChunk({ buffer }: Buffer): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === ROOM_BYTES && kept.length < MOST)
    kept.push(Buffer.from(buffer));
}

/** Frees what was given back: nothing large is read for the time being. */
export function freeChunks(): void {
  for (const chunk of kept.splice(0)) freeNow(chunk);
}
