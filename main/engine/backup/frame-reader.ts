import { hash } from 'node:crypto';
import { appError } from '#shared/errors/index.ts';
import type { Codec } from './codec.ts';
import type { ByteSource } from './crypto/byte-source.ts';
import type { FrameTable } from './frame-table.ts';
import { ArchiveFault } from './reader-types.ts';
import { Scratch } from './scratch.ts';

/** Unpacked frames that are kept: small files of one frame are mostly asked for one after another. */
const KEPT = 2;

/** Frames read ahead when they are asked for in order. */
const AHEAD = 2;

/** Unpacks numbered frames: each is read, its hash checked, and only then unpacked. */
export class FrameReader {
  readonly #file: string;
  readonly #codec: Codec;
  readonly #table: FrameTable;
  readonly #read: ByteSource['read'];
  readonly #scratch = new Scratch();
  readonly #cache = new Map<number, Promise<Buffer>>();
  #last = -2;

  constructor(file: string, codec: Codec, table: FrameTable, read: ByteSource['read']) {
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

  /** Forgets what is kept. */
  release(): void {
    this.#cache.clear();
    this.#scratch.release();
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
    if (n >= this.#table.count) return Promise.reject(this.#damaged(n, 'no such frame'));
    return this.#scratch.lend(this.#table.at(n).size, (into) => this.#unpack(n, into));
  }

  async #unpack(n: number, into: Buffer): Promise<Buffer> {
    const frame = this.#table.at(n);
    let bytes: Buffer;
    try {
      bytes = await this.#read(frame.offset, frame.size, into);
    } catch (thrown) {
      // A changed chunk of an encrypted archive is a damaged frame; the detail says where in the file.
      if (thrown instanceof ArchiveFault) throw this.#damaged(n, thrown.error.message.en);
      throw thrown;
    }
    if (bytes.length < frame.size) throw this.#damaged(n, `${bytes.length} of ${frame.size} bytes`);
    if (!hash('sha256', bytes, 'buffer').equals(frame.sha256)) throw this.#damaged(n, 'SHA-256 differs');
    let content: Buffer;
    try {
      content = await this.#codec.decompress(bytes, frame.length);
    } catch (thrown) {
      throw this.#damaged(n, String(thrown));
    }
    if (content.length !== frame.length)
      throw this.#damaged(n, `unpacks to ${content.length} of ${frame.length} bytes`);
    return content;
  }

  #damaged(n: number, detail: string): ArchiveFault {
    return new ArchiveFault(appError('BACKUP_FRAME_DAMAGED', { file: this.#file, frame: n }, { detail }), n);
  }
}
