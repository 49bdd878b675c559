import { crc32 } from 'node:zlib';

/** Hashes are 32 bits wide; one more than the last. */
const HASH_END = 2 ** 32;
/** A page is closed when it has this many bytes: two and their heads fill a page of the day file. */
const PAGE_BYTES = 1960;
const HEAD_BYTES = 10;
/** A Golomb code of mean distance `d` is smallest with a parameter of about ln 2 × d (Rice's are powers of two). */
const LN2 = 0.69;

/** What the pages of a segment share, and what goes into their checksums. */
export type SegmentFrame = {
  /** The numbers of the first and last block that the segment covers. */
  readonly firstBlock: number;
  readonly lastBlock: number;
  /** Parameter of the codes of hashes. */
  readonly hashBits: number;
};

/** A page of a segment: the terms with hashes from `key` up to the key of the next page. */
export type TermPage = { readonly key: number; readonly data: Uint8Array };

/** The parameter for distances that are `mean` on average. */
function riceBits(mean: number): number {
  let bits = 0;
  for (let size = 2; size <= mean * LN2; size *= 2) bits += 1;
  return bits;
}

/** The parameter of the codes of hashes for this many terms. */
export function hashBitsFor(terms: number): number {
  return riceBits(HASH_END / Math.max(1, terms));
}

/** The parameters of the codes of blocks, by in how many blocks a term stands; most stand in few. */
class BlockBits {
  readonly #span: number;
  readonly #few: Uint8Array;

  constructor(frame: SegmentFrame) {
    this.#span = frame.lastBlock - frame.firstBlock + 1;
    this.#few = Uint8Array.from({ length: 64 }, (_, count) => riceBits(this.#span / Math.max(1, count)));
  }

  of(count: number): number {
    return count < 64 ? (this.#few[count] ?? 0) : riceBits(this.#span / count);
  }
}

/** CRC-32 of a page's bytes after the checksum, begun with everything that they are read with. */
function checksum(frame: SegmentFrame, key: number, data: Uint8Array): number {
  const context = new Float64Array([frame.firstBlock, frame.lastBlock, frame.hashBits, key]);
  return crc32(data.subarray(4), crc32(new Uint8Array(context.buffer)));
}

/** Writes terms in the order of their hashes into pages. */
export class PageWriter {
  readonly #frame: SegmentFrame;
  readonly #blockBits: BlockBits;
  readonly #pages: TermPage[] = [];
  #bytes = new Uint8Array(PAGE_BYTES * 4);
  /** Bits written since the page's head, and the page's first possible hash. */
  #bits = 0;
  #key = 0;
  #next = 0;
  #inPage = 0;
  #terms = 0;

  constructor(frame: SegmentFrame) {
    this.#frame = frame;
    this.#blockBits = new BlockBits(frame);
  }

  get terms(): number {
    return this.#terms;
  }

  /**
   * Adds a term.
   *
   * @param blocks numbers of blocks, rising, from `from` up to `to`
   */
  add(hash: number, blocks: ArrayLike<number>, from: number, to: number): void {
    if (this.#bits >= PAGE_BYTES * 8) this.#close(hash);
    const count = to - from;
    const bits = this.#blockBits.of(count);
    this.#room(hash - this.#next, bits, count);
    this.#rice(hash - this.#next, this.#frame.hashBits);
    this.#next = hash + 1;
    this.#count(count);
    let next = this.#frame.firstBlock;
    for (let i = from; i < to; i += 1) {
      const block = blocks[i] ?? 0;
      this.#rice(block - next, bits);
      next = block + 1;
    }
    this.#inPage += 1;
    this.#terms += 1;
  }

  /** Closes the last page; the pages are in the order of their keys, the first key is 0. */
  end(): readonly TermPage[] {
    this.#close(HASH_END);
    return this.#pages;
  }

  #close(upTo: number): void {
    const data = new Uint8Array(HEAD_BYTES + Math.ceil(this.#bits / 8));
    data.set(this.#bytes.subarray(0, data.length - HEAD_BYTES), HEAD_BYTES);
    const view = new DataView(data.buffer);
    // 2 ** 32 does not fit and becomes 0, which is no page's end otherwise.
    view.setUint32(4, upTo >>> 0, true);
    view.setUint16(8, this.#inPage, true);
    view.setUint32(0, checksum(this.#frame, this.#key, data), true);
    this.#pages.push({ key: this.#key, data });
    this.#bytes.fill(0);
    this.#bits = 0;
    this.#inPage = 0;
    this.#key = upTo;
    this.#next = upTo;
  }

  /** Elias's gamma code: as many zeros as there are digits after the first, then the number. */
  #count(value: number): void {
    const digits = 31 - Math.clz32(value);
    this.#bits += digits;
    this.#put(value, digits + 1);
  }

  /** A Rice code: the quotient in ones, a zero, the remainder. */
  #rice(value: number, bits: number): void {
    let ones = value >>> bits;
    if (ones + bits < 25) {
      this.#put((((2 << ones) - 2) << bits) | (value & ((1 << bits) - 1)), ones + 1 + bits);
      return;
    }
    for (; ones >= 24; ones -= 24) this.#put(0xffffff, 24);
    this.#put((2 << ones) - 2, ones + 1);
    if (bits > 16) this.#put((value >>> 16) & ((1 << (bits - 16)) - 1), bits - 16);
    const low = bits < 16 ? bits : 16;
    if (low > 0) this.#put(value & ((1 << low) - 1), low);
  }

  /** Appends up to 25 bits, the most significant first. The bytes behind are zero. */
  #put(value: number, count: number): void {
    const at = this.#bits >>> 3;
    const shifted = value << (32 - count - (this.#bits & 7));
    const bytes = this.#bytes;
    bytes[at] = (bytes[at] ?? 0) | (shifted >>> 24);
    bytes[at + 1] = (shifted >>> 16) & 0xff;
    bytes[at + 2] = (shifted >>> 8) & 0xff;
    bytes[at + 3] = shifted & 0xff;
    this.#bits += count;
  }

  /** Makes room for a term that is so far behind the one before, and its blocks. */
  #room(distance: number, blockBits: number, count: number): void {
    const { firstBlock, lastBlock, hashBits } = this.#frame;
    // The ones of all blocks together stand for no more than all that the segment covers.
    const ones = (distance >>> hashBits) + ((lastBlock - firstBlock + 1) >>> blockBits);
    const needed = ((this.#bits + ones + hashBits + 65 + count * (blockBits + 1)) >>> 3) + 8;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(needed * 2);
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

/** A segment's frame with what all readers of its pages need. */
export type OpenFrame = SegmentFrame & { readonly blockBits: BlockBits };

/** Prepares the reading of a segment's pages. */
export function openFrame(frame: SegmentFrame): OpenFrame {
  return { ...frame, blockBits: new BlockBits(frame) };
}

/** Reads the terms of a page in the order of their hashes. */
export class PageReader {
  /** The hash from which the next page goes on. */
  readonly upTo: number;
  readonly #frame: SegmentFrame;
  readonly #blockBits: BlockBits;
  readonly #data: Uint8Array;
  #left: number;
  #next: number;
  /** Position in bits, and where the data end. */
  #at = HEAD_BYTES * 8;
  readonly #end: number;

  private constructor(frame: OpenFrame, key: number, data: Uint8Array) {
    this.#frame = frame;
    this.#blockBits = frame.blockBits;
    this.#data = data;
    this.#next = key;
    this.#end = data.length * 8;
    const view = new DataView(data.buffer, data.byteOffset, data.length);
    this.upTo = view.getUint32(4, true) || HASH_END;
    this.#left = view.getUint16(8, true);
  }

  /** Opens a page; null when its bytes are not those that were written. */
  static open(frame: OpenFrame, { key, data }: TermPage): PageReader | null {
    // SQLite keeps a column's type as little as its bytes when a file is damaged.
    if (!(data instanceof Uint8Array) || data.length < HEAD_BYTES) return null;
    const view = new DataView(data.buffer, data.byteOffset, data.length);
    if (view.getUint32(0, true) !== checksum(frame, key, data)) return null;
    return new PageReader(frame, key, data);
  }

  /** The next term's hash; null when the page has no more. Its blocks must be read or skipped before the next call. */
  nextHash(): number | null {
    if (this.#left === 0) return null;
    this.#left -= 1;
    const hash = this.#next + this.#rice(this.#frame.hashBits);
    this.#next = hash + 1;
    return hash;
  }

  /** The numbers of the blocks that hold the term, appended to `into`; or skipped. */
  readBlocks(into: number[] | null): void {
    const count = this.#count();
    const bits = this.#blockBits.of(count);
    let next = this.#frame.firstBlock;
    for (let i = 0; i < count; i += 1) {
      next += this.#rice(bits);
      into?.push(next);
      next += 1;
    }
  }

  #count(): number {
    let digits = 0;
    while (this.#bit() === 0) digits += 1;
    let value = 1;
    for (let i = 0; i < digits; i += 1) value = value * 2 + this.#bit();
    return value;
  }

  #rice(bits: number): number {
    let ones = 0;
    for (;;) {
      const run = Math.clz32(~this.#peek());
      if (run < 24) {
        ones += run;
        this.#at += run + 1;
        break;
      }
      ones += 24;
      this.#at += 24;
      if (this.#at > this.#end) throw new Error('term page ends early');
    }
    let value = ones;
    if (bits > 16) value = value * (1 << (bits - 16)) + this.#take(bits - 16);
    const low = bits < 16 ? bits : 16;
    return low === 0 ? value : value * (1 << low) + this.#take(low);
  }

  #bit(): number {
    const bit = ((this.#data[this.#at >>> 3] ?? 0) >>> (7 - (this.#at & 7))) & 1;
    this.#at += 1;
    if (this.#at > this.#end) throw new Error('term page ends early');
    return bit;
  }

  #take(count: number): number {
    const value = this.#peek() >>> (32 - count);
    this.#at += count;
    if (this.#at > this.#end) throw new Error('term page ends early');
    return value;
  }

  /** The next 25 bits at least, the first of them the most significant of 32. */
  #peek(): number {
    const at = this.#at >>> 3;
    const data = this.#data;
    const word =
      ((data[at] ?? 0) << 24) |
      ((data[at + 1] ?? 0) << 16) |
      ((data[at + 2] ?? 0) << 8) |
      (data[at + 3] ?? 0);
    return word << (this.#at & 7);
  }
}
