import { createHash } from 'node:crypto';
import { appError } from '#shared/errors/index.ts';
import { giveBack } from '../platform/large-buffers.ts';
import type { Codec } from './codec.ts';
import type { FrameTable } from './frame-table.ts';
import { ArchiveFault } from './reader-types.ts';

/** Unpacked frames that are kept: small files of one frame are mostly asked for one after another. */
const KEPT = 2;

/** Frames read ahead when they are asked for in order. */
const AHEAD = 2;

/** Unpacks numbered frames: each is read, its hash checked, and only then unpacked. */
export class FrameReader {
  readonly #file: string;
  readonly #codec: Codec;
  readonly #table: FrameTable;
  readonly #read: (offset: number, size: number) => Promise<Buffer<ArrayBuffer>>;
  readonly #cache = new Map<number, Promise<Buffer>>();
  #last = -2;

  constructor(
    file: string,
    codec: Codec,
    table: FrameTable,
    read: (offset: number, size: number) => Promise<Buffer<ArrayBuffer>>,
  ) {
    this.#file = file;
    this.#codec = codec;
    this.#table = table;
    this.#read = read;
  }

  /** The content of a frame. Rejects with {@link ArchiveFault} when it is damaged. */
  frame(n: number): Promise<Buffer> {
    const found = this.#cached(n);
    if (n === this.#last + 1)
      for (let next = n + 1; next <= n + AHEAD && next < this.#table.count; next += 1) this.#cached(next);
    this.#last = n;
    return found;
  }

  /** Reads a frame, checks it and keeps nothing. Rejects with {@link ArchiveFault} when it is damaged. @returns its length */
  check(n: number): Promise<number> {
    return this.#unpacked(n, this.#codec.test, (length) => length);
  }

  /** Forgets what is kept. */
  release(): void {
    this.#cache.clear();
    this.#last = -2;
  }

  #cached(n: number): Promise<Buffer> {
    const known = this.#cache.get(n);
    if (known !== undefined) {
      // Put at the end, so that the one asked for longest ago goes first.
      this.#cache.delete(n);
      this.#cache.set(n, known);
      return known;
    }
    const loading = this.#load(n);
    // A frame read ahead may never be asked for; its failure is told to whoever asks.
    loading.catch(() => undefined);
    this.#cache.set(n, loading);
    for (const old of this.#cache.keys()) {
      if (this.#cache.size <= KEPT + AHEAD) break;
      this.#cache.delete(old);
    }
    return loading;
  }

  #load(n: number): Promise<Buffer> {
    return this.#unpacked(n, this.#codec.decompress, (content) => content.length);
  }

  async #unpacked<T>(
    n: number,
    unpack: (bytes: Uint8Array, length: number) => Promise<T>,
    lengthOf: (content: T) => number,
  ): Promise<T> {
    const damaged = (detail: string): ArchiveFault =>
      new ArchiveFault(appError('BACKUP_FRAME_DAMAGED', { file: this.#file, frame: n }, { detail }), n);
    if (n >= this.#table.count) throw damaged('no such frame');
    const frame = this.#table.at(n);
    let bytes: Buffer<ArrayBuffer>;
    try {
      bytes = await this.#read(frame.offset, frame.size);
    } catch (thrown) {
      // A changed chunk of an encrypted archive is a damaged frame; the detail says where in the file.
      if (thrown instanceof ArchiveFault) throw damaged(thrown.error.message.en);
      throw thrown;
    }
    if (bytes.length < frame.size) throw damaged(`${bytes.length} of ${frame.size} bytes`);
    if (!createHash('sha256').update(bytes).digest().equals(frame.sha256)) throw damaged('SHA-256 differs');
    let content: T;
    try {
      content = await unpack(bytes, frame.length);
    } catch (thrown) {
      throw damaged(String(thrown));
    }
    giveBack(bytes);
    const length = lengthOf(content);
    if (length !== frame.length) throw damaged(`unpacks to ${length} of ${frame.length} bytes`);
    return content;
  }
}
