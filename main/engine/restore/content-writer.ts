import { ftruncateSync, writeSync } from 'node:fs';

/** What is looked at together: when all of it is zeros it is left out. */
const HOLE_BYTES = 64 << 10;
const ZEROS = Buffer.alloc(HOLE_BYTES);

/** Writes a content from its first byte on. A file that was sparse becomes sparse again: runs of zeros are left out. */
export class ContentWriter {
  readonly #fd: number;
  readonly #isSparse: boolean;
  #at = 0;

  /** @param fd a new, empty file */
  constructor(fd: number, isSparse: boolean) {
    this.#fd = fd;
    this.#isSparse = isSparse;
  }

  write(piece: Uint8Array): void {
    for (let start = 0; start < piece.length; ) {
      const border = HOLE_BYTES - (this.#at % HOLE_BYTES);
      const end = this.#isSparse ? Math.min(piece.length, start + border) : piece.length;
      const part = piece.subarray(start, end);
      if (!(this.#isSparse && ZEROS.subarray(0, part.length).equals(part)))
        for (let at = 0; at < part.length; )
          at += writeSync(this.#fd, part, at, part.length - at, this.#at + at);
      this.#at += part.length;
      start = end;
    }
  }

  /** Gives a file that ends in a hole its length. */
  end(): void {
    if (this.#isSparse) ftruncateSync(this.#fd, this.#at);
  }
}
