import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { syncFolder, writeFileDurably } from '../../storage/durable.ts';
import { SEGMENT_BYTES, segmentPath } from './spool.ts';

/** What identifies a remote file, and where its copy stands; the copy's last segment says how far it goes. */
const stateSchema = z.object({
  /** Where it was last seen. */
  path: z.string(),
  /** The path under which it was first met; rotated names are forms of it. */
  base: z.string(),
  /** Its first up to 1024 bytes, base64. */
  head: z.string(),
  /** Offset in the remote file at which the last segment begins, and the up to 256 bytes before it. */
  from: z.int().min(0),
  before: z.string(),
  mtimeMs: z.number(),
  /** Its length, when it is fetched whole and nobody writes it any more; a line end of ours may stand behind it here. */
  end: z.int().nullable(),
});
type MirrorState = z.output<typeof stateSchema>;

const TAIL_BYTES = 256;
const HEAD_BYTES = 1024;
const LF = 10;

/**
 * The local copy of a remote file, in segments that the ordinary reading follows. The copy is its own position: how far
 * the remote file is fetched follows from the size of the last segment, so no crash can make the two disagree.
 */
export class Mirror {
  readonly folder: string;
  #state: MirrorState;

  private constructor(folder: string, state: MirrorState) {
    this.folder = folder;
    this.#state = state;
  }

  /** Begins the copy of a file at an offset. */
  static create(
    folder: string,
    file: {
      readonly path: string;
      readonly head: Buffer;
      readonly from: number;
      readonly before: Buffer;
      readonly mtimeMs: number;
    },
  ): Mirror {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const mirror = new Mirror(folder, {
      path: file.path,
      base: file.path,
      head: file.head.toString('base64'),
      from: file.from,
      before: file.before.toString('base64'),
      mtimeMs: file.mtimeMs,
      end: null,
    });
    mirror.#save();
    return mirror;
  }

  /** The copies in a source's folder. One whose state cannot be read is left alone; its file is fetched anew. */
  static open(folder: string): readonly Mirror[] {
    if (!existsSync(folder)) return [];
    return readdirSync(folder).flatMap((name) => {
      const file = join(folder, name, 'state.json');
      if (!existsSync(file)) return [];
      try {
        const mirror = new Mirror(
          join(folder, name),
          stateSchema.parse(JSON.parse(readFileSync(file, 'utf8'))),
        );
        mirror.#endLine();
        return [mirror];
      } catch {
        // Damaged by something else than us: states are written whole or not at all.
        return [];
      }
    });
  }

  get path(): string {
    return this.#state.path;
  }

  /** The path under which the file was first met. */
  get base(): string {
    return this.#state.base;
  }

  get head(): Buffer {
    return Buffer.from(this.#state.head, 'base64');
  }

  get mtimeMs(): number {
    return this.#state.mtimeMs;
  }

  get isEnded(): boolean {
    return this.#state.end !== null;
  }

  get #segment(): string {
    return segmentPath(this.folder, this.#state.from);
  }

  #segmentSize(): number {
    if (!existsSync(this.#segment)) return 0;
    const handle = openSync(this.#segment, 'r');
    try {
      return fstatSync(handle).size;
    } finally {
      closeSync(handle);
    }
  }

  /** The first byte of the remote file that is not here yet. */
  get offset(): number {
    return this.#state.end ?? this.#state.from + this.#segmentSize();
  }

  /** The up to 256 bytes before {@link offset}. */
  tail(): Buffer {
    const { before, from } = this.#state;
    const size = this.offset - from;
    if (size <= 0) return Buffer.from(before, 'base64');
    const handle = openSync(this.#segment, 'r');
    try {
      const length = Math.min(TAIL_BYTES, size);
      const bytes = Buffer.alloc(length);
      readSync(handle, bytes, 0, length, size - length);
      return length === TAIL_BYTES
        ? bytes
        : Buffer.concat([Buffer.from(before, 'base64'), bytes]).subarray(-TAIL_BYTES);
    } finally {
      closeSync(handle);
    }
  }

  /** Appends what was read at {@link offset} and brings it to the disk. */
  append(bytes: Buffer, mtimeMs: number): void {
    const handle = openSync(this.#segment, 'a', 0o600);
    const isNew = fstatSync(handle).size === 0;
    try {
      for (let done = 0; done < bytes.length; ) done += writeSync(handle, bytes, done, bytes.length - done);
      fdatasyncSync(handle);
    } finally {
      closeSync(handle);
    }
    if (isNew) syncFolder(this.folder);
    const size = this.#segmentSize();
    const endsLine = bytes.at(-1) === LF || (bytes.at(-1) === 0 && bytes.at(-2) === LF);
    this.#state = { ...this.#state, mtimeMs };
    // A line that never ends must not grow one segment for ever.
    if (size < SEGMENT_BYTES || (!endsLine && size < 4 * SEGMENT_BYTES)) return;
    const before = this.tail().toString('base64');
    this.#state = { ...this.#state, from: this.#state.from + size, before };
    this.#save();
  }

  /** Notes more of the beginning of a file that was short when it was met. */
  learnHead(head: Buffer): void {
    const known = this.head;
    if (known.length >= HEAD_BYTES || head.length <= known.length) return;
    this.#state = {
      ...this.#state,
      head: head.subarray(0, Math.min(HEAD_BYTES, this.offset)).toString('base64'),
    };
    this.#save();
  }

  /** Notes where the file is now and when it was last written. */
  note(path: string, mtimeMs: number): void {
    this.#state = { ...this.#state, path, mtimeMs };
    this.#save();
  }

  /** Nobody writes the file any more: an unfinished last line becomes one. */
  finish(): void {
    if (this.#state.end !== null) return;
    this.#state = { ...this.#state, end: this.offset };
    this.#save();
    this.#endLine();
  }

  /** Keeps of a file that is over only what it is known by, so that its segments may go. */
  compact(): void {
    const { end, from } = this.#state;
    if (end === null || end === from) return;
    this.#state = { ...this.#state, before: this.tail().toString('base64'), from: end };
    this.#save();
  }

  /** Takes the copy away for good. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Ends the last line of a file that is over; done again after a crash in between. */
  #endLine(): void {
    const { end, from } = this.#state;
    if (end === null || end === from || this.#segmentSize() !== end - from) return;
    const last = this.tail().at(-1);
    if (last === LF || last === 0) return;
    const handle = openSync(this.#segment, 'a', 0o600);
    try {
      writeSync(handle, '\n');
      fdatasyncSync(handle);
    } finally {
      closeSync(handle);
    }
  }

  #save(): void {
    writeFileDurably(join(this.folder, 'state.json'), JSON.stringify(this.#state));
  }
}
