import { isCjk, isWordChar } from '../store/text-index.ts';

/** FNV-1a, 32 bits (Fowler, Noll, Vo), over code points instead of bytes: they are the same for ASCII. */
const BASIS = 0x811c9dc5;
const PRIME = 0x01000193;
/** Sets the terms that stand for beginnings of words apart from words. */
const PREFIX_SALT = 0x9e3779b9;
/** Letters of which such a term is made. */
const PREFIX_LETTERS = 3;
const LETTERS = 26;

/** Spreads a hash over all its bits (the finalizer of MurmurHash3, a bijection), so that pages fill evenly. */
function spread(hash: number): number {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  // Zero is no term, for tables in which it means an empty slot.
  return (h ^ (h >>> 16)) >>> 0 || 1;
}

const NOT_ASCII = 255;
/** What a byte of a text means: 0 ends a word, less than 128 is the folded letter or digit, {@link NOT_ASCII} is none of both. */
const BYTES = new Uint8Array(256);
for (let byte = 0; byte < 256; byte += 1) {
  const char = String.fromCharCode(byte);
  BYTES[byte] = byte >= 128 ? NOT_ASCII : isWordChar(char) ? char.toLowerCase().charCodeAt(0) : 0;
}

const SEPARATOR = 1;
const WORD = 2;
const CJK = 3;
/** Kinds of code points outside ASCII, as far as they have been met; 0: not yet. */
const kinds = new Uint8Array(0x110000);
/** Lower-case code points, where they are not the same. */
const folds = new Map<number, readonly number[]>();

function kindOf(point: number): number {
  const known = kinds[point] ?? 0;
  if (known !== 0) return known;
  const char = String.fromCodePoint(point);
  const lower = char.toLowerCase();
  const folded = [...lower].map((one) => one.codePointAt(0) ?? 0);
  // A sigma is written in two ways depending on what follows; both count as one letter.
  if (point === 0x3c2) folds.set(point, [0x3c3]);
  else if (lower !== char) folds.set(point, folded);
  const kind = isCjk(char) ? CJK : isWordChar(String.fromCodePoint(folded[0] ?? point)) ? WORD : SEPARATOR;
  kinds[point] = kind;
  return kind;
}

/** The hash under which a term (a folded word, or a pair of Chinese characters) stands in the index. */
export function hashTerm(term: string): number {
  let hash = BASIS;
  for (const char of term) {
    const point = char.codePointAt(0) ?? 0;
    if (point >= 128) kindOf(point);
    for (const one of folds.get(point) ?? [point]) hash = Math.imul(hash ^ one, PRIME);
  }
  return spread(hash);
}

/** The hash of the words that begin like this; null when the index does not know such beginnings. */
export function hashPrefix(term: string): number | null {
  const head = term.slice(0, PREFIX_LETTERS);
  if (!/^[a-z]{3}/.test(head)) return null;
  let hash = BASIS;
  for (let i = 0; i < PREFIX_LETTERS; i += 1) hash = Math.imul(hash ^ head.charCodeAt(i), PRIME);
  return spread(hash ^ PREFIX_SALT);
}

const LF = 10;

function lineEnd(data: Uint8Array, from: number, stop: number): number {
  let at = from;
  while (at < stop && data[at] !== LF) at += 1;
  return at;
}

/** At first as many as fit the processor's nearest memory. */
const FIRST_SLOTS = 1 << 13;
/** Words that are remembered besides: most of a log's words are repeated all the time. */
const RECENT_BITS = 12;

/** In each byte of a quad: the bit that only bytes outside ASCII have, and the one in which small letters differ from large ones. */
const HIGH_BITS = 0x80808080 | 0;
const CASE_BITS = 0x20202020;

/** Spread words over the slots of those that are remembered. */
const SPREAD_LOW = 0x9e3779b1;
const SPREAD_HIGH = 0x85ebca77;
/** The word fills both quads, and may go on behind them. */
const MANY = 9;

/**
 * Where in four bytes of ASCII, the first the lowest, the first is that is no letter or digit: its highest bit; 0 when all are.
 * Additions carry into that bit of each byte whose value is beyond a bound, all four at once.
 */
function endOf(quad: number): number {
  const folded = quad | CASE_BITS;
  const letters = (folded + 0x1f1f1f1f) & ~(folded + 0x05050505);
  const digits = (quad + 0x50505050) & ~(quad + 0x46464646);
  const ends = ~(letters | digits) & HIGH_BITS;
  return ends & -ends;
}

/**
 * Collects the different terms of one text after the other (docs/logs-format.md, "Index text"), as hashes. Memory grows with
 * the number of different terms of one text, not with how many texts there are.
 */
export class TermCollector {
  #slots = new Uint32Array(FIRST_SLOTS);
  #mask = FIRST_SLOTS - 1;
  #found = new Uint32Array(FIRST_SLOTS / 2);
  #count = 0;
  /** Words of this text that were met lately, of seven characters at most: the first four and the others. */
  readonly #recent = new Int32Array(2 << RECENT_BITS);
  /** By the letters of a beginning: the number of the text in which it was met last. */
  readonly #heads = new Uint32Array(LETTERS ** PREFIX_LETTERS);
  #text = 1;

  /** The different terms since {@link clear}, in no order; valid until the next change. */
  get found(): Uint32Array {
    return this.#found.subarray(0, this.#count);
  }

  clear(): void {
    this.#slots.fill(0);
    this.#recent.fill(0);
    this.#count = 0;
    this.#text = (this.#text + 1) >>> 0 || 1;
  }

  /** Adds the terms of the bytes of a line, or of lines with LF between them. */
  addBytes(data: Uint8Array, start: number, stop: number): void {
    let at = this.#addQuads(data, start, stop);
    while (at < stop) at = this.#addWord(data, at, stop);
  }

  /** Adds the words up to a place behind which two quads of bytes are no longer all there; answers that place. */
  #addQuads(data: Uint8Array, start: number, stop: number): number {
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    const recent = this.#recent;
    const last = stop - 8;
    let at = start;
    while (at <= last) {
      const first = view.getInt32(at, true);
      const end = endOf(first);
      let low = (first | CASE_BITS) & ((end >>> 7) - 1);
      let high = 0;
      let length = (31 - Math.clz32(end)) >>> 3;
      let seen = first;
      if (end === 0) {
        const second = view.getInt32(at + 4, true);
        const secondEnd = endOf(second);
        low = first | CASE_BITS;
        high = (second | CASE_BITS) & ((secondEnd >>> 7) - 1);
        length = secondEnd === 0 ? MANY : 4 + ((31 - Math.clz32(secondEnd)) >>> 3);
        seen |= second;
      }
      if ((seen & HIGH_BITS) !== 0 || length === MANY) {
        at = this.#addWord(data, at, stop);
        continue;
      }
      at += length + 1;
      if (length === 0) continue;
      const slot = ((Math.imul(low, SPREAD_LOW) ^ Math.imul(high, SPREAD_HIGH)) >>> (32 - RECENT_BITS)) << 1;
      if (recent[slot] === low && recent[slot + 1] === high) continue;
      recent[slot] = low;
      recent[slot + 1] = high;
      this.#addShort(low, high);
    }
    return at;
  }

  /** Adds a word of up to seven characters, folded, and what stands for those that begin like it. */
  #addShort(low: number, high: number): void {
    let hash = BASIS;
    for (let rest = low; rest !== 0; rest >>>= 8) hash = Math.imul(hash ^ (rest & 0xff), PRIME);
    for (let rest = high; rest !== 0; rest >>>= 8) hash = Math.imul(hash ^ (rest & 0xff), PRIME);
    this.#put(hash);
    this.#beginning(low);
  }

  /** Adds the word at a place, if there is one, or the rest of the line, if it is not ASCII; answers where to go on. */
  #addWord(data: Uint8Array, from: number, stop: number): number {
    let at = from;
    let hash = BASIS;
    let head = 0;
    let char = BYTES[data[at] ?? 0] ?? 0;
    while (char !== 0 && char !== NOT_ASCII) {
      hash = Math.imul(hash ^ char, PRIME);
      if (at < from + PREFIX_LETTERS) head |= char << (8 * (at - from));
      at += 1;
      char = at < stop ? (BYTES[data[at] ?? 0] ?? 0) : 0;
    }
    if (char === NOT_ASCII) {
      // The rest of the line, and what stands before it of the word.
      at = lineEnd(data, at, stop);
      this.addText(Buffer.from(data.buffer, data.byteOffset, data.length).toString('utf8', from, at));
    } else if (at > from) {
      this.#put(hash);
      this.#beginning(head);
    }
    return at + 1;
  }

  /** Adds what stands for the words that begin with the three characters in the lower bytes, if those are letters. */
  #beginning(quad: number): void {
    const [a, b, c] = [quad & 0xff, (quad >>> 8) & 0xff, (quad >>> 16) & 0xff];
    if (a < 97 || b < 97 || c < 97) return;
    const hash = Math.imul(Math.imul(Math.imul(BASIS ^ a, PRIME) ^ b, PRIME) ^ c, PRIME);
    this.#putHead(((a - 97) * LETTERS + b - 97) * LETTERS + c - 97, hash);
  }

  /** Adds the terms of a text. */
  addText(text: string): void {
    let hash = BASIS;
    let length = 0;
    let letters = 0;
    let head = 0;
    /** The character of a Chinese run before the present one, and how long the run is. */
    let before = 0;
    let run = 0;
    const endWord = (): void => {
      if (length === 0) return;
      this.#put(hash);
      hash = BASIS;
      length = 0;
      letters = 0;
      head = 0;
    };
    const endRun = (): void => {
      if (run === 1) this.#put(Math.imul(BASIS ^ before, PRIME));
      run = 0;
    };
    const letter = (point: number): void => {
      hash = Math.imul(hash ^ point, PRIME);
      length += 1;
      if (length > PREFIX_LETTERS || point < 97 || point > 122) return;
      letters += 1;
      head = head * LETTERS + point - 97;
      if (letters === PREFIX_LETTERS) this.#putHead(head, hash);
    };
    for (let at = 0; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      if (unit < 128) {
        endRun();
        const char = BYTES[unit] ?? 0;
        if (char === 0) endWord();
        else letter(char);
        continue;
      }
      const point = text.codePointAt(at) ?? unit;
      if (point > 0xffff) at += 1;
      const kind = kindOf(point);
      if (kind === CJK) {
        endWord();
        if (run > 0) this.#put(Math.imul(Math.imul(BASIS ^ before, PRIME) ^ point, PRIME));
        before = point;
        run += 1;
        continue;
      }
      endRun();
      if (kind === SEPARATOR) endWord();
      else for (const one of folds.get(point) ?? [point]) letter(one);
    }
    endRun();
    endWord();
  }

  /** Puts the term that stands for the words that begin with three letters: `head` is their number, `hash` that of the letters. */
  #putHead(head: number, hash: number): void {
    if (this.#heads[head] === this.#text) return;
    this.#heads[head] = this.#text;
    this.#put(hash ^ PREFIX_SALT);
  }

  #put(hash: number): void {
    const term = spread(hash);
    let slot = term & this.#mask;
    for (let held = this.#slots[slot]; held !== 0; held = this.#slots[slot]) {
      if (held === term) return;
      slot = (slot + 1) & this.#mask;
    }
    this.#slots[slot] = term;
    this.#found[this.#count] = term;
    this.#count += 1;
    // Half of the slots are taken, as many as there is room for what was found.
    if (this.#count * 2 > this.#mask) this.#grow();
  }

  #grow(): void {
    const found = this.#found;
    this.#slots = new Uint32Array(this.#slots.length * 2);
    this.#mask = this.#slots.length - 1;
    this.#found = new Uint32Array(this.#slots.length / 2);
    this.#found.set(found);
    for (const term of found) {
      let slot = term & this.#mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & this.#mask;
      this.#slots[slot] = term;
    }
  }
}
