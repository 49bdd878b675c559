import { createHash } from 'node:crypto';
import { closeSync, fdatasync, fsyncSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { onTarget } from './faults.ts';

/** Write-back is started each time this much is waiting, so that the last fsync is short. */
const FLUSH_EVERY = 64 << 20;

/**
 * A file that is written from start to end and hashed on the way. It is made new and never follows a link that somebody
 * put there. System errors become {@link ArchiveFault}s of the target.
 */
export class OutputFile {
  readonly path: string;
  readonly #dir: string;
  readonly #fd: number;
  readonly #hash = createHash('sha256');
  #length = 0;
  #flushed = 0;
  #flushing: Promise<void> | null = null;

  constructor(path: string) {
    this.path = path;
    this.#dir = dirname(path);
    this.#fd = onTarget(this.#dir, () => openSync(path, 'wx', 0o600));
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#length;
  }

  write(bytes: Uint8Array): void {
    onTarget(this.#dir, () => {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#fd, bytes, at);
    });
    this.#hash.update(bytes);
    this.#length += bytes.length;
    if (this.#length - this.#flushed >= FLUSH_EVERY && this.#flushing === null) {
      this.#flushed = this.#length;
      // An error here is not lost: the fsync at the end reports it again.
      this.#flushing = new Promise<void>((resolve) => fdatasync(this.#fd, () => resolve())).then(() => {
        this.#flushing = null;
      });
    }
  }

  /** Puts everything on the disk, closes, and tells the SHA-256 (hexadecimal) of the file. */
  async finish(): Promise<string> {
    await this.#flushing;
    onTarget(this.#dir, () => {
      fsyncSync(this.#fd);
      closeSync(this.#fd);
    });
    return this.#hash.digest('hex');
  }

  /** Closes without a word; for the way out after a failure. */
  async abandon(): Promise<void> {
    await this.#flushing;
    try {
      closeSync(this.#fd);
    } catch {
      // Closed already, or the medium is gone: the failure that led here is the one that is reported.
    }
  }
}
