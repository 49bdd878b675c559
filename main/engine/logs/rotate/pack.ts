import { createHash, type Hash } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { ioError } from '../../storage/io-error.ts';
import type { SegmentBytes, SegmentCipher, SegmentSealer } from './cipher.ts';
import {
  compressFrame,
  indexFrame,
  MAX_FRAME_BYTES,
  openBytes,
  readPieces,
  type SegmentFrame,
} from './segment-file.ts';
import { openStaged, type StagingKey } from './staging.ts';
import { wordFilter } from './words.ts';

/** Bytes of log in a frame, when its lines allow: one is opened in a few milliseconds. */
const FRAME_BYTES = 1 << 20;
const LF = 0x0a;

/** What a piece of log is, whatever it is packed in. A last line without line end counts. */
export type LogFacts = { readonly lines: number; readonly bytes: number; readonly sha256: string };

/** What is to be packed, and how. */
export type PackOrder = {
  readonly from: string;
  /** What opens `from`, when it was fetched and lies there encrypted. */
  readonly stagingKey?: StagingKey | null;
  /** The `.part` file; removed first if it is there. Null: only the facts are taken. */
  readonly to: string | null;
  readonly codec: 'zstd' | 'gzip' | 'none';
  /** age recipients; none: not encrypted. */
  readonly recipients: readonly string[];
};

/** What was packed, and what was read back from it. */
export type PackedSegment = {
  readonly before: LogFacts;
  readonly after: LogFacts;
  readonly storedBytes: number;
  readonly storedSha256: string;
};

/** How far packing is. */
export type PackNews = { readonly phase: 'pack' | 'verify'; readonly bytes: number; readonly total: number };

/** Counts lines, bytes and hash of pieces. */
class Tally {
  readonly #hash: Hash = createHash('sha256');
  #lines = 0;
  #bytes = 0;
  #last = LF;

  get bytes(): number {
    return this.#bytes;
  }

  get newlines(): number {
    return this.#lines;
  }

  add(piece: Uint8Array): number {
    const before = this.#lines;
    this.#hash.update(piece);
    this.#bytes += piece.length;
    for (let at = piece.indexOf(LF); at >= 0; at = piece.indexOf(LF, at + 1)) this.#lines += 1;
    if (piece.length > 0) this.#last = piece[piece.length - 1] ?? LF;
    return this.#lines - before;
  }

  facts(): LogFacts {
    const unfinished = this.#last === LF ? 0 : 1;
    return { lines: this.#lines + unfinished, bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }
}

/** Writes a file from its beginning, hashed, encrypted when it has a sealer. Throws the system's errors. */
class PartFile {
  readonly #handle: number;
  readonly #hash = createHash('sha256');
  readonly #sealer: SegmentSealer | null;
  #plain = 0;
  #stored = 0;

  constructor(path: string, sealer: SegmentSealer | null) {
    this.#handle = openSync(path, 'wx', 0o600);
    this.#sealer = sealer;
    if (sealer !== null) this.#append(sealer.head);
  }

  /** Plain bytes so far. */
  get plain(): number {
    return this.#plain;
  }

  write(bytes: Uint8Array): void {
    this.#plain += bytes.length;
    this.#append(this.#sealer === null ? bytes : this.#sealer.push(bytes));
  }

  finish(): { readonly storedBytes: number; readonly storedSha256: string } {
    if (this.#sealer !== null) this.#append(this.#sealer.end());
    fsyncSync(this.#handle);
    return { storedBytes: this.#stored, storedSha256: this.#hash.digest('hex') };
  }

  close(): void {
    closeSync(this.#handle);
  }

  #append(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#handle, bytes, at, bytes.length - at);
    this.#hash.update(bytes);
    this.#stored += bytes.length;
  }
}

/**
 * Takes the facts of a log file, packs it, and reads back what it made. On any failure nothing of the new file is left.
 *
 * @returns DISK_FULL, READ_ONLY, FILE_UNREADABLE, LOG_ROTATION_READBACK; CANCELLED when the signal aborts
 */
export async function packSegment(
  order: PackOrder,
  cipher: SegmentCipher,
  signal: AbortSignal,
  tell: (news: PackNews) => void = () => undefined,
): Promise<Result<PackedSegment>> {
  const { from, to } = order;
  try {
    if (to === null) return await factsOnly(order, signal, tell);
    mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
    rmSync(to, { force: true });
    const made = await packAndCompare(order, to, cipher, signal, tell);
    if (!made.ok) rmSync(to, { force: true });
    return made;
  } catch (thrown) {
    if (to !== null) removePart(to);
    if (thrown instanceof Cancelled) return err(appError('CANCELLED'));
    return err(ioError(to ?? from, thrown));
  }
}

class Cancelled extends Error {}

/** Removes what was written; where that cannot be, the failure that led here is the one that is told. */
function removePart(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // The folder is no folder, or the medium is gone. The next attempt begins with removing it.
  }
}

async function factsOnly(
  order: PackOrder,
  signal: AbortSignal,
  tell: (news: PackNews) => void,
): Promise<Result<PackedSegment>> {
  const facts = await tallyOf(order, signal, (bytes, total) => tell({ phase: 'pack', bytes, total }));
  // Read a second time: these bytes are all that there is to compare with.
  const again = await tallyOf(order, signal, (bytes, total) => tell({ phase: 'verify', bytes, total }));
  if (facts.sha256 !== again.sha256) return err(appError('LOG_ROTATION_GREW', { file: order.from }));
  return ok({ before: facts, after: again, storedBytes: facts.bytes, storedSha256: facts.sha256 });
}

async function tallyOf(
  { from, stagingKey = null }: PackOrder,
  signal: AbortSignal,
  told: (bytes: number, total: number) => void,
): Promise<LogFacts> {
  const source = openStaged(from, stagingKey);
  const tally = new Tally();
  try {
    while (tally.bytes < source.size) {
      if (signal.aborted) throw new Cancelled();
      const piece = await source.read(tally.bytes, FRAME_BYTES);
      if (piece.length === 0) break;
      tally.add(piece);
      told(tally.bytes, source.size);
    }
    return tally.facts();
  } finally {
    source.close();
  }
}

async function packAndCompare(
  order: PackOrder,
  to: string,
  cipher: SegmentCipher,
  signal: AbortSignal,
  tell: (news: PackNews) => void,
): Promise<Result<PackedSegment>> {
  const { from, stagingKey = null, codec, recipients } = order;
  const sealer = recipients.length === 0 ? null : await cipher.seal(recipients);
  const source = openStaged(from, stagingKey);
  const tally = new Tally();
  const frames: SegmentFrame[] = [];
  let stored: ReturnType<PartFile['finish']>;
  try {
    const part = new PartFile(to, sealer);
    try {
      while (tally.bytes < source.size) {
        if (signal.aborted) throw new Cancelled();
        const piece = await nextPiece(source, tally.bytes);
        if (piece.length === 0) break;
        const line = tally.newlines;
        const lines = tally.add(piece);
        if (codec === 'none') part.write(piece);
        else {
          const frame = compressFrame(codec, piece);
          const words = codec === 'zstd' ? wordFilter(piece).toString('base64') : '';
          frames.push({ at: part.plain, stored: frame.length, raw: piece.length, line, lines, words });
          part.write(frame);
        }
        tell({ phase: 'pack', bytes: tally.bytes, total: source.size });
      }
      if (codec === 'zstd') part.write(indexFrame(frames));
      // An empty log is an empty member, so that the file is one that gunzip takes.
      if (codec === 'gzip' && frames.length === 0) part.write(compressFrame('gzip', Buffer.alloc(0)));
      stored = part.finish();
    } finally {
      part.close();
    }
  } finally {
    source.close();
  }
  const before = tally.facts();
  const after = await readBack(order, to, sealer, before.bytes, signal, tell);
  if (!after.ok) return after;
  for (const what of ['bytes', 'lines', 'sha256'] as const)
    if (after.value[what] !== before[what])
      return err(
        appError('LOG_ROTATION_READBACK', {
          file: to,
          what: `${what}: ${before[what]} → ${after.value[what]}`,
        }),
      );
  return ok({ before, after: after.value, ...stored });
}

/** The next bytes of a log, cut behind a line end where there is one. */
async function nextPiece(source: SegmentBytes, at: number): Promise<Buffer> {
  for (let size = FRAME_BYTES; ; size *= 2) {
    const bytes = await source.read(at, Math.min(size, MAX_FRAME_BYTES));
    if (at + bytes.length >= source.size) return bytes;
    const cut = bytes.lastIndexOf(LF);
    if (cut >= 0) return bytes.subarray(0, cut + 1);
    if (size >= MAX_FRAME_BYTES || bytes.length < size) return bytes;
  }
}

async function readBack(
  { codec }: PackOrder,
  path: string,
  sealer: SegmentSealer | null,
  total: number,
  signal: AbortSignal,
  tell: (news: PackNews) => void,
): Promise<Result<LogFacts>> {
  const file = openBytes(path);
  try {
    const plain = sealer === null ? ok(file) : await sealer.open(file);
    if (!plain.ok) return plain;
    const tally = new Tally();
    const read = await readPieces({ file: path, codec, bytes: plain.value }, (piece) => {
      if (signal.aborted) throw new Cancelled();
      tally.add(piece);
      tell({ phase: 'verify', bytes: tally.bytes, total });
    });
    return read.ok ? ok(tally.facts()) : read;
  } finally {
    file.close();
  }
}

/** A rotated file that somebody else made. */
export type MeasureOrder = { readonly file: string; readonly codec: 'none' | 'gzip' };

/** What a rotated file is, taken from itself alone. */
export type MeasuredFile = Pick<PackedSegment, 'storedBytes' | 'storedSha256'> & { readonly facts: LogFacts };

/**
 * Takes the facts of a file as it was rotated, and of the log in it.
 *
 * @returns LOG_ROTATION_GREW when it changed meanwhile, LOG_SEGMENT_DAMAGED, FILE_UNREADABLE; CANCELLED when the signal aborts
 */
export async function measureSegment(
  { file, codec }: MeasureOrder,
  signal: AbortSignal,
): Promise<Result<MeasuredFile>> {
  const order: PackOrder = { from: file, to: null, codec: 'none', recipients: [] };
  try {
    const stored = await factsOnly(order, signal, () => undefined);
    if (!stored.ok) return stored;
    const { storedBytes, storedSha256, before } = stored.value;
    if (codec === 'none') return ok({ storedBytes, storedSha256, facts: before });
    const facts = await readBack({ ...order, codec }, file, null, storedBytes, signal, () => undefined);
    return facts.ok ? ok({ storedBytes, storedSha256, facts: facts.value }) : facts;
  } catch (thrown) {
    return thrown instanceof Cancelled ? err(appError('CANCELLED')) : err(ioError(file, thrown));
  }
}
