import { createHash } from 'node:crypto';
import { closeSync, fdatasync, fsyncSync, openSync, readSync, write } from 'node:fs';
import { dirname } from 'node:path';
import type { FileSecret } from './crypto/age-head.ts';
import { CHUNK_BYTES } from './crypto/chunk-cipher.ts';
import { ChunkReader } from './crypto/chunk-reader.ts';
import { ChunkWriter } from './crypto/chunk-writer.ts';
import { onTarget } from './faults.ts';

/** Write-back is started each time this much is waiting, so that the last fsync is short and reading back can follow. */
const FLUSH_EVERY = 32 << 20;

/**
 * A file that is written from start to end and hashed on the way, encrypted when it is given a secret. It is made new and
 * never follows a link that somebody put there. System errors become {@link ArchiveFault}s of the target.
 *
 * What callers write, and the offsets they ask for, are plain; the hash is of the bytes on the disk.
 */
export class OutputFile {
  readonly path: string;
  readonly #dir: string;
  readonly #fd: number;
  readonly #hash = createHash('sha256');
  readonly #chunks: ChunkWriter | null;
  readonly #onDisk: (plain: number) => void;
  #length = 0;
  #stored = 0;
  #flushed = 0;
  #flushing: Promise<void> | null = null;
  /** The write that is under way; it never rejects. */
  #writing: Promise<void> = Promise.resolve();
  #failure: { readonly thrown: unknown } | null = null;

  /** @param onDisk hears now and then how many plain bytes are on the disk and can be read back */
  constructor(
    path: string,
    secret: FileSecret | null = null,
    onDisk: (plain: number) => void = () => undefined,
  ) {
    this.path = path;
    this.#onDisk = onDisk;
    this.#dir = dirname(path);
    this.#fd = onTarget(this.#dir, () => openSync(path, 'wx+', 0o600));
    this.#chunks = secret === null ? null : new ChunkWriter(secret);
    if (secret !== null) this.#begin(secret.head);
  }

  /** Plain bytes written so far. */
  get length(): number {
    return this.#length;
  }

  /** Bytes in the file so far; all of them after {@link finish}. */
  get stored(): number {
    return this.#stored;
  }

  /** What opens the file, or null when it is not encrypted. */
  get secret(): FileSecret | null {
    return this.#chunks?.secret ?? null;
  }

  /**
   * Appends bytes, which may be used again when this resolves. Encrypted ones are still on their way to the file then, so that
   * the next are made meanwhile; a failure is told by the call after it.
   */
  async write(bytes: Uint8Array): Promise<void> {
    await this.#settled();
    this.#length += bytes.length;
    if (this.#chunks === null) {
      this.#begin(bytes);
      await this.#settled();
    } else this.#begin(this.#chunks.push(bytes));
  }

  /** Reads back plain bytes that were written before; all of them must have been. */
  async read(offset: number, size: number): Promise<Buffer> {
    await this.#settled();
    const chunks = this.#chunks;
    if (chunks === null) return this.#readStored(offset, size);
    const sealed = chunks.chunks * CHUNK_BYTES;
    const reader = new ChunkReader({
      file: this.path,
      streamKey: chunks.secret.streamKey,
      start: chunks.secret.head.length,
      end: this.#stored,
      read: async (at, length) => this.#readStored(at, length),
    });
    const waiting = chunks.waiting.subarray(
      Math.max(0, offset - sealed),
      Math.max(0, offset + size - sealed),
    );
    return Buffer.concat([await reader.read(offset, size), waiting]);
  }

  #readStored(offset: number, size: number): Buffer<ArrayBuffer> {
    const bytes = Buffer.allocUnsafe(size);
    for (let filled = 0; filled < size; ) {
      const read = onTarget(this.#dir, () =>
        readSync(this.#fd, bytes, filled, size - filled, offset + filled),
      );
      if (read === 0) throw new Error(`${this.path} is shorter than what was written to it`);
      filled += read;
    }
    return bytes;
  }

  /** Waits until nothing is being written; throws why the last write failed. */
  async #settled(): Promise<void> {
    await this.#writing;
    const failure = this.#failure;
    if (failure !== null)
      onTarget(this.#dir, () => {
        throw failure.thrown;
      });
  }

  /** Begins to write bytes at the end. Only one write is under way at a time, and nobody changes its bytes. */
  #begin(bytes: Uint8Array): void {
    // Hashed here while a thread of the pool writes them.
    const written = this.#writeAll(bytes, this.#stored);
    this.#hash.update(bytes);
    this.#stored += bytes.length;
    // Plain bytes are counted when all of them are stored, so these are at most as many as are in the file.
    const plain = this.#chunks === null ? this.#length : this.#chunks.chunks * CHUNK_BYTES;
    this.#writing = written.then(
      () => this.#flushIfDue(plain),
      (thrown: unknown) => {
        this.#failure = { thrown };
      },
    );
  }

  /** Writes at a place, because reading back must not move it. */
  async #writeAll(bytes: Uint8Array, offset: number): Promise<void> {
    for (let at = 0; at < bytes.length; )
      at += await new Promise<number>((resolve, reject) => {
        write(this.#fd, bytes, at, bytes.length - at, offset + at, (error, count) => {
          if (error) reject(error);
          else resolve(count);
        });
      });
  }

  #flushIfDue(plain: number): void {
    if (this.#stored - this.#flushed < FLUSH_EVERY || this.#flushing !== null) return;
    this.#flushed = this.#stored;
    this.#flushing = new Promise<boolean>((resolve) => {
      // An error here is not lost: the fsync at the end reports it again.
      fdatasync(this.#fd, (error) => resolve(error === null));
    }).then((isOnDisk) => {
      this.#flushing = null;
      if (isOnDisk) this.#onDisk(plain);
    });
  }

  /** Puts everything on the disk, closes, and tells the SHA-256 (hexadecimal) of the file. */
  async finish(): Promise<string> {
    await this.#settled();
    if (this.#chunks !== null) {
      this.#begin(this.#chunks.end());
      await this.#settled();
    }
    await this.#flushing;
    onTarget(this.#dir, () => {
      fsyncSync(this.#fd);
      closeSync(this.#fd);
    });
    return this.#hash.digest('hex');
  }

  /** Closes without a word; for the way out after a failure. */
  async abandon(): Promise<void> {
    await this.#writing;
    await this.#flushing;
    try {
      closeSync(this.#fd);
    } catch {
      // Closed already, or the medium is gone: the failure that led here is the one that is reported.
    }
  }
}
