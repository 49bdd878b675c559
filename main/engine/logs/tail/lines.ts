import { MAX_LINE_BYTES } from '../model.ts';
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

/** Lines cut out of a chunk, and the bytes before each line's end. */
export type CutLines = {
  readonly lines: readonly RawLine[];
  /** The up to 256 bytes before the end of one of the lines. */
  readonly tailAt: (end: number) => Buffer;
};

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

  /** Takes the bytes at {@link readOffset}. The chunk is referred to by the lines: do not write into it again. */
  push(chunk: Buffer): CutLines {
    const lines: RawLine[] = [];
    let rest = chunk;
    if (this.#long !== null) {
      const newline = this.#newlineInLong(chunk, this.#long);
      const taken = newline < 0 ? chunk.length : newline;
      this.#long.bytes += taken;
      this.#long.recent = lastBytes(this.#long.recent, chunk.subarray(0, taken));
      if (newline < 0) return { lines, tailAt: () => this.#tail };
      lines.push(this.#endLong(unitBytes(this.#unit)));
      rest = chunk.subarray(taken);
    }
    const base = this.#offset;
    const before = this.#tail;
    const bytes = this.#carry.length === 0 ? rest : Buffer.concat([this.#carry, rest]);
    const tailAt = (end: number): Buffer =>
      end <= base ? before : lastBytes(before, bytes.subarray(0, end - base));
    const unit = this.#unit;
    const width = unitBytes(unit);
    let start = skipNuls(bytes, 0, width);
    for (let newline = nextNewline(bytes, start, unit); newline >= 0; ) {
      lines.push(cut(bytes, base, start, newline, unit));
      start = skipNuls(bytes, newline + width, width);
      newline = nextNewline(bytes, start, unit);
    }
    this.#tail = tailAt(base + start);
    this.#offset = base + start;
    // A copy, so that the remainder of a line does not keep a whole chunk in memory.
    this.#carry = Buffer.from(bytes.subarray(start));
    if (this.#carry.length > MAX_LINE_BYTES) {
      this.#long = {
        kept: this.#carry.subarray(0, MAX_LINE_BYTES),
        bytes: this.#carry.length,
        recent: lastBytes(Buffer.alloc(0), this.#carry),
      };
      this.#carry = Buffer.alloc(0);
    }
    return { lines, tailAt };
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
