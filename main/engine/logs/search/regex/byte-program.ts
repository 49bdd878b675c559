import { type ByteRange, utf8Sequences } from './byte-ranges.ts';
import { EMPTY, OP, type RuneProgram, rangesOf } from './rune-program.ts';

/** Kinds of instructions over bytes. */
export const BYTE_OP = { range: 0, alt: 1, empty: 2, match: 3, fail: 4 } as const;

/** A program over bytes, in columns. An instruction `i` goes on at `out[i]`, an `alt` at `other[i]` too. */
export type ByteProgram = {
  readonly start: number;
  readonly op: Uint8Array;
  readonly out: Int32Array;
  readonly other: Int32Array;
  /** Of `range`: first byte × 256 + last byte. Of `empty`: the conditions. */
  readonly arg: Int32Array;
  /** All conditions that stand anywhere. */
  readonly conditions: number;
  /** The class of each byte: bytes of one class are never told apart. */
  readonly classes: Uint8Array;
  readonly classCount: number;
};

/**
 * Turns a program over code points into one over the bytes of UTF-8. Bytes that are no UTF-8 match nothing.
 *
 * @param max instructions that it may have; null is the answer when it would have more
 */
export function toBytes(runes: RuneProgram, max: number): ByteProgram | null {
  const op: number[] = [];
  const out: number[] = [];
  const other: number[] = [];
  const arg: number[] = [];
  let conditions = 0;
  const add = (kind: number, next: number, second: number, detail: number): number => {
    op.push(kind);
    out.push(next);
    other.push(second);
    arg.push(detail);
    return op.length - 1;
  };
  // The instructions of the code points come first, in their places; those of longer sequences follow.
  for (const _ of runes.insts) add(BYTE_OP.fail, 0, 0, 0);
  const suffixes = new Map<string, number>();
  const known = new Map<string, Sequences>();
  // The same class stands in an expression many times when it is repeated.
  const sequencesOf = (ranges: readonly number[]): Sequences => {
    const key = ranges.join();
    const made = known.get(key) ?? allSequences(ranges);
    known.set(key, made);
    return made;
  };
  const tail = (sequence: readonly ByteRange[], next: number): number => {
    let then = next;
    for (let at = sequence.length - 1; at >= 0; at -= 1) {
      const { from: low, to: high } = sequence[at] ?? { from: 1, to: 0 };
      const key = `${low} ${high} ${then}`;
      const shared = suffixes.get(key);
      if (shared === undefined) {
        const made = add(BYTE_OP.range, then, 0, low * 256 + high);
        suffixes.set(key, made);
        then = made;
      } else then = shared;
    }
    return then;
  };
  for (const [at, inst] of runes.insts.entries()) {
    if (op.length > max) return null;
    const set = (kind: number, next: number, second = 0, detail = 0): void => {
      op[at] = kind;
      out[at] = next;
      other[at] = second;
      arg[at] = detail;
    };
    if (inst.op === OP.match) set(BYTE_OP.match, 0);
    else if (inst.op === OP.alt || inst.op === OP.altMatch) set(BYTE_OP.alt, inst.out, inst.arg);
    else if (inst.op === OP.capture || inst.op === OP.nop) set(BYTE_OP.alt, inst.out, inst.out);
    else if (inst.op === OP.empty) {
      conditions |= inst.arg;
      set(BYTE_OP.empty, inst.out, 0, inst.arg);
    } else if (inst.op !== OP.fail) {
      const ranges = rangesOf(inst);
      const heads: number[] = [];
      for (const sequence of sequencesOf(ranges)) heads.push(tail(sequence, inst.out));
      let rest = heads.pop();
      if (rest === undefined) continue;
      for (const head of new Set(heads)) rest = add(BYTE_OP.alt, head, rest, 0);
      set(BYTE_OP.alt, rest, rest);
    }
  }
  if (op.length > max) return null;
  const { classes, classCount } = byteClasses(op, arg, conditions);
  return {
    start: runes.start,
    op: Uint8Array.from(op),
    out: Int32Array.from(out),
    other: Int32Array.from(other),
    arg: Int32Array.from(arg),
    conditions,
    classes,
    classCount,
  };
}

/**
 * The program that finds in a text of many lines whatever the given one finds in each: where it asks for the beginning or the end
 * of the text, this one asks for those of a line. It may find more, across lines.
 */
export function overLines(program: ByteProgram): ByteProgram {
  const { op, arg, conditions } = program;
  const { beginText, endText, beginLine, endLine } = EMPTY;
  if ((conditions & (beginText | endText)) === 0) return program;
  const lines = (held: number): number =>
    (held & ~(beginText | endText)) | (held & beginText ? beginLine : 0) | (held & endText ? endLine : 0);
  return {
    ...program,
    arg: arg.map((detail, at) => (op[at] === BYTE_OP.empty ? lines(detail) : detail)),
    conditions: lines(conditions),
  };
}

type Sequences = readonly (readonly ByteRange[])[];

function allSequences(ranges: readonly number[]): Sequences {
  const found: (readonly ByteRange[])[] = [];
  for (let i = 0; i + 1 < ranges.length; i += 2)
    found.push(...utf8Sequences(ranges[i] ?? 1, ranges[i + 1] ?? 0));
  return found;
}

/** Says whether a byte belongs to a word in the sense of `\b`: ASCII, as in RE2. */
export function isWordByte(byte: number): boolean {
  return (
    (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122) || byte === 95
  );
}

function byteClasses(
  op: readonly number[],
  arg: readonly number[],
  conditions: number,
): { readonly classes: Uint8Array; readonly classCount: number } {
  const borders = new Uint8Array(257);
  op.forEach((kind, at) => {
    if (kind !== BYTE_OP.range) return;
    const detail = arg[at] ?? 0;
    borders[detail >> 8] = 1;
    borders[(detail & 255) + 1] = 1;
  });
  if (conditions !== 0) {
    borders[10] = 1;
    borders[11] = 1;
    // The bytes that go on with a character.
    borders[0x80] = 1;
    borders[0xc0] = 1;
    for (let byte = 1; byte < 256; byte += 1)
      if (isWordByte(byte) !== isWordByte(byte - 1)) borders[byte] = 1;
  }
  const classes = new Uint8Array(256);
  let current = 0;
  for (let byte = 0; byte < 256; byte += 1) {
    if (byte > 0 && borders[byte] === 1) current += 1;
    classes[byte] = current;
  }
  return { classes, classCount: current + 1 };
}
