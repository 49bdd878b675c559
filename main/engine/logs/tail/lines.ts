import { MAX_LINE_BYTES } from '../model.ts';

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
 */
export class LineCutter {
  #offset: number;
  #tail: Buffer;
  /** Bytes of the unfinished line, from `#offset`. */
  #carry: Buffer = Buffer.alloc(0);
  /** Set while inside a line that is longer than the bound. */
  #long: { readonly kept: Buffer; bytes: number; recent: Buffer } | null = null;

  /**
   * @param offset where the first line starts
   * @param tail the up to 256 bytes before it
   */
  constructor(offset: number, tail: Buffer) {
    this.#offset = offset;
    this.#tail = tail;
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
      const newline = chunk.indexOf(LF);
      const taken = newline < 0 ? chunk.length : newline + 1;
      this.#long.bytes += taken;
      this.#long.recent = lastBytes(this.#long.recent, chunk.subarray(0, taken));
      if (newline < 0) return { lines, tailAt: () => this.#tail };
      lines.push(this.#endLong(1));
      rest = chunk.subarray(taken);
    }
    const base = this.#offset;
    const before = this.#tail;
    const bytes = this.#carry.length === 0 ? rest : Buffer.concat([this.#carry, rest]);
    const tailAt = (end: number): Buffer =>
      end <= base ? before : lastBytes(before, bytes.subarray(0, end - base));
    let start = skipNuls(bytes, 0);
    for (let newline = bytes.indexOf(LF, start); newline >= 0; newline = bytes.indexOf(LF, start)) {
      lines.push(cut(bytes, base, start, newline));
      start = skipNuls(bytes, newline + 1);
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
    const line = cut(this.#carry, this.#offset, 0, this.#carry.length);
    this.#tail = lastBytes(this.#tail, this.#carry);
    this.#offset += this.#carry.length;
    this.#carry = Buffer.alloc(0);
    return { ...line, end: this.#offset };
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

function cut(bytes: Buffer, base: number, start: number, newline: number): RawLine {
  const crlf = newline > start && bytes[newline - 1] === CR && newline < bytes.length;
  const length = (crlf ? newline - 1 : newline) - start;
  const kept = Math.min(length, MAX_LINE_BYTES);
  return {
    offset: base + start,
    end: base + newline + 1,
    raw: bytes.subarray(start, start + kept),
    crlf,
    fullBytes: kept < length ? length : 0,
  };
}

function skipNuls(bytes: Buffer, start: number): number {
  let at = start;
  while (at < bytes.length && bytes[at] === 0) at += 1;
  return at;
}

/** The last {@link TAIL_BYTES} of two pieces put together, as a copy. */
function lastBytes(before: Buffer, after: Buffer): Buffer {
  if (after.length >= TAIL_BYTES) return Buffer.from(after.subarray(after.length - TAIL_BYTES));
  return Buffer.concat([before.subarray(Math.max(0, before.length + after.length - TAIL_BYTES)), after]);
}
