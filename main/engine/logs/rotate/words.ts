import { indexText, type TermQuery } from '../store/text-index.ts';

/** 32-bit FNV-1a, with the standard basis and with another one, so that a word has two hashes. */
const PRIME = 0x01000193;
const BASIS_A = 0x811c9dc5;
const BASIS_B = 0x050c5d1f;
const BITS_PER_WORD = 12;
const HASHES = 3;
/** A filter never has fewer bytes, nor more than a frame full of words needs. */
const MIN_BYTES = 8;
const MAX_BYTES = 1 << 20;

/** For each byte: 0 when it ends a word, else itself in lower case. As SQLite's `ascii` tokenizer. */
const WORD_BYTE = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte >= 0x41 && byte <= 0x5a) return byte + 32;
  return byte >= 0x80 || (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x30 && byte <= 0x39) ? byte : 0;
});

/** Collects the two hashes of every word in prepared text. */
function hashWords(bytes: Uint8Array, into: Map<number, number>): void {
  let a = BASIS_A;
  let b = BASIS_B;
  let isInside = false;
  for (let at = 0; at <= bytes.length; at += 1) {
    const byte = WORD_BYTE[bytes[at] ?? 0] ?? 0;
    if (byte === 0) {
      if (isInside) into.set(a >>> 0, (b | 1) >>> 0);
      isInside = false;
      a = BASIS_A;
      b = BASIS_B;
      continue;
    }
    isInside = true;
    a = Math.imul(a ^ byte, PRIME);
    b = Math.imul(b ^ byte, PRIME);
  }
}

function isAscii(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at += 1) if ((bytes[at] ?? 0) >= 0x80) return false;
  return true;
}

/**
 * The Bloom filter of the words in a piece of log (docs/log-rotation.md, "A segment"): 12 bits a distinct word, three hashes,
 * so about 1 in 150 other words seems to be there.
 */
export function wordFilter(piece: Buffer): Buffer {
  const words = new Map<number, number>();
  hashWords(isAscii(piece) ? piece : Buffer.from(indexText(piece.toString('utf8')), 'utf8'), words);
  const size = Math.min(MAX_BYTES, Math.max(MIN_BYTES, Math.ceil((words.size * BITS_PER_WORD) / 8)));
  const filter = Buffer.alloc(size);
  for (const [a, b] of words)
    for (const bit of bitsOf(a, b, size)) {
      const at = bit >>> 3;
      filter[at] = (filter[at] ?? 0) | (1 << (bit & 7));
    }
  return filter;
}

function bitsOf(a: number, b: number, bytes: number): readonly number[] {
  const bits = bytes * 8;
  return Array.from({ length: HASHES }, (_, i) => (a + i * b) % bits);
}

/** Words of a search, prepared to be looked up in filters. */
type SoughtWords = readonly (readonly [number, number])[];

/** False: no line of the piece holds all of these words. */
function mayHold(filter: Uint8Array, words: SoughtWords): boolean {
  if (filter.length === 0) return true;
  return words.every(([a, b]) =>
    bitsOf(a, b, filter.length).every((bit) => ((filter[bit >>> 3] ?? 0) & (1 << (bit & 7))) !== 0),
  );
}

/** False: no line of the piece holds what a query asks for. Beginnings of words are in no filter. */
export function mayHoldTerms(filter: Uint8Array, terms: TermQuery | null): boolean {
  if (terms === null) return true;
  if (terms.kind !== 'term') {
    const may = (item: TermQuery): boolean => mayHoldTerms(filter, item);
    return terms.kind === 'and' ? terms.items.every(may) : terms.items.some(may);
  }
  if (terms.prefix) return true;
  const words = new Map<number, number>();
  hashWords(Buffer.from(terms.term, 'utf8'), words);
  return mayHold(filter, [...words]);
}
