import type { FrameLine } from './manifest.ts';

/** One frame before the tail. Offsets and lengths in bytes. */
export type Frame = {
  readonly n: number;
  readonly offset: number;
  readonly size: number;
  readonly tar: number;
  readonly length: number;
  readonly sha256: Buffer;
};

/** The frames of an archive in order, 64 bytes each: an archive of 1 TB has half a million. */
export class FrameTable {
  readonly #numbers: number[] = [];
  #hashes = Buffer.alloc(32 * 64);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Where the next frame begins: in the archive, and in the tar stream. */
  get end(): { readonly offset: number; readonly tar: number } {
    if (this.#count === 0) return { offset: 0, tar: 0 };
    const last = this.at(this.#count - 1);
    return { offset: last.offset + last.size, tar: last.tar + last.length };
  }

  /** Appends the next frame. */
  push(size: number, length: number, sha256: Uint8Array): void {
    const { offset, tar } = this.end;
    if (this.#hashes.length < (this.#count + 1) * 32)
      this.#hashes = Buffer.concat([this.#hashes, Buffer.alloc(this.#hashes.length)]);
    this.#hashes.set(sha256, this.#count * 32);
    this.#numbers.push(offset, size, tar, length);
    this.#count += 1;
  }

  /** A frame by number. Throws RangeError past the end. */
  at(n: number): Frame {
    const base = n * 4;
    const [offset, size, tar, length] = this.#numbers.slice(base, base + 4);
    if (offset === undefined || size === undefined || tar === undefined || length === undefined)
      throw new RangeError(`no frame ${n}`);
    return { n, offset, size, tar, length, sha256: this.#hashes.subarray(n * 32, n * 32 + 32) };
  }

  /** Number of the frame that holds a byte of the tar stream; the byte must not lie behind the last. */
  holding(tar: number): number {
    let low = 0;
    let high = this.#count - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#numbers[middle * 4 + 2] ?? 0) <= tar) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** A frame as its manifest line. */
  line(n: number): FrameLine {
    const { sha256, ...rest } = this.at(n);
    return { k: 'frame', ...rest, sha256: sha256.toString('hex') };
  }
}
