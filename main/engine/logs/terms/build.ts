import type { FormatSpec } from '../model.ts';
import type { LineParser } from '../parse/parser.ts';
import { type BlockColumns, lineOf } from '../store/block.ts';
import { extraText, mayHaveExtra } from '../store/text-extra.ts';
import { hashBitsFor, PageWriter, type SegmentFrame, type TermPage } from './pages.ts';
import { TermCollector } from './terms.ts';

/** A segment as it is stored: which blocks it covers, and its pages. */
export type BuiltSegment = SegmentFrame & {
  readonly terms: number;
  readonly pages: readonly TermPage[];
};

const FIRST_PAIRS = 1 << 18;
const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;

type Pairs = { readonly hashes: Uint32Array; readonly blocks: Uint32Array };

function pairsOf(count: number): Pairs {
  return { hashes: new Uint32Array(count), blocks: new Uint32Array(count) };
}

/** Where the hashes with each digit go: behind those with lower ones. */
function placesOf(hashes: Uint32Array, shift: number): Uint32Array {
  const places = new Uint32Array(DIGITS);
  for (let i = 0; i < hashes.length; i += 1) {
    const digit = ((hashes[i] ?? 0) >>> shift) & (DIGITS - 1);
    places[digit] = (places[digit] ?? 0) + 1;
  }
  let place = 0;
  for (let digit = 0; digit < DIGITS; digit += 1) {
    const pairs = places[digit] ?? 0;
    places[digit] = place;
    place += pairs;
  }
  return places;
}

/** Puts pairs where their digits belong; `places` is changed on the way. */
function distribute(from: Pairs, to: Pairs, shift: number, places: Uint32Array): void {
  const { hashes, blocks } = from;
  for (let i = 0; i < hashes.length; i += 1) {
    const hash = hashes[i] ?? 0;
    const digit = (hash >>> shift) & (DIGITS - 1);
    const at = places[digit] ?? 0;
    places[digit] = at + 1;
    to.hashes[at] = hash;
    to.blocks[at] = blocks[i] ?? 0;
  }
}

/** How many different hashes there are, which are in order. */
function differentIn(hashes: Uint32Array): number {
  let different = Math.min(1, hashes.length);
  for (let i = 1; i < hashes.length; i += 1) if (hashes[i] !== hashes[i - 1]) different += 1;
  return different;
}

function pagesOf(frame: SegmentFrame, hashes: Uint32Array, blocks: Uint32Array): readonly TermPage[] {
  const writer = new PageWriter(frame);
  for (let from = 0; from < hashes.length; ) {
    const hash = hashes[from] ?? 0;
    let to = from + 1;
    while (to < hashes.length && hashes[to] === hash) to += 1;
    writer.add(hash, blocks, from, to);
    from = to;
  }
  return writer.end();
}

/** Gathers the terms of blocks, in the order of their numbers, and makes a segment of them. */
export class SegmentBuilder {
  readonly #collector = new TermCollector();
  #hashes = new Uint32Array(FIRST_PAIRS);
  #blocks = new Uint32Array(FIRST_PAIRS);
  #count = 0;
  #spare: Pairs = pairsOf(0);

  /** Pairs of a term and a block so far; each takes 16 bytes while the segment is made. */
  get pairs(): number {
    return this.#count;
  }

  /** Forgets what was added. */
  clear(): void {
    this.#count = 0;
  }

  /** Adds a block of whose lines nothing but their text counts; its number is larger than those before. */
  addText(block: number, data: Buffer, start: number): void {
    this.#collector.clear();
    this.#collector.addBytes(data, start, data.length);
    this.addTerms(block, this.#collector.found);
  }

  /** Adds a block whose different terms are known; its number is larger than those before. */
  addTerms(block: number, terms: Uint32Array): void {
    this.#room(terms.length);
    this.#hashes.set(terms, this.#count);
    this.#blocks.fill(block, this.#count, this.#count + terms.length);
    this.#count += terms.length;
  }

  /** Adds a block; its number is larger than those before. */
  add(block: number, columns: BlockColumns, format: FormatSpec, parser: LineParser): void {
    const collector = this.#collector;
    collector.clear();
    const { data, starts, stops, changes, events } = columns;
    const decodes = mayHaveExtra(format);
    for (let i = 0; i < events; i += 1) {
      const start = starts[i] ?? 0;
      const stop = stops[i] ?? 0;
      collector.addBytes(data, start, stop);
      if (!decodes && (changes === null || changes[i] === null)) continue;
      const line = lineOf(columns, i);
      const extra = extraText(line.raw.toString('utf8'), line.changes, format, parser);
      if (extra !== '') collector.addText(extra);
    }
    this.addTerms(block, collector.found);
  }

  /** Makes the segment that covers the blocks from `firstBlock` to `lastBlock`, and begins anew. */
  build(firstBlock: number, lastBlock: number): BuiltSegment {
    const { hashes, blocks } = this.#sorted();
    const terms = differentIn(hashes);
    const frame: SegmentFrame = { firstBlock, lastBlock, hashBits: hashBitsFor(terms) };
    this.#count = 0;
    return { ...frame, terms, pages: pagesOf(frame, hashes, blocks) };
  }

  /**
   * The pairs by hash, those with the same hash staying in their order: radix sort from the lowest digit, to and fro between
   * two pairs of arrays that are kept for the next segment.
   */
  #sorted(): Pairs {
    const count = this.#count;
    if (this.#spare.hashes.length < count) this.#spare = pairsOf(this.#hashes.length);
    let from: Pairs = { hashes: this.#hashes.subarray(0, count), blocks: this.#blocks.subarray(0, count) };
    let to: Pairs = {
      hashes: this.#spare.hashes.subarray(0, count),
      blocks: this.#spare.blocks.subarray(0, count),
    };
    for (let shift = 0; shift < 32; shift += DIGIT_BITS) {
      distribute(from, to, shift, placesOf(from.hashes, shift));
      [from, to] = [to, from];
    }
    return from;
  }

  #room(more: number): void {
    if (this.#count + more <= this.#hashes.length) return;
    const size = Math.max(this.#hashes.length * 2, this.#count + more);
    const hashes = new Uint32Array(size);
    const blocks = new Uint32Array(size);
    hashes.set(this.#hashes);
    blocks.set(this.#blocks);
    this.#hashes = hashes;
    this.#blocks = blocks;
  }
}
