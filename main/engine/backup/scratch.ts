/** Buffers that are kept: more are only in use when more is read at the same time. */
const KEPT = 4;
const STEP = 256 << 10;

/**
 * Buffers that are used over and over for what is only passed through. A new one for each read made the collector of garbage
 * look at everything after each 64 MiB.
 */
export class Scratch {
  readonly #idle: Buffer[] = [];

  /** Lends a buffer of exactly `size` bytes with anything in it; it must not be used when `work` has ended. */
  async lend<T>(size: number, work: (buffer: Buffer) => Promise<T>): Promise<T> {
    let buffer = this.#idle.pop();
    if (buffer === undefined || buffer.length < size)
      buffer = Buffer.allocUnsafeSlow(Math.ceil(size / STEP) * STEP);
    try {
      return await work(buffer.subarray(0, size));
    } finally {
      if (this.#idle.length < KEPT) this.#idle.push(buffer);
    }
  }

  /** Forgets what is kept. */
  release(): void {
    this.#idle.length = 0;
  }
}
