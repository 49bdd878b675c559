import type { Codec } from './codec.ts';
import { FramePipe } from './frame-pipe.ts';
import type { FrameTable } from './frame-table.ts';
import type { OutputFile } from './output-file.ts';

/** Uncompressed size of a frame. */
const FRAME_BYTES = 2 << 20;

/** A file up to this size lies in one frame with its headers; a larger one begins a frame of its own. */
export const SMALL_FILE_BYTES = FRAME_BYTES / 2;

/** Frames compressed at the same time: leaves one of the pool's four threads to the rest of the process. */
const WIDTH = 3;

/** A place in the tar stream: frame number and offset in the uncompressed frame. */
export type Place = { readonly frame: number; readonly at: number };

/** Cuts the tar stream into frames. What is packed stands in a buffer that can be taken back until it is full. */
export class TarPacker {
  readonly table: FrameTable;
  readonly #pipe: FramePipe;
  readonly #free: Buffer<ArrayBuffer>[] = [];
  #buffer: Buffer<ArrayBuffer> = Buffer.allocUnsafe(FRAME_BYTES);
  #used = 0;
  #submitted: number;

  constructor(codec: Codec, out: OutputFile, table: FrameTable) {
    this.table = table;
    this.#submitted = table.count;
    this.#pipe = new FramePipe(codec, out, WIDTH, (compressed, length, sha256) => {
      table.push(compressed.length, length, sha256);
    });
  }

  /** Where the next byte will stand. */
  get place(): Place {
    return { frame: this.#submitted, at: this.#used };
  }

  /** Bytes that still fit the frame at hand. */
  get room(): number {
    return FRAME_BYTES - this.#used;
  }

  /** Begins a new frame unless `bytes` fit the one at hand. */
  async reserve(bytes: number): Promise<void> {
    if (bytes > this.room) await this.cut();
  }

  /** Begins a new frame, unless the one at hand is empty. */
  async cut(): Promise<void> {
    if (this.#used === 0) return;
    const full = this.#buffer;
    const piece = full.subarray(0, this.#used);
    this.#buffer = this.#free.pop() ?? Buffer.allocUnsafe(FRAME_BYTES);
    this.#used = 0;
    this.#submitted += 1;
    await this.#pipe.submit(piece, () => this.#free.push(full));
  }

  /** Appends bytes, over frame borders where need be. */
  async append(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      const taken = Math.min(this.room, bytes.length - at);
      this.#buffer.set(bytes.subarray(at, at + taken), this.#used);
      this.#used += taken;
      at += taken;
      if (this.room === 0) await this.cut();
    }
  }

  /** Appends zeros. */
  async zeros(count: number): Promise<void> {
    for (let left = count; left > 0; ) {
      const taken = Math.min(this.room, left);
      this.#buffer.fill(0, this.#used, this.#used + taken);
      this.#used += taken;
      left -= taken;
      if (this.room === 0) await this.cut();
    }
  }

  /** Memory of the frame at hand to read into; follow with {@link took}. At most `wanted` bytes, at least one. */
  window(wanted: number): Buffer {
    return this.#buffer.subarray(this.#used, this.#used + Math.min(wanted, this.room));
  }

  /** Says that so many bytes of the last {@link window} are now content. Call {@link cut} when {@link room} is 0. */
  took(bytes: number): void {
    this.#used += bytes;
  }

  /** Takes back what was packed since a place in the frame at hand. */
  rewind(place: Place): void {
    if (place.frame !== this.#submitted || place.at > this.#used)
      throw new Error('only the frame at hand can be taken back');
    this.#used = place.at;
  }

  /** Cuts, and waits until everything is in the file. */
  async drain(): Promise<void> {
    await this.cut();
    await this.#pipe.drain();
  }

  /** After frames were put into the file past this packer, counts them. */
  resync(): void {
    this.#submitted = this.table.count;
  }
}
