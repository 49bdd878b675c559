import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import * as zlib from 'node:zlib';
import * as z from 'zod';
import type { RotationCodec } from '#shared/contract/logs-rotation-policy.ts';
import { type AppError, appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import { ioError } from '../../storage/io-error.ts';
import { runtimeZstd, type Zstd } from '../store/codec.ts';
import type { SegmentBytes } from './cipher.ts';

/** A frame holds at most so many bytes of log. */
export const MAX_FRAME_BYTES = 4 << 20;

/** Magic number of the skippable frame that holds the index (RFC 8878, 3.1.2), and what ends it. */
const SKIPPABLE = 0x184d2a5d;
const END_MARK = 'HMTTSEG1';
const TRAILER_BYTES = 16;
/** What is read at once of a segment without frames. */
const PIECE_BYTES = 1 << 20;
/** A longer index is an attack: that of 100 GiB of log is smaller. */
const MAX_INDEX_BYTES = 256 << 20;

const frameSchema = z.object({
  at: z.int().min(0),
  stored: z.int().min(1),
  raw: z.int().min(0).max(MAX_FRAME_BYTES),
  line: z.int().min(0),
  lines: z.int().min(0),
  words: z.string(),
});
const indexSchema = z.object({ v: z.literal(1), frames: z.array(frameSchema).max(10_000_000) });

/** Where a frame is, and what it holds. */
export type SegmentFrame = z.infer<typeof frameSchema>;

/** `ZSTD_c_checksumFlag`: every frame ends with a checksum of its content, so that a changed byte is found by any tool. */
const CHECKSUM_FLAG = 201;

/**
 * The codec that a runtime writes for a wanted one: gzip where it has no zstd. Everything that says how a segment will be packed
 * asks this, and so does what packs it.
 */
export function possibleCodec(wanted: RotationCodec, zstd: Zstd = runtimeZstd): RotationCodec {
  return wanted === 'zstd' && zstd.zstdCompressSync === undefined ? 'gzip' : wanted;
}

/** One self-contained frame or member. */
export function compressFrame(codec: 'zstd' | 'gzip', plain: Uint8Array): Buffer {
  return codec === 'zstd' && runtimeZstd.zstdCompressSync
    ? runtimeZstd.zstdCompressSync(plain, { params: { [CHECKSUM_FLAG]: 1 } })
    : zlib.gzipSync(plain, { level: 6 });
}

/** The skippable frame with the index of a segment; behind the last frame. */
export function indexFrame(frames: readonly SegmentFrame[]): Buffer {
  const packed = compressFrame('zstd', Buffer.from(JSON.stringify({ v: 1, frames }), 'utf8'));
  const head = Buffer.alloc(8);
  head.writeUInt32LE(SKIPPABLE, 0);
  head.writeUInt32LE(packed.length + TRAILER_BYTES, 4);
  const trailer = Buffer.alloc(TRAILER_BYTES);
  trailer.writeBigUInt64LE(BigInt(packed.length), 0);
  trailer.write(END_MARK, 8, 'latin1');
  return Buffer.concat([head, packed, trailer]);
}

/** Opens a file for reading anywhere. Throws the system's error. */
export function openBytes(path: string): SegmentBytes & { readonly close: () => void } {
  const handle = openSync(path, 'r');
  const { size } = fstatSync(handle);
  return {
    size,
    read: async (offset, length) => {
      const wanted = Math.max(0, Math.min(length, size - offset));
      const bytes = Buffer.allocUnsafe(wanted);
      let filled = 0;
      while (filled < wanted) {
        const read = readSync(handle, bytes, filled, wanted - filled, offset + filled);
        if (read === 0) break;
        filled += read;
      }
      return bytes.subarray(0, filled);
    },
    close: () => closeSync(handle),
  };
}

/** What a reading threw: the file is damaged (an encrypted chunk does not open), or the system says why. */
export function readError(file: string, thrown: unknown): AppError {
  const { code } = thrown as { readonly code?: unknown };
  return code === 'EBADMSG'
    ? appError('LOG_SEGMENT_DAMAGED', { file, why: describeThrown(thrown) })
    : ioError(file, thrown);
}

const damaged = (file: string, why: string) => err(appError('LOG_SEGMENT_DAMAGED', { file, why }));

/** Reads the index at the end of a zstd segment; it must describe every byte before it, without gaps. */
async function readIndex(file: string, bytes: SegmentBytes): Promise<Result<readonly SegmentFrame[]>> {
  const { zstdDecompressSync } = runtimeZstd;
  if (zstdDecompressSync === undefined) return err(appError('LOG_NEEDS_ZSTD', { file }));
  const trailer = await bytes.read(Math.max(0, bytes.size - TRAILER_BYTES), TRAILER_BYTES);
  if (trailer.length < TRAILER_BYTES || trailer.toString('latin1', 8) !== END_MARK)
    return damaged(file, 'no index at the end');
  const length = Number(trailer.readBigUInt64LE(0));
  const start = bytes.size - TRAILER_BYTES - length - 8;
  if (length > MAX_INDEX_BYTES || start < 0) return damaged(file, 'index length');
  const frame = await bytes.read(start, 8 + length);
  if (frame.readUInt32LE(0) !== SKIPPABLE || frame.readUInt32LE(4) !== length + TRAILER_BYTES)
    return damaged(file, 'index frame');
  try {
    const text = zstdDecompressSync(frame.subarray(8), { maxOutputLength: 2 * MAX_INDEX_BYTES });
    const index = indexSchema.parse(JSON.parse(text.toString('utf8')));
    let at = 0;
    for (const one of index.frames) {
      if (one.at !== at) return damaged(file, `a gap at byte ${at}`);
      at += one.stored;
    }
    return at === start ? ok(index.frames) : damaged(file, `a gap at byte ${at}`);
  } catch (thrown) {
    return damaged(file, describeThrown(thrown));
  }
}

/** Which frames of a zstd segment are wanted, and what becomes of those that cannot be read. */
export type FrameChoice = {
  /** All when left out. `before`: the frame in front of it; `isLast`: it alone may end without a line end. */
  readonly wants?: (frame: SegmentFrame, before: SegmentFrame | undefined, isLast: boolean) => boolean;
  /** Told of a frame that cannot be read, which is passed over; when left out, it ends the reading. */
  readonly unreadable?: (error: AppError) => void;
};

/**
 * Calls with each piece of a segment's log, in order. What `each` throws goes through and ends the reading. Of gzip and plain
 * segments no piece can be left out.
 */
export async function readPieces(
  segment: { readonly file: string; readonly codec: RotationCodec; readonly bytes: SegmentBytes },
  each: (piece: Buffer, frame: SegmentFrame | null) => void | Promise<void>,
  { wants = () => true, unreadable }: FrameChoice = {},
): Promise<Result<{ readonly frames: number; readonly opened: number }>> {
  const { file, codec, bytes } = segment;
  if (codec === 'none') return readPlain(bytes, each);
  if (codec === 'gzip') return readGzip(file, bytes, each);
  const frames = await readIndex(file, bytes);
  if (!frames.ok) return frames;
  let opened = 0;
  for (const [at, frame] of frames.value.entries()) {
    if (!wants(frame, frames.value[at - 1], at === frames.value.length - 1)) continue;
    opened += 1;
    const piece = await openFrame(file, bytes, frame);
    if (piece.ok) await each(piece.value, frame);
    else if (unreadable === undefined) return piece;
    else unreadable(piece.error);
  }
  return ok({ frames: frames.value.length, opened });
}

async function openFrame(file: string, bytes: SegmentBytes, frame: SegmentFrame): Promise<Result<Buffer>> {
  let stored: Buffer;
  try {
    stored = await bytes.read(frame.at, frame.stored);
  } catch (thrown) {
    return err(readError(file, thrown));
  }
  try {
    // No frame makes more than it says, however it was made.
    const piece = runtimeZstd.zstdDecompressSync?.(stored, { maxOutputLength: Math.max(1, frame.raw) });
    if (piece === undefined) return err(appError('LOG_NEEDS_ZSTD', { file }));
    return piece.length === frame.raw ? ok(piece) : damaged(file, `frame at byte ${frame.at}`);
  } catch (thrown) {
    return damaged(file, `frame at byte ${frame.at}: ${describeThrown(thrown)}`);
  }
}

async function readPlain(bytes: SegmentBytes, each: (piece: Buffer, frame: null) => void | Promise<void>) {
  let frames = 0;
  for await (const piece of storedPieces(bytes)) {
    await each(piece, null);
    frames += 1;
  }
  return ok({ frames, opened: frames });
}

async function readGzip(
  file: string,
  bytes: SegmentBytes,
  each: (piece: Buffer, frame: null) => void | Promise<void>,
): Promise<Result<{ readonly frames: number; readonly opened: number }>> {
  let frames = 0;
  try {
    // Pieces come in constant memory, however much a hostile file unpacks to.
    await pipeline(
      storedPieces(bytes),
      zlib.createGunzip({ chunkSize: PIECE_BYTES }),
      async (pieces: AsyncIterable<Buffer>) => {
        for await (const piece of pieces) {
          frames += 1;
          await each(piece, null);
        }
      },
    );
  } catch (thrown) {
    const { code } = thrown as { readonly code?: unknown };
    if (typeof code !== 'string' || !code.startsWith('Z_')) throw thrown;
    return damaged(file, describeThrown(thrown));
  }
  return ok({ frames, opened: frames });
}

/** The bytes of a file, a mebibyte at a time. */
async function* storedPieces(bytes: SegmentBytes): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.size; ) {
    const piece = await bytes.read(at, PIECE_BYTES);
    if (piece.length === 0) return;
    at += piece.length;
    yield piece;
  }
}
