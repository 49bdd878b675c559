import { freeNow } from '../platform/large-buffers.ts';

/** Room for coded pieces at first, in bytes. */
const FIRST_BYTES = 16 * 1024;

/**
 * Coded pieces of the open chunks of many series, in one block of bytes: a buffer of its own would cost each piece more than
 * its samples take. What was dropped is left where it is until half of the block is of that kind.
 */
export class PackedPieces {
  readonly #series: number;
  #bytes = new Uint8Array(FIRST_BYTES);
  #used = 0;
  #dropped = 0;
  /** Of piece p of series s, at p × series + s; a length of 0 where there is none. */
  readonly #start: Int32Array;
  readonly #length: Uint16Array;
  /** The last time of each piece, in milliseconds since its chunk's first sample. */
  readonly #last: Int32Array;

  /** @param pieces the most of one series */
  constructor(series: number, pieces: number) {
    this.#series = series;
    this.#start = new Int32Array(series * pieces);
    this.#length = new Uint16Array(series * pieces);
    this.#last = new Int32Array(series * pieces);
  }

  /** Bytes that are reserved for pieces. */
  get capacity(): number {
    return this.#bytes.length;
  }

  /** Keeps a copy of a piece, below 64 KiB, in place of the one that was there. */
  add(series: number, piece: number, data: Uint8Array, last: number): void {
    if (this.#used + data.length > this.#bytes.length) this.#makeRoom(data.length);
    const at = piece * this.#series + series;
    this.#dropped += this.#length[at] ?? 0;
    this.#bytes.set(data, this.#used);
    this.#start[at] = this.#used;
    this.#length[at] = data.length;
    this.#last[at] = last;
    this.#used += data.length;
  }

  /** A view of a piece, until the next one is added. */
  get(series: number, piece: number): Uint8Array {
    const at = piece * this.#series + series;
    const start = this.#start[at] ?? 0;
    return this.#bytes.subarray(start, start + (this.#length[at] ?? 0));
  }

  /** The last time of a piece. */
  last(series: number, piece: number): number {
    return this.#last[piece * this.#series + series] ?? 0;
  }

  /** Forgets every piece of a series. */
  drop(series: number): void {
    for (let at = series; at < this.#length.length; at += this.#series) {
      this.#dropped += this.#length[at] ?? 0;
      this.#length[at] = 0;
    }
  }

  /** Puts the pieces that are left into a block with room for more. */
  #makeRoom(more: number): void {
    const left = this.#used - this.#dropped;
    // Half as much again as is needed: of that the operating system gives only what is written to.
    const bytes = new Uint8Array(Math.max(this.#bytes.length, Math.ceil((left + more) * 1.5)));
    if (this.#dropped === 0) {
      bytes.set(this.#bytes.subarray(0, this.#used));
      freeNow(this.#bytes);
      this.#bytes = bytes;
      return;
    }
    let used = 0;
    for (let at = 0; at < this.#length.length; at++) {
      const length = this.#length[at] ?? 0;
      if (length === 0) continue;
      const start = this.#start[at] ?? 0;
      bytes.set(this.#bytes.subarray(start, start + length), used);
      this.#start[at] = used;
      used += length;
    }
    freeNow(this.#bytes);
    this.#bytes = bytes;
    this.#used = used;
    this.#dropped = 0;
  }
}
