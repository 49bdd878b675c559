import { appError } from '#shared/errors/index.ts';
import { ArchiveFault } from '../reader-types.ts';
import { Scratch } from '../scratch.ts';
import { aead, CHUNK_BYTES, chunkNonce, SEALED_BYTES, TAG_BYTES } from './chunk-cipher.ts';

/** An age payload in a file. */
export type Payload = {
  /** The file, for messages. */
  readonly file: string;
  readonly streamKey: Buffer;
  /** Where the first chunk begins in the file, and where the last one ends. */
  readonly start: number;
  readonly end: number;
  readonly read: (offset: number, size: number, into?: Buffer) => Promise<Buffer>;
};

/** Opened chunks that are kept: frames do not end where chunks do, so neighbours share one. */
const KEPT = 4;

/**
 * Reads an age payload from anywhere: the chunks that hold the bytes asked for are read at once, opened one by one, and
 * nothing else is touched. Memory: the bytes asked for, and four chunks.
 */
export class ChunkReader {
  readonly #payload: Payload;
  readonly #count: number;
  readonly #kept = new Map<number, Uint8Array>();
  readonly #scratch = new Scratch();

  constructor(payload: Payload) {
    this.#payload = payload;
    this.#count = Math.ceil(Math.max(0, payload.end - payload.start) / SEALED_BYTES);
  }

  /** Plain bytes of the payload, as its length tells them. */
  get size(): number {
    return Math.max(0, this.#payload.end - this.#payload.start - TAG_BYTES * this.#count);
  }

  /** True when the last chunk is marked as the last: the payload was not cut short, nor added to. */
  async hasEnd(): Promise<boolean> {
    if (this.#count === 0) return false;
    const last = this.#count - 1;
    const plain = await this.#sealed(last, last, async (sealed) => this.#unseal(last, sealed, true));
    return plain !== null && (plain.length > 0 || last === 0);
  }

  /** True when the first chunk opens: the key is the right one, whatever else may be wrong. */
  async hasStart(): Promise<boolean> {
    if (this.#count === 0) return true;
    return this.#sealed(
      0,
      0,
      async (sealed) => this.#unseal(0, sealed, false) !== null || this.#unseal(0, sealed, true) !== null,
    );
  }

  /** Plain bytes at an offset; fewer at the end. Throws {@link ArchiveFault} naming the chunk that was changed. */
  async read(offset: number, size: number, into?: Buffer): Promise<Buffer> {
    const length = Math.min(size, this.size - offset);
    if (length <= 0) return Buffer.alloc(0);
    const first = Math.floor(offset / CHUNK_BYTES);
    const last = Math.floor((offset + length - 1) / CHUNK_BYTES);
    const out = into?.subarray(0, length) ?? Buffer.allocUnsafe(length);
    const open = async (sealed: Buffer | null): Promise<Buffer> => {
      for (let n = first; n <= last; n += 1) {
        const from = sealed?.subarray((n - first) * SEALED_BYTES, (n - first + 1) * SEALED_BYTES) ?? null;
        const plain = this.#chunk(n, from);
        const begin = n * CHUNK_BYTES;
        const skipped = Math.max(0, offset - begin);
        out.set(plain.subarray(skipped, offset + length - begin), begin + skipped - offset);
      }
      return out;
    };
    return this.#areKept(first, last) ? open(null) : this.#sealed(first, last, open);
  }

  #areKept(first: number, last: number): boolean {
    for (let n = first; n <= last; n += 1) if (!this.#kept.has(n)) return false;
    return true;
  }

  /** Lends sealed chunks as they stand in the file. */
  #sealed<T>(first: number, last: number, work: (sealed: Buffer) => Promise<T>): Promise<T> {
    const { start, end, read } = this.#payload;
    const from = start + first * SEALED_BYTES;
    const size = Math.min(end, start + (last + 1) * SEALED_BYTES) - from;
    return this.#scratch.lend(size, async (into) => work(await read(from, size, into)));
  }

  #chunk(number: number, sealed: Uint8Array | null): Uint8Array {
    const known = this.#kept.get(number);
    if (known !== undefined) return known;
    const isLast = number === this.#count - 1;
    let plain = sealed === null ? null : this.#unseal(number, sealed, isLast);
    // Where a payload was cut between two chunks, the last one that is left was not made as the last.
    if (plain === null && isLast && sealed !== null) plain = this.#unseal(number, sealed, false);
    if (plain === null) {
      const { file, start } = this.#payload;
      const offset = start + number * SEALED_BYTES;
      throw new ArchiveFault(appError('BACKUP_CHUNK_DAMAGED', { file, chunk: number, offset }));
    }
    this.#kept.set(number, plain);
    for (const old of this.#kept.keys()) {
      if (this.#kept.size <= KEPT) break;
      this.#kept.delete(old);
    }
    return plain;
  }

  #unseal(number: number, sealed: Uint8Array, isLast: boolean): Uint8Array | null {
    if (sealed.length < TAG_BYTES) return null;
    return aead.open(this.#payload.streamKey, chunkNonce(number, isLast), sealed);
  }
}
