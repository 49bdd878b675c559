import { createHash } from 'node:crypto';
import type { Codec } from './codec.ts';
import { FramePipe } from './frame-pipe.ts';
import { OutputFile } from './output-file.ts';
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
  #waiting: Buffer[] = [];
  #waitingLength = 0;
  #length = 0;

  constructor(path: string, codec: Codec, cut: 'lines' | 'blocks') {
    this.file = new OutputFile(path);
    this.#cut = cut;
    this.#pipe = new FramePipe(codec, this.file, 1, (compressed, length, sha256) => {
      this.#frames.push({ size: compressed.length, length, sha256 });
    });
  }

  /** True when {@link flush} is due. */
  get isDue(): boolean {
    return this.#waitingLength >= CHUNK;
  }

  /** Adds a line, with its newline. Cheap; call {@link flush} when {@link isDue}. */
  add(line: Buffer): void {
    this.#waiting.push(line);
    this.#waitingLength += line.length;
    this.#length += line.length;
    this.#hash.update(line);
  }

  async flush(): Promise<void> {
    let text = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#waitingLength = 0;
    const cut = this.#cut === 'lines' ? text.length : text.length - (text.length % CHUNK);
    for (let at = 0; at < cut; at += CHUNK * 2) {
      const end = this.#cut === 'lines' ? cut : Math.min(cut, at + CHUNK * 2);
      await this.#pipe.submit(text.subarray(at, end));
      if (this.#cut === 'lines') break;
    }
    text = text.subarray(cut);
    if (text.length > 0) {
      this.#waiting = [Buffer.from(text)];
      this.#waitingLength = text.length;
    }
  }

  /** Writes what is left. The file stays open, for a trailer. */
  async end(): Promise<Spooled> {
    await this.flush();
    if (this.#waitingLength > 0) {
      const rest = Buffer.concat(this.#waiting);
      await this.#pipe.submit(Buffer.concat([rest, Buffer.alloc((512 - (rest.length % 512)) % 512)]));
    }
    await this.#pipe.drain();
    return { frames: this.#frames, sha256: this.#hash.digest('hex'), length: this.#length };
  }
}
