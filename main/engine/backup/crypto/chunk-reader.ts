import { appError } from '#shared/errors/index.ts';
import { freeNow, giveBack, takeBuffer } from '../../platform/large-buffers.ts';
import { ArchiveFault } from '../reader-types.ts';
import { aead, CHUNK_BYTES, chunkNonce, SEALED_BYTES, TAG_BYTES } from './chunk-cipher.ts';

/** An age payload in a file. */
export type Payload = {
  /** The file, for messages. */
  readonly file: string;
  readonly streamKey: Buffer;
  /** Where the first chunk begins in the file, and where the last one ends. */
  readonly start: number;
  readonly end: number;
  /** What it gives is the reader's own from then on. */
  readonly read: (offset: number, size: number) => Promise<Buffer<ArrayBuffer>>;
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
    const plain = this.#unseal(last, await this.#sealed(last, last), true);
    return plain !== null && (plain.length > 0 || last === 0);
  }

  /** True when the first chunk opens: the key is the right one, whatever else may be wrong. */
  async hasStart(): Promise<boolean> {
    if (this.#count === 0) return true;
    const sealed = await this.#sealed(0, 0);
    return this.#unseal(0, sealed, false) !== null || this.#unseal(0, sealed, true) !== null;
  }

  /** Plain bytes at an offset; fewer at the end. Throws {@link ArchiveFault} naming the chunk that was changed. */
  async read(offset: number, size: number): Promise<Buffer<ArrayBuffer>> {
    const length = Math.min(size, this.size - offset);
    if (length <= 0) return Buffer.alloc(0);
    const first = Math.floor(offset / CHUNK_BYTES);
    const last = Math.floor((offset + length - 1) / CHUNK_BYTES);
    const out = takeBuffer(length);
    const sealed = this.#areKept(first, last) ? null : await this.#sealed(first, last);
    for (let n = first; n <= last; n += 1) {
      const from = sealed?.subarray((n - first) * SEALED_BYTES, (n - first + 1) * SEALED_BYTES) ?? null;
      const plain = this.#chunk(n, from);
      const begin = n * CHUNK_BYTES;
      const skipped = Math.max(0, offset - begin);
      out.set(plain.subarray(skipped, offset + length - begin), begin + skipped - offset);
    }
    if (sealed !== null) giveBack(sealed);
    return out;
  }

  #areKept(first: number, last: number): boolean {
    for (let n = first; n <= last; n += 1) if (!this.#kept.has(n)) return false;
    return true;
  }

  /** Sealed chunks as they stand in the file. */
  #sealed(first: number, last: number): Promise<Buffer<ArrayBuffer>> {
    const { start, end, read } = this.#payload;
    const from = start + first * SEALED_BYTES;
    return read(from, Math.min(end, start + (last + 1) * SEALED_BYTES) - from);
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
    for (const [old, content] of this.#kept) {
      if (this.#kept.size <= KEPT) break;
      this.#kept.delete(old);
      freeNow(content);
    }
    return plain;
  }

  #unseal(number: number, sealed: Uint8Array, isLast: boolean): Uint8Array | null {
    if (sealed.length < TAG_BYTES) return null;
    return aead().open(this.#payload.streamKey, chunkNonce(number, isLast), sealed);
  }
}
