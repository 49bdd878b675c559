import { isUtf8 } from 'node:buffer';
import { MAX_LINE_BYTES } from '../model.ts';
import { takeColumn } from '../store/column-memory.ts';
import { type LineUnit, unitBytes } from './encoding.ts';

/** How many bytes before an offset prove that a file is the one that was read (docs/logs-format.md). */
export const TAIL_BYTES = 256;

/** One line as cut out of a file. */
export type RawLine = {
  /** Where the kept bytes start. */
  readonly offset: number;
  /** The offset after the line's end, or after the last byte when the file ended without one. */
  readonly end: number;
  /** The bytes without the line end, cut at {@link MAX_LINE_BYTES}. */
  readonly raw: Buffer;
  readonly crlf: boolean;
  /** The line's full length when it was cut, else 0. */
  readonly fullBytes: number;
};

/**
 * Lines as they lie in memory, each ended by LF or CR LF there: `data.subarray(starts[i], stops[i])`, at the offset
 * `base + starts[i]` of the file.
 */
export type PlainLines = {
  readonly data: Buffer;
  readonly base: number;
  readonly count: number;
  readonly starts: Uint32Array;
  readonly stops: Uint32Array;
};

/** Lines cut out of a chunk, and the bytes before each line's end. */
export type CutLines = {
  readonly lines: readonly RawLine[];
  /** The same lines without an object for each, where all of them are UTF-8 without NUL that nothing has changed. */
  readonly plain?: PlainLines | null;
  /** The up to 256 bytes before the end of one of the lines. */
  readonly tailAt: (end: number) => Buffer;
};

/** Whether a UTF-8 byte order mark stands before the lines. */
export function beginsWithMark({ data, base, count, starts }: PlainLines): boolean {
  const at = starts[0] ?? 0;
  return count > 0 && base + at === 0 && data[at] === 0xef && data[at + 1] === 0xbb && data[at + 2] === 0xbf;
}

const LF = 10;
const CR = 13;

/**
 * Cuts a file's bytes, given in any chunks, into lines. Memory is bounded: of a line without end only the first
 * MiB is kept, NUL bytes before a line are skipped.
 *
 * In UTF-16 a line ends with two bytes, and either of them is also half of other characters (`U+0A00`, `U+000A` after a
 * character that ends in 00): only whole units count, at even offsets of the file. Offsets stay those of the file's bytes.
 */
export class LineCutter {
  #offset: number;
  #tail: Buffer;
  /** Bytes of the unfinished line, from `#offset`. */
  #carry: Buffer = Buffer.alloc(0);
  readonly #unit: LineUnit;
  /** Set while inside a line that is longer than the bound. */
  #long: { readonly kept: Buffer; bytes: number; recent: Buffer } | null = null;

  /**
   * @param offset where the first line starts
   * @param tail the up to 256 bytes before it
   * @param unit how lines end
   */
  constructor(offset: number, tail: Buffer, unit: LineUnit = 'byte') {
    this.#offset = offset;
    this.#tail = tail;
    this.#unit = unit;
  }

  /** How lines end in this file. */
  get unit(): LineUnit {
    return this.#unit;
  }

  /** The first byte that has not been given out as part of a line. */
  get offset(): number {
    return this.#offset;
  }

  /** The next byte to read. */
  get readOffset(): number {
    return this.#offset + (this.#long?.bytes ?? this.#carry.length);
  }

  /** The up to 256 bytes before {@link offset}. */
  get tail(): Buffer {
    return this.#tail;
  }

  /** Bytes that wait for their line's end; none inside a line that is longer than the bound. */
  get waiting(): Buffer {
    return this.#carry;
  }

  /** Whether all of an unfinished line waits: then {@link take} may be called. */
  get isShort(): boolean {
    return this.#long === null;
  }

  /** Takes the bytes at {@link readOffset}. The chunk is referred to by the lines: do not write into it again. */
  push(chunk: Buffer): CutLines {
    if (this.#long === null)
      return this.take(this.#carry.length === 0 ? chunk : Buffer.concat([this.#carry, chunk]));
    const newline = this.#newlineInLong(chunk, this.#long);
    const taken = newline < 0 ? chunk.length : newline;
    this.#long.bytes += taken;
    this.#long.recent = lastBytes(this.#long.recent, chunk.subarray(0, taken));
    if (newline < 0) return { lines: [], tailAt: () => this.#tail };
    const long = this.#endLong(unitBytes(this.#unit));
    const { lines, tailAt } = this.take(chunk.subarray(taken));
    return { lines: [long, ...lines], tailAt };
  }

  /**
   * Takes the bytes at {@link offset}: those that {@link waiting} holds, once more, and the ones behind them. They are referred to
   * by the lines.
   */
  take(bytes: Buffer): CutLines {
    const base = this.#offset;
    const before = this.#tail;
    const tailAt = (end: number): Buffer =>
      end <= base ? before : lastBytes(before, bytes.subarray(0, end - base));
    const cut =
      this.#unit === 'byte' ? new ByteLines(bytes, base, tailAt) : wideLines(bytes, base, this.#unit, tailAt);
    const { behind } = cut;
    this.#tail = tailAt(base + behind);
    this.#offset = base + behind;
    // A copy, so that the remainder of a line does not keep a whole chunk in memory.
    this.#carry = Buffer.from(bytes.subarray(behind));
    if (this.#carry.length > MAX_LINE_BYTES) {
      this.#long = {
        kept: this.#carry.subarray(0, MAX_LINE_BYTES),
        bytes: this.#carry.length,
        recent: lastBytes(Buffer.alloc(0), this.#carry),
      };
      this.#carry = Buffer.alloc(0);
    }
    return cut;
  }

  /** Gives out what is left without a line end, for a file that nobody writes any more; null when nothing is. */
  end(): RawLine | null {
    if (this.#long !== null) return this.#endLong(0);
    if (this.#carry.length === 0) return null;
    const line = cut(this.#carry, this.#offset, 0, this.#carry.length, this.#unit);
    this.#tail = lastBytes(this.#tail, this.#carry);
    this.#offset += this.#carry.length;
    this.#carry = Buffer.alloc(0);
    return { ...line, end: this.#offset };
  }

  /** Where in a chunk the long line ends, behind its line end; -1 when it goes on. */
  #newlineInLong(chunk: Buffer, long: { readonly bytes: number; readonly recent: Buffer }): number {
    if (this.#unit === 'byte') return chunk.indexOf(LF) + 1 || -1;
    // A unit may have been cut in two between the chunks.
    const odd = long.bytes % 2;
    const bytes = odd === 0 ? chunk : Buffer.concat([long.recent.subarray(-1), chunk]);
    const newline = nextNewline(bytes, 0, this.#unit);
    return newline < 0 ? -1 : newline + 2 - odd;
  }

  #endLong(lineEndBytes: number): RawLine {
    const long = this.#long ?? { kept: Buffer.alloc(0), bytes: 0, recent: Buffer.alloc(0) };
    const line: RawLine = {
      offset: this.#offset,
      end: this.#offset + long.bytes,
      raw: long.kept,
      crlf: false,
      fullBytes: long.bytes - lineEndBytes,
    };
    this.#offset = line.end;
    this.#tail = long.recent;
    this.#long = null;
    return line;
  }
}

/** Lines cut out of some bytes, and where the first begins that is not among them. */
type Cut = CutLines & { readonly behind: number };

function wideLines(bytes: Buffer, base: number, unit: LineUnit, tailAt: CutLines['tailAt']): Cut {
  const lines: RawLine[] = [];
  const width = unitBytes(unit);
  let start = skipNuls(bytes, 0, width);
  for (let newline = nextNewline(bytes, start, unit); newline >= 0; ) {
    lines.push(cut(bytes, base, start, newline, unit));
    start = skipNuls(bytes, newline + width, width);
    newline = nextNewline(bytes, start, unit);
  }
  return { lines, tailAt, behind: start };
}

/** Of a chunk of usual lines, about so many bytes belong to each. */
const USUAL_LINE = 64;

/** Lines that end with one byte: their places; objects are made of them when they are asked for. */
class ByteLines implements Cut {
  readonly tailAt: CutLines['tailAt'];
  readonly behind: number;
  readonly #bytes: Buffer;
  readonly #base: number;
  readonly #count: number;
  readonly #starts: Uint32Array;
  readonly #stops: Uint32Array;
  readonly #isClean: boolean;
  #lines: readonly RawLine[] | null = null;

  constructor(bytes: Buffer, base: number, tailAt: CutLines['tailAt']) {
    this.#bytes = bytes;
    this.#base = base;
    this.tailAt = tailAt;
    let starts = places(16 + Math.floor(bytes.length / USUAL_LINE));
    let stops = places(starts.length);
    let count = 0;
    let longest = 0;
    let start = skipNuls(bytes, 0, 1);
    const first = start;
    for (let newline = bytes.indexOf(LF, start); newline >= 0; newline = bytes.indexOf(LF, start)) {
      if (count === starts.length) {
        starts = wider(starts);
        stops = wider(stops);
      }
      starts[count] = start;
      const stop = newline > start && bytes[newline - 1] === CR ? newline - 1 : newline;
      stops[count] = stop;
      if (stop - start > longest) longest = stop - start;
      count += 1;
      start = newline + 1;
      if (bytes[start] === 0) start = skipNuls(bytes, start, 1);
    }
    this.behind = start;
    this.#count = count;
    this.#starts = starts;
    this.#stops = stops;
    const all = bytes.subarray(first, start);
    // NULs between two lines are no part of them, but then it is not the usual case.
    this.#isClean = longest <= MAX_LINE_BYTES && isUtf8(all) && !all.includes(0);
  }

  get plain(): PlainLines | null {
    if (!this.#isClean) return null;
    return {
      data: this.#bytes,
      base: this.#base,
      count: this.#count,
      starts: this.#starts,
      stops: this.#stops,
    };
  }

  get lines(): readonly RawLine[] {
    this.#lines ??= Array.from({ length: this.#count }, (_, i) => {
      const stop = this.#stops[i] ?? 0;
      const newline = this.#bytes[stop] === LF ? stop : stop + 1;
      return cut(this.#bytes, this.#base, this.#starts[i] ?? 0, newline, 'byte');
    });
    return this.#lines;
  }
}

function places(count: number): Uint32Array<ArrayBuffer> {
  return new Uint32Array(takeColumn(count * Uint32Array.BYTES_PER_ELEMENT), 0, count);
}

function wider(some: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const more = places(some.length * 2);
  more.set(some);
  return more;
}

function cut(bytes: Buffer, base: number, start: number, newline: number, unit: LineUnit): RawLine {
  const width = unitBytes(unit);
  const crlf = newline > start && newline < bytes.length && isReturn(bytes, newline - width, unit);
  const length = (crlf ? newline - width : newline) - start;
  const kept = Math.min(length, MAX_LINE_BYTES);
  return {
    offset: base + start,
    end: base + newline + width,
    raw: bytes.subarray(start, start + kept),
    crlf,
    fullBytes: kept < length ? length : 0,
  };
}

function isReturn(bytes: Buffer, at: number, unit: LineUnit): boolean {
  if (unit === 'byte') return bytes[at] === CR;
  return unit === 'utf-16le'
    ? bytes[at] === CR && bytes[at + 1] === 0
    : bytes[at] === 0 && bytes[at + 1] === CR;
}

/** Where the next line end begins, from `start` on, which is the beginning of a unit; -1 when there is none. */
function nextNewline(bytes: Buffer, start: number, unit: LineUnit): number {
  if (unit === 'byte') return bytes.indexOf(LF, start);
  const low = unit === 'utf-16le' ? 0 : 1;
  for (let found = bytes.indexOf(LF, start); found >= 0; found = bytes.indexOf(LF, found + 1)) {
    const at = found - low;
    if (at < start || (at - start) % 2 !== 0) continue;
    if (at + 1 >= bytes.length) return -1;
    if (bytes[at + 1 - low] === 0) return at;
  }
  return -1;
}

/** Where the last line end begins in bytes that begin with a whole unit; -1 when there is none. */
export function lastNewline(bytes: Buffer, unit: LineUnit): number {
  if (unit === 'byte') return bytes.lastIndexOf(LF);
  const low = unit === 'utf-16le' ? 0 : 1;
  for (let found = bytes.lastIndexOf(LF); found >= 0; found = bytes.lastIndexOf(LF, found - 1)) {
    const at = found - low;
    if (at >= 0 && at % 2 === 0 && bytes[at + 1 - low] === 0 && at + 1 < bytes.length) return at;
    if (found === 0) break;
  }
  return -1;
}

function skipNuls(bytes: Buffer, start: number, width: 1 | 2): number {
  let at = start;
  if (width === 1) while (at < bytes.length && bytes[at] === 0) at += 1;
  else while (at + 1 < bytes.length && bytes[at] === 0 && bytes[at + 1] === 0) at += 2;
  return at;
}

/** The last {@link TAIL_BYTES} of two pieces put together, as a copy. */
function lastBytes(before: Buffer, after: Buffer): Buffer {
  if (after.length >= TAIL_BYTES) return Buffer.from(after.subarray(after.length - TAIL_BYTES));
  return Buffer.concat([before.subarray(Math.max(0, before.length + after.length - TAIL_BYTES)), after]);
}
