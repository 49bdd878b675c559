import { createHash } from 'node:crypto';
import type { Codec } from './codec.ts';
import { FramePipe } from './frame-pipe.ts';
import type { OutputFile } from './output-file.ts';
import { padding } from './tar-header.ts';
import type { TailFrame } from './trailer.ts';

/** Text is cut into frames of about this many bytes. */
const CHUNK = 1 << 20;

/** A finished spool. */
export type Spooled = {
  readonly frames: readonly TailFrame[];
  /** SHA-256 of the text, hexadecimal, and its length in bytes. */
  readonly sha256: string;
  readonly length: number;
};

/**
 * A long text that is written to a file of frames while the archive is made, and whose frames then go into the archive as
 * they are: the manifest and the list of hashes of a million files never lie in memory, and are compressed once.
 *
 * With `cut: 'lines'` each frame holds whole lines. With `cut: 'blocks'` all frames but the last are a multiple of a tar
 * block, and the last is padded with zeros to one (which count for the frame and not for the text).
 */
export class Spool {
  readonly file: OutputFile;
  readonly #pipe: FramePipe;
  readonly #cut: 'lines' | 'blocks';
  readonly #frames: TailFrame[] = [];
  readonly #hash = createHash('sha256');
  #text = Buffer.allocUnsafe(CHUNK * 2);
  #used = 0;
  #length = 0;

  constructor(file: OutputFile, codec: Codec, cut: 'lines' | 'blocks') {
    this.file = file;
    this.#cut = cut;
    this.#pipe = new FramePipe(codec, this.file, 1, (compressed, length, sha256) => {
      this.#frames.push({ size: compressed.length, length, sha256 });
    });
  }

  /** True when {@link flush} is due. */
  get isDue(): boolean {
    return this.#used >= CHUNK;
  }

  /** Adds a line, with its newline. Cheap; call {@link flush} when {@link isDue}. */
  add(line: string | Buffer): void {
    const length = Buffer.byteLength(line);
    if (this.#used + length > this.#text.length) {
      const larger = Buffer.allocUnsafe((this.#text.length + length) * 2);
      this.#text.copy(larger, 0, 0, this.#used);
      this.#text = larger;
    }
    if (typeof line === 'string') this.#text.write(line, this.#used, 'utf8');
    else line.copy(this.#text, this.#used);
    this.#used += length;
    this.#length += length;
  }

  /** Makes a frame of what is due. */
  async flush(): Promise<void> {
    const cut = this.#cut === 'lines' ? this.#used : this.#used - (this.#used % CHUNK);
    if (cut === 0) return;
    const full = this.#text;
    const rest = full.subarray(cut, this.#used);
    // The frame is compressed in the background, so its memory is given away and the rest is copied.
    this.#text = Buffer.allocUnsafe(CHUNK * 2);
    rest.copy(this.#text);
    this.#used = rest.length;
    const piece = full.subarray(0, cut);
    this.#hash.update(piece);
    await this.#pipe.submit(piece);
  }

  /** Writes what is left. The file stays open, for a trailer. */
  async end(): Promise<Spooled> {
    await this.flush();
    if (this.#used > 0) {
      const rest = this.#text.subarray(0, this.#used);
      this.#hash.update(rest);
      await this.#pipe.submit(Buffer.concat([rest, Buffer.alloc(padding(rest.length))]));
    }
    await this.#pipe.drain();
    return { frames: this.#frames, sha256: this.#hash.digest('hex'), length: this.#length };
  }
}
