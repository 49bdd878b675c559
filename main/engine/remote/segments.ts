import {
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { type AppError, appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import type { Logger } from '../platform/logger.ts';
import { writeFileDurably } from '../storage/durable.ts';
import {
  decodeSegment,
  decodeSegmentHead,
  LONGEST_HEAD,
  type Segment,
  type SegmentBuilder,
  type SegmentHead,
} from './segment.ts';

/** A finished segment file; it never changes. */
export type SegmentFile = { readonly path: string; readonly bytes: number; readonly head: SegmentHead };

const NAME = /^\d{16}\.seg$/;
const TEMPORARY = /\.part-\d+$/;
/** Twice what is ever written; anything larger is not ours. */
const LARGEST_FILE = 256 << 20;

/** The segment files of a folder, oldest first. */
export class SegmentFolder {
  readonly #folder: string;
  readonly #logger: Logger;
  #files: readonly SegmentFile[] = [];
  #loaded: { readonly file: SegmentFile; readonly segment: Segment } | null = null;
  /** What was set aside since the start, for the operator. */
  readonly problems: AppError[] = [];

  /** Reads what the folder holds; leftovers are removed, damaged files are set aside. */
  constructor(folder: string, logger: Logger) {
    this.#folder = folder;
    this.#logger = logger;
    const found: SegmentFile[] = [];
    for (const name of readdirSync(folder).sort()) {
      const path = join(folder, name);
      if (TEMPORARY.test(name)) rmSync(path, { force: true });
      if (!NAME.test(name)) continue;
      try {
        found.push({ path, bytes: statSync(path).size, head: decodeSegmentHead(readStart(path)) });
      } catch (thrown) {
        this.#setAside(path, thrown);
      }
    }
    this.#files = found.sort((a, b) => a.head.firstRow - b.head.firstRow);
  }

  get all(): readonly SegmentFile[] {
    return this.#files;
  }

  /** The newest commit that is in a segment; 0 when there is none. */
  get lastRow(): number {
    return this.#files.at(-1)?.head.lastRow ?? 0;
  }

  get bytes(): number {
    return this.#files.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** The segment that holds the first commit after `row` that is in any. */
  after(row: number): SegmentFile | undefined {
    return this.#files.find(({ head }) => head.lastRow > row);
  }

  /** Writes a segment: when this returns ok, it is on the disk. */
  add(builder: SegmentBuilder): Result<void> {
    const path = join(this.#folder, `${String(builder.firstRow).padStart(16, '0')}.seg`);
    try {
      const content = builder.encode();
      writeFileDurably(path, content);
      const file = { path, bytes: content.length, head: decodeSegmentHead(content) };
      this.#files = [...this.#files, file];
      return ok(undefined);
    } catch (thrown) {
      return err(appError('REMOTE_QUEUE_FAILED', { why: describeThrown(thrown) }));
    }
  }

  /** The samples of a segment, or null when it turns out to be damaged; then it is set aside. */
  load(file: SegmentFile): Segment | null {
    if (this.#loaded?.file === file) return this.#loaded.segment;
    try {
      const size = statSync(file.path).size;
      if (size > LARGEST_FILE) throw new RangeError(`it has ${size} bytes`);
      const segment = decodeSegment(readFileSync(file.path));
      this.#loaded = { file, segment };
      return segment;
    } catch (thrown) {
      this.#files = this.#files.filter((one) => one !== file);
      this.#setAside(file.path, thrown);
      return null;
    }
  }

  remove(file: SegmentFile): void {
    this.#files = this.#files.filter((one) => one !== file);
    if (this.#loaded?.file === file) this.#loaded = null;
    rmSync(file.path, { force: true });
  }

  #setAside(path: string, thrown: unknown): void {
    const error = appError('REMOTE_QUEUE_DAMAGED', { file: path, why: describeThrown(thrown) });
    this.problems.push(error);
    this.#logger.log('error', error.message.en, { code: error.code });
    try {
      renameSync(path, `${path}.damaged`);
    } catch (failure) {
      this.#logger.log('warn', 'a damaged queue file could not be renamed', { why: describeThrown(failure) });
    }
  }
}

function readStart(path: string): Uint8Array {
  const handle = openSync(path, 'r');
  try {
    const start = Buffer.alloc(LONGEST_HEAD);
    return start.subarray(0, readSync(handle, start));
  } finally {
    closeSync(handle);
  }
}
