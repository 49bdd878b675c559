import { createHash } from 'node:crypto';
import { FORMAT_VERSION } from './manifest.ts';

/** One frame of the tail: the manifest's tar header, the manifest itself, its padding. Lengths in bytes. */
export type TailFrame = {
  readonly size: number;
  readonly length: number;
  /** SHA-256 of the compressed bytes. */
  readonly sha256: Buffer;
};

/** The trailer of an archive or of a manifest file (docs/archive-format.md §3). */
export type Trailer = {
  readonly kind: 'archive' | 'manifest';
  /** UUID with hyphens. */
  readonly id: string;
  /** Where the first tail frame begins in the file. */
  readonly offset: number;
  /** SHA-256 of the manifest text, hexadecimal, and its length in bytes. */
  readonly manifestSha256: string;
  readonly manifestLength: number;
  readonly tail: readonly TailFrame[];
};

/** Why a trailer could not be read. */
export type TrailerProblem = 'absent' | 'damaged' | 'future';

/** The trailer is looked for in this many bytes at the end of a file. */
export const TRAILER_WINDOW = 66_000;

const MAX_TAIL_FRAMES = 1_500;
const FIXED = 80;
const PER_FRAME = 40;
const CLOSING = 44;
const HEAD_MAGIC = 'HMTTARCH';
const END_MAGIC = 'HMTTTAIL';
/** Empty final deflate block, CRC-32 and size of nothing. */
const GZIP_END = Buffer.from([0x03, 0x00, 0, 0, 0, 0, 0, 0, 0, 0]);

function content(trailer: Trailer): Buffer {
  const n = trailer.tail.length;
  if (n > MAX_TAIL_FRAMES) throw new RangeError(`${n} tail frames do not fit a trailer`);
  const bytes = Buffer.alloc(FIXED + PER_FRAME * n + CLOSING);
  bytes.write(HEAD_MAGIC, 0, 'latin1');
  bytes.writeUInt16LE(FORMAT_VERSION, 8);
  bytes.writeUInt16LE(trailer.kind === 'archive' ? 1 : 2, 10);
  bytes.writeUInt32LE(n, 12);
  bytes.writeBigUInt64LE(BigInt(trailer.offset), 16);
  bytes.write(trailer.id.replaceAll('-', ''), 24, 'hex');
  bytes.write(trailer.manifestSha256, 40, 'hex');
  bytes.writeBigUInt64LE(BigInt(trailer.manifestLength), 72);
  trailer.tail.forEach((frame, index) => {
    const at = FIXED + PER_FRAME * index;
    bytes.writeUInt32LE(frame.size, at);
    bytes.writeUInt32LE(frame.length, at + 4);
    frame.sha256.copy(bytes, at + 8);
  });
  const closing = FIXED + PER_FRAME * n;
  createHash('sha256').update(bytes.subarray(0, closing)).digest().copy(bytes, closing);
  bytes.writeUInt32LE(bytes.length, closing + 32);
  bytes.write(END_MAGIC, closing + 36, 'latin1');
  return bytes;
}

/** The trailer as a zstd skippable frame, or as an empty gzip member with an extra field. */
export function formatTrailer(trailer: Trailer, compression: 'zstd' | 'gzip'): Buffer {
  const body = content(trailer);
  if (compression === 'zstd') {
    const head = Buffer.alloc(8);
    head.writeUInt32LE(0x184d2a5e, 0);
    head.writeUInt32LE(body.length, 4);
    return Buffer.concat([head, body]);
  }
  const head = Buffer.from([0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 0, 0, 0x48, 0x4d, 0, 0]);
  head.writeUInt16LE(body.length + 4, 10);
  head.writeUInt16LE(body.length, 14);
  return Buffer.concat([head, body, GZIP_END]);
}

/** Bytes that the container puts around the content of a trailer. */
function wrapping(compression: 'zstd' | 'gzip'): { readonly before: number; readonly after: number } {
  return compression === 'zstd' ? { before: 8, after: 0 } : { before: 16, after: GZIP_END.length };
}

/**
 * Reads the trailer from the last bytes of a file.
 *
 * @param end the last {@link TRAILER_WINDOW} bytes, or the whole file when it is shorter
 * @returns the trailer with the compression it was wrapped for and its whole length, or what is wrong with it
 */
export function parseTrailer(
  end: Buffer,
):
  | { readonly trailer: Trailer; readonly compression: 'zstd' | 'gzip'; readonly wholeLength: number }
  | TrailerProblem {
  for (const compression of ['zstd', 'gzip'] as const) {
    const { before, after } = wrapping(compression);
    const stop = end.length - after;
    if (stop < FIXED + CLOSING || end.toString('latin1', stop - 8, stop) !== END_MAGIC) continue;
    const length = end.readUInt32LE(stop - 12);
    const start = stop - length;
    if (length < FIXED + CLOSING || start - before < 0) return 'damaged';
    const body = end.subarray(start, stop);
    const closing = length - CLOSING;
    const sum = createHash('sha256').update(body.subarray(0, closing)).digest();
    if (!sum.equals(body.subarray(closing, closing + 32))) return 'damaged';
    if (body.toString('latin1', 0, 8) !== HEAD_MAGIC) return 'damaged';
    if (body.readUInt16LE(8) > FORMAT_VERSION) return 'future';
    const trailer = parseContent(body);
    if (trailer === null) return 'damaged';
    // The wrapping is not under the checksum; it is compared with what a writer makes of the same content.
    const whole = end.subarray(start - before);
    if (!formatTrailer(trailer, compression).equals(whole)) return 'damaged';
    return { trailer, compression, wholeLength: whole.length };
  }
  return 'absent';
}

function parseContent(body: Buffer): Trailer | null {
  const kind = body.readUInt16LE(10);
  const n = body.readUInt32LE(12);
  if (n > MAX_TAIL_FRAMES || body.length !== FIXED + PER_FRAME * n + CLOSING || (kind !== 1 && kind !== 2))
    return null;
  const hex = body.toString('hex', 24, 40);
  const tail = Array.from({ length: n }, (_, index) => {
    const at = FIXED + PER_FRAME * index;
    return {
      size: body.readUInt32LE(at),
      length: body.readUInt32LE(at + 4),
      sha256: Buffer.from(body.subarray(at + 8, at + 40)),
    };
  });
  return {
    kind: kind === 1 ? 'archive' : 'manifest',
    id: hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
    offset: Number(body.readBigUInt64LE(16)),
    manifestSha256: body.toString('hex', 40, 72),
    manifestLength: Number(body.readBigUInt64LE(72)),
    tail,
  };
}
