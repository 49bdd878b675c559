import { webcrypto } from 'node:crypto';
import type { Codec } from './codec.ts';
import type { OutputFile } from './output-file.ts';

/** Hears of each frame when it is in the file: compressed bytes, which it must not keep, uncompressed length, hash of the compressed bytes. */
export type FrameWritten = (compressed: Buffer, length: number, sha256: Buffer) => void;

type Pending = {
  readonly done: Promise<{ compressed: Buffer; sha256: Buffer }>;
  readonly length: number;
  readonly release: () => void;
};

/**
 * Compresses pieces in parallel on the thread pool and writes them in order.
 *
 * At most `width` are under way, so memory is bounded and the pool, which the whole process shares, always has a thread
 * left for others.
 */
export class FramePipe {
  readonly #codec: Codec;
  readonly #out: OutputFile;
  readonly #width: number;
  readonly #written: FrameWritten;
  readonly #pending: Pending[] = [];

  constructor(codec: Codec, out: OutputFile, width: number, written: FrameWritten) {
    this.#codec = codec;
    this.#out = out;
    this.#width = width;
    this.#written = written;
  }

  /**
   * Takes a piece; `release` is called when its memory may be used again. Waits while too many are under way.
   */
  async submit(piece: Uint8Array, release: () => void = () => undefined): Promise<void> {
    const done = this.#codec.compress(piece).then(async (compressed) => ({
      compressed,
      sha256: Buffer.from(await webcrypto.subtle.digest('SHA-256', compressed)),
    }));
    // A failure is met when this piece's turn comes; until then it must not count as unhandled.
    done.catch(() => undefined);
    this.#pending.push({ done, length: piece.length, release });
    while (this.#pending.length > this.#width) await this.#writeOldest();
  }

  /** Waits until everything submitted is in the file. */
  async drain(): Promise<void> {
    while (this.#pending.length > 0) await this.#writeOldest();
  }

  async #writeOldest(): Promise<void> {
    const oldest = this.#pending.shift();
    if (oldest === undefined) return;
    const { compressed, sha256 } = await oldest.done;
    await this.#out.write(compressed);
    oldest.release();
    this.#written(compressed, oldest.length, sha256);
    this.#codec.release(compressed);
  }
}
