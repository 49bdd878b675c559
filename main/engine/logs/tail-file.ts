import { closeSync, fstatSync } from 'node:fs';
import type { AppError } from '#shared/errors/index.ts';
import { FormatGuess } from './detect.ts';
import type { FilePosition } from './model.ts';
import { placeOf } from './tail-glob.ts';
import { type Candidate, HEAD_BYTES, readAt, STRONG_HEAD_BYTES, sha256 } from './tail-identity.ts';
import { type CutLines, LineCutter, TAIL_BYTES } from './tail-lines.ts';

/** How much is read of a file at a time. */
export const CHUNK_BYTES = 256 * 1024;
const CHECKPOINTS = 64;

/** What became of an attempt to read on. */
export type ReadOutcome =
  | { readonly kind: 'idle' }
  | { readonly kind: 'lines'; readonly cut: CutLines; readonly bytes: number }
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
  readonly cutter: LineCutter;
  readonly guess: FormatGuess;
  path: string;
  place: string;
  standing: FileStanding = 'following';
  /** What an operator should know about this file although it is being read. */
  notice: AppError | null = null;
  size = 0;
  mtimeMs = 0;
  /** Lines cut so far. */
  lines: number;
  /** By the wall clock, when the file was last read to its end; null before the first time. */
  caughtUpAt: number | null = null;
  /** By the monotonic clock, since when nothing new came. */
  quietSince: number;
  /** The day file that the last line went to, and how many lines ago that changed. */
  day: string | null = null;
  sinceSwitch = Number.POSITIVE_INFINITY;
  /** The last time stamp read, and when it was read. */
  lastStamp: { readonly time: number; readonly readAt: number } | null = null;
  longLines = 0;
  #head: Buffer;
  #headHash: Buffer | null = null;
  #seenMtime = -1;
  #checkpoints: { readonly offset: number; readonly tail: Buffer }[] = [];

  constructor(options: {
    readonly key: string;
    readonly sourceId: string;
    readonly path: string;
    readonly handle: number;
    readonly candidate: Candidate;
    readonly offset: number;
    readonly lines: number;
    readonly prev: string | null;
    readonly zone: string;
    readonly monotonic: number;
  }) {
    this.key = options.key;
    this.sourceId = options.sourceId;
    this.path = options.path;
    this.handle = options.handle;
    this.place = options.candidate.place;
    this.prev = options.prev;
    this.lines = options.lines;
    this.guess = new FormatGuess(options.zone);
    this.#head = options.candidate.head;
    this.cutter = new LineCutter(options.offset, options.candidate.tailBefore(options.offset));
    this.quietSince = options.monotonic;
    this.size = options.candidate.size;
  }

  /** Bytes that are there and have not been read. */
  get lag(): number {
    return Math.max(0, this.size - this.cutter.readOffset);
  }

  /** Looks at the file's size; says whether there may be something to read. */
  look(): { readonly changed: boolean; readonly linked: boolean } {
    const stats = fstatSync(this.handle, { bigint: true });
    this.size = Number(stats.size);
    this.mtimeMs = Number(stats.mtimeMs);
    this.place = placeOf(stats);
    const mtimeNs = Number(stats.mtimeNs);
    const changed = this.size !== this.cutter.readOffset || mtimeNs !== this.#seenMtime;
    this.#seenMtime = mtimeNs;
    return { changed, linked: stats.nlink > 0n };
  }

  /**
   * Reads the next chunk, up to `limit` bytes into the file. The content before it is compared *after* the reading: a
   * truncation in between would otherwise go unseen. Throws what reading throws.
   */
  read(limit: number): ReadOutcome {
    if (this.size < this.cutter.readOffset) return { kind: 'replaced' };
    const from = this.cutter.readOffset;
    const wanted = Math.min(CHUNK_BYTES, limit - from);
    const chunk = wanted > 0 ? readAt(this.handle, from, wanted) : Buffer.alloc(0);
    if (!this.#stillSame()) return { kind: 'replaced' };
    if (chunk.length === 0) return { kind: 'idle' };
    return { kind: 'lines', cut: this.cutter.push(chunk), bytes: chunk.length };
  }

  #stillSame(): boolean {
    const head = readAt(this.handle, 0, HEAD_BYTES);
    if (!head.subarray(0, this.#head.length).equals(this.#head)) return false;
    if (head.length > this.#head.length) {
      this.#head = head;
      this.#headHash = null;
    }
    const { offset, tail } = this.cutter;
    return readAt(this.handle, offset - tail.length, tail.length).equals(tail);
  }

  /** The position after a line's end, or after all that was cut. */
  position(
    nowMs: number,
    at?: { readonly end: number; readonly tail: Buffer; readonly lines: number },
  ): FilePosition {
    const offset = at?.end ?? this.cutter.offset;
    const tail = at?.tail ?? this.cutter.tail;
    const headLength = Math.min(HEAD_BYTES, this.#head.length, offset);
    if (headLength === HEAD_BYTES) this.#headHash ??= sha256(this.#head);
    this.#checkpoints.push({ offset, tail });
    if (this.#checkpoints.length > CHECKPOINTS) this.#checkpoints.shift();
    return {
      key: this.key,
      sourceId: this.sourceId,
      path: this.path,
      headLength,
      headHash:
        headLength === HEAD_BYTES && this.#headHash
          ? this.#headHash
          : sha256(this.#head.subarray(0, headLength)),
      offset,
      tailHash: sha256(tail),
      lines: at?.lines ?? this.lines,
      arrivalMs: nowMs,
      finished: false,
      prev: this.prev,
      place: this.place,
    };
  }

  /**
   * Says whether another file holds just a beginning of what was read here (a copy made by copytruncate while lines
   * went on arriving). Proven by the last place both share.
   */
  isBeginning(candidate: Candidate): boolean {
    if (candidate.size < STRONG_HEAD_BYTES) return false;
    const shared = Math.min(candidate.head.length, this.#head.length);
    if (!candidate.head.subarray(0, shared).equals(this.#head.subarray(0, shared))) return false;
    const last = this.#checkpoints.findLast((checkpoint) => checkpoint.offset <= candidate.size);
    if (last === undefined || last.offset < STRONG_HEAD_BYTES) return false;
    return candidate.tailBefore(last.offset).equals(last.tail);
  }

  /** Says whether another file is at present a copy of this one, whole or in the making. */
  isCopiedBy(candidate: Candidate): boolean {
    if (candidate.size === 0 || candidate.size > this.size) return false;
    const head = readAt(this.handle, 0, candidate.head.length);
    if (!head.equals(candidate.head)) return false;
    const start = Math.max(0, candidate.size - TAIL_BYTES);
    return candidate.tailBefore(candidate.size).equals(readAt(this.handle, start, candidate.size - start));
  }

  close(): void {
    closeSync(this.handle);
  }
}
