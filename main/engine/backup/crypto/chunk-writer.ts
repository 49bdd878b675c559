import type { FileSecret } from './age-head.ts';
import { aead, CHUNK_BYTES, chunkNonce, SEALED_BYTES, TAG_BYTES } from './chunk-cipher.ts';

/**
 * Turns plain bytes into the chunks of an age payload. The last chunk is marked, so a full one waits until more bytes or
 * the end come.
 */
export class ChunkWriter {
  readonly secret: FileSecret;
  readonly #waiting = Buffer.allocUnsafe(CHUNK_BYTES);
  #sealed = Buffer.alloc(0);
  #used = 0;
  #chunks = 0;

  constructor(secret: FileSecret) {
    this.secret = secret;
  }

  /** Chunks that were given out. */
  get chunks(): number {
    return this.#chunks;
  }

  /** Plain bytes that wait for their chunk to become full. */
  get waiting(): Buffer {
    return this.#waiting.subarray(0, this.#used);
  }

  /** The sealed chunks that these bytes complete, ready to be appended to the file; good until the next call. */
  push(bytes: Uint8Array): Buffer {
    const full = Math.max(0, Math.ceil((this.#used + bytes.length) / CHUNK_BYTES) - 1);
    const length = full * SEALED_BYTES;
    if (this.#sealed.length < length) this.#sealed = Buffer.allocUnsafe(length);
    const sealed = this.#sealed.subarray(0, length);
    let at = 0;
    for (let n = 0; n < full; n += 1) {
      const taken = CHUNK_BYTES - this.#used;
      // A whole chunk of the input is sealed where it lies.
      let plain: Uint8Array = bytes.subarray(at, at + taken);
      if (this.#used > 0) {
        this.#waiting.set(plain, this.#used);
        plain = this.#waiting;
      }
      this.#seal(plain, false, sealed.subarray(n * SEALED_BYTES));
      this.#used = 0;
      at += taken;
    }
    this.#waiting.set(bytes.subarray(at), this.#used);
    this.#used += bytes.length - at;
    return sealed;
  }

  /** The last chunk. */
  end(): Buffer {
    const sealed = Buffer.allocUnsafe(this.#used + TAG_BYTES);
    this.#seal(this.waiting, true, sealed);
    this.#used = 0;
    return sealed;
  }

  #seal(plain: Uint8Array, isLast: boolean, to: Buffer): void {
    const room = to.subarray(0, plain.length + TAG_BYTES);
    aead().seal(this.secret.streamKey, chunkNonce(this.#chunks, isLast), plain, room);
    this.#chunks += 1;
  }
}
