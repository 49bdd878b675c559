import { closeSync, fstatSync } from 'node:fs';
import type { LogEncoding } from '#shared/contract/logs-reading.ts';
import type { AppError } from '#shared/errors/index.ts';
import type { FilePosition } from '../model.ts';
import { FormatGuess } from '../parse/detect.ts';
import { CHUNK_BYTES, takeChunk } from './chunks.ts';
import { type KnownEncoding, LineDecoder, lineUnitOf } from './encoding.ts';
import { placeOf } from './glob.ts';
import { type Candidate, HEAD_BYTES, readAt, readInto, STRONG_HEAD_BYTES, sha256 } from './identity.ts';
import type { LineJoiner } from './joining.ts';
import { beginsWithMark, type CutLines, LineCutter, TAIL_BYTES } from './lines.ts';
import type { Opened } from './open.ts';

const CHECKPOINTS = 128;
/** No two checkpoints of one reading need be closer, in bytes. */
const CLOSEST_CHECKPOINT = 64;

/** What became of an attempt to read on. */
export type ReadOutcome =
  | { readonly kind: 'idle' }
  | {
      readonly kind: 'lines';
      readonly cut: CutLines;
      readonly bytes: number;
      /** The memory of the lines, to be given back when they are stored; null where it is kept for further ones. */
      readonly chunk: Buffer | null;
    }
  /** The content is not the one that was read before: truncated, or written anew in place. */
  | { readonly kind: 'replaced' };

/** Where a file stands at present. */
export type FileStanding = 'following' | 'rotated' | 'gone' | 'error';

/** A log file that is open and being read. */
export class TailedFile {
  readonly key: string;
  readonly sourceId: string;
  readonly handle: number;
  readonly prev: string | null;
  cutter: LineCutter;
  readonly guess: FormatGuess;
  /** The path under which the file was first met; rotated names are forms of it. */
  readonly base: string;
  /** The path under which the file was last seen. */
  path: string;
  place: string;
  standing: FileStanding = 'following';
  /** What an operator should know about this file although it is being read. */
  notice: AppError | null = null;
  size = 0;
  mtimeMs: number;
  /** Lines cut so far. */
  lines: number;
  /** By the monotonic clock, since when nothing new came. */
  quietSince: number;
  /** The day file that the last line went to, and how often it may change for the time being. */
  day: string | null = null;
  switches = 32;
  /** The last time stamp read, and when it was read. */
  lastStamp: { readonly time: number; readonly readAt: number } | null = null;
  longLines = 0;
  #head: Buffer;
  #headHash: Buffer | null = null;
  #seenMtimeNs: bigint;
  #seenSize: number;
  /** When the file was last modified, as of the last reading. */
  #readMtimeMs: number;
  #begins = false;
  #caughtUpAt: number | null = null;
  /** Where the file ended when it was first read to its end. */
  #firstEnd: number | null = null;
  readonly #encoding: LogEncoding;
  #decoder: LineDecoder;
  readonly #joiner: LineJoiner | null;
  #checkpoints: { readonly offset: number; readonly tail: Buffer }[] = [];

  constructor(options: {
    readonly key: string;
    readonly sourceId: string;
    readonly opened: Opened;
    readonly base: string;
    readonly offset: number;
    readonly lines: number;
    readonly prev: string | null;
    readonly zone: string;
    readonly encoding?: LogEncoding;
    /** Left out or null: each line is an event. */
    readonly joiner?: LineJoiner | null;
    readonly monotonic: number;
    readonly readMtimeMs: number;
  }) {
    const { candidate, handle, path } = options.opened;
    this.#seenMtimeNs = options.opened.mtimeNs;
    this.#seenSize = candidate.size;
    this.mtimeMs = options.opened.mtimeMs;
    this.key = options.key;
    this.sourceId = options.sourceId;
    this.base = options.base;
    this.path = path;
    this.handle = handle;
    this.place = candidate.place;
    this.prev = options.prev;
    this.lines = options.lines;
    this.guess = new FormatGuess(options.zone);
    this.#head = candidate.head.subarray(0, options.offset);
    const { encoding = 'auto' } = options;
    const unit = lineUnitOf(candidate.head, encoding);
    this.#encoding = encoding;
    this.#joiner = options.joiner ?? null;
    this.#decoder = new LineDecoder(encoding, unit);
    this.cutter = new LineCutter(options.offset, candidate.tailBefore(options.offset), unit);
    this.quietSince = options.monotonic;
    this.size = candidate.size;
    this.#readMtimeMs = options.readMtimeMs;
  }

  /** Bytes that are there and have not been read. */
  get lag(): number {
    return Math.max(0, this.size - this.cutter.readOffset);
  }

  /** Whether so little was read before the latest change that the content proves nothing. */
  get begins(): boolean {
    return this.#begins;
  }

  /** By the wall clock, when the file was last read to its end; null as long as anything that was there at first is not taken. */
  get caughtUpAt(): number | null {
    return this.#caughtUpAt;
  }

  /** Notes that the file is read to its end. An event of the first reading that waits for further lines still belongs to that. */
  noteCaughtUp(nowMs: number): void {
    this.#firstEnd ??= this.cutter.readOffset;
    const open = this.#joiner?.openAt ?? null;
    if (this.#caughtUpAt === null && open !== null && open < this.#firstEnd) return;
    this.#caughtUpAt = nowMs;
  }

  /** What the file's bytes are taken for. */
  get encoding(): KnownEncoding {
    return this.#decoder.encoding;
  }

  /**
   * Looks at the file's size; says whether there may be something to read.
   *
   * @param monotonic for events that wait for further lines; `Infinity` takes them as they are
   */
  look(monotonic = 0): boolean {
    const stats = fstatSync(this.handle, { bigint: true });
    this.size = Number(stats.size);
    this.mtimeMs = Number(stats.mtimeMs);
    this.place = placeOf(stats);
    // Time stamps tick coarsely, so the size counts, too.
    const touched = stats.mtimeNs !== this.#seenMtimeNs || this.size !== this.#seenSize;
    this.#seenSize = this.size;
    const changed = touched || this.size !== this.cutter.readOffset;
    this.#begins = touched && this.cutter.readOffset < STRONG_HEAD_BYTES;
    this.#seenMtimeNs = stats.mtimeNs;
    return changed || this.waits(monotonic);
  }

  /** Whether an event has waited long enough for further lines, and is to be read as it is. */
  waits(monotonic: number): boolean {
    return this.#joiner?.isDue(monotonic) ?? false;
  }

  /**
   * Reads the next chunk, up to `limit` bytes into the file. The content before it is compared *after* the reading: a
   * truncation in between would otherwise go unseen. Throws what reading throws.
   */
  read(limit: number, monotonic = 0): ReadOutcome {
    if (this.size < this.cutter.readOffset) return { kind: 'replaced' };
    const from = this.cutter.readOffset;
    const wanted = Math.min(CHUNK_BYTES, limit - from);
    const { waiting } = this.cutter;
    const bytes = takeChunk(waiting.length + Math.max(0, wanted));
    const filled = waiting.copy(bytes) + readInto(this.handle, from, bytes.subarray(waiting.length));
    const chunk = bytes.subarray(waiting.length, filled);
    const head = readAt(this.handle, 0, HEAD_BYTES);
    if (!this.#hasHead(head) || !this.#hasTail()) return { kind: 'replaced' };
    if (chunk.length === 0) return this.#due(monotonic);
    if (from === 0) this.#begin(head);
    this.#readMtimeMs = this.mtimeMs;
    const { offset, tail } = this.cutter;
    if (offset > 0) this.#checkpoints.push({ offset, tail });
    this.#noteCheckpoints(from, chunk);
    const raw = this.cutter.isShort ? this.cutter.take(bytes.subarray(0, filled)) : this.cutter.push(chunk);
    const decoded = this.#decoded(raw, chunk);
    const cut = this.#joiner?.push(decoded, monotonic) ?? decoded;
    if (this.#head.length < HEAD_BYTES) {
      // Only what was read counts: bytes after it may still be written anew, as in a file of reserved size.
      this.#head = head.subarray(0, Math.min(HEAD_BYTES, this.cutter.readOffset));
      this.#headHash = null;
    }
    return { kind: 'lines', cut, bytes: chunk.length, chunk: this.#joiner === null ? bytes : null };
  }

  /** Nothing new: an event that has waited long enough for further lines is complete. */
  #due(monotonic: number): ReadOutcome {
    const cut = this.#joiner?.isDue(monotonic) ? this.#joiner.flush() : null;
    return cut === null ? { kind: 'idle' } : { kind: 'lines', cut, bytes: 0, chunk: null };
  }

  /** The file may have been empty when it was opened; only its first bytes say what they are. */
  #begin(head: Buffer): void {
    const unit = lineUnitOf(head, this.#encoding);
    if (unit === this.cutter.unit) return;
    this.cutter = new LineCutter(0, Buffer.alloc(0), unit);
    this.#decoder = new LineDecoder(this.#encoding, unit);
  }

  #decoded(cut: CutLines, chunk: Buffer): CutLines {
    const plain = cut.plain ?? null;
    if (plain !== null && this.#decoder.passesUtf8 && !beginsWithMark(plain)) return cut;
    if (this.#decoder.passes(chunk) && cut.lines[0]?.offset !== 0) return cut;
    return {
      lines: cut.lines.map((line) => ({ ...line, raw: this.#decoder.decode(line.raw, line.offset === 0) })),
      tailAt: cut.tailAt,
    };
  }

  /** What is left without a line end, and the event that waits, of a file that nobody writes any more; null when nothing is. */
  finish(): CutLines | null {
    const { cutter } = this;
    const last = cutter.end();
    const tailAt = (): Buffer => cutter.tail;
    const rest = last === null ? null : this.#decoded({ lines: [last], tailAt }, last.raw);
    if (this.#joiner === null) return rest;
    const joined = rest === null ? null : this.#joiner.push(rest, 0);
    const open = this.#joiner.flush();
    if (joined === null || joined.lines.length === 0) return open;
    return {
      lines: [...joined.lines, ...(open?.lines ?? [])],
      tailAt: (end) => (end === cutter.offset ? cutter.tail : joined.tailAt(end)),
    };
  }

  /**
   * Keeps the bytes before some places of what was just read, so that a copy that ends inside of it can be told. They lie
   * closer together towards the end, because a copy ends shortly before its original is truncated, and towards the
   * beginning, where a copy may be hardly longer than the head.
   */
  #noteCheckpoints(from: number, chunk: Buffer): void {
    const places: number[] = [];
    for (let at = HEAD_BYTES; at < chunk.length / 2; at *= 2) places.push(at);
    for (let back = Math.floor(chunk.length / 2); back > CLOSEST_CHECKPOINT; back = Math.floor(back / 2))
      places.push(chunk.length - back);
    for (const at of places) {
      const begin = Math.max(0, at - TAIL_BYTES);
      // The bytes before an early place may lie in an earlier reading, whose own places then serve.
      if (at - begin === TAIL_BYTES || from === 0)
        this.#checkpoints.push({ offset: from + at, tail: Buffer.from(chunk.subarray(begin, at)) });
    }
    if (this.#checkpoints.length > CHECKPOINTS)
      this.#checkpoints.splice(0, this.#checkpoints.length - CHECKPOINTS);
  }

  /** Says whether the open file still holds what was read of it. */
  stillSame(): boolean {
    return this.#hasHead(readAt(this.handle, 0, this.#head.length)) && this.#hasTail();
  }

  #hasHead(head: Buffer): boolean {
    return head.subarray(0, this.#head.length).equals(this.#head);
  }

  #hasTail(): boolean {
    const { offset, tail } = this.cutter;
    return readAt(this.handle, offset - tail.length, tail.length).equals(tail);
  }

  /** The position after a line's end, or after all that was cut. */
  position(at?: { readonly end: number; readonly tail: Buffer; readonly lines: number }): FilePosition {
    const offset = at?.end ?? this.cutter.offset;
    const tail = at?.tail ?? this.cutter.tail;
    const headLength = Math.min(HEAD_BYTES, this.#head.length, offset);
    if (headLength === HEAD_BYTES) this.#headHash ??= sha256(this.#head);
    if (this.#checkpoints[this.#checkpoints.length - 1]?.offset !== offset)
      this.#checkpoints.push({ offset, tail });
    if (this.#checkpoints.length > CHECKPOINTS) this.#checkpoints.shift();
    return {
      key: this.key,
      sourceId: this.sourceId,
      path: this.base,
      headLength,
      headHash:
        headLength === HEAD_BYTES && this.#headHash
          ? this.#headHash
          : sha256(this.#head.subarray(0, headLength)),
      offset,
      tailHash: sha256(tail),
      lines: at?.lines ?? this.lines,
      mtimeMs: this.#readMtimeMs,
      finished: false,
      prev: this.prev,
      place: this.place,
    };
  }

  /** Says whether another file begins with all that was read here, and may go on: a whole copy, or this file moved. */
  isContinuedBy(candidate: Candidate): boolean {
    const { offset, tail } = this.cutter;
    if (this.#head.length === 0 || candidate.size < offset || !this.#hasHead(candidate.head)) return false;
    return candidate.tailBefore(offset).equals(tail);
  }

  /**
   * Says whether another file holds just a beginning of what was read here: a copy made while lines went on arriving,
   * which were read before the original was truncated. Proven by the last place both share.
   */
  isBeginning(candidate: Candidate): boolean {
    if (candidate.size === 0 || candidate.size > this.cutter.readOffset) return false;
    const shared = Math.min(candidate.head.length, this.#head.length);
    if (!candidate.head.subarray(0, shared).equals(this.#head.subarray(0, shared))) return false;
    if (candidate.size <= shared) return true;
    const last = this.#checkpoints.findLast((checkpoint) => checkpoint.offset <= candidate.size);
    return last !== undefined && last.offset > 0 && candidate.tailBefore(last.offset).equals(last.tail);
  }

  /** Says whether another file is at present a copy of this one, whole or in the making. */
  isCopiedBy(candidate: Candidate): boolean {
    // The size as of now: the copy may hold lines that were written since this file was last looked at.
    if (candidate.size === 0 || candidate.size > fstatSync(this.handle).size) return false;
    const head = readAt(this.handle, 0, candidate.head.length);
    if (!head.equals(candidate.head)) return false;
    const start = Math.max(0, candidate.size - TAIL_BYTES);
    return candidate.tailBefore(candidate.size).equals(readAt(this.handle, start, candidate.size - start));
  }

  close(): void {
    closeSync(this.handle);
  }
}
