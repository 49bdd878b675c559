import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { syncFolder } from '../../storage/durable.ts';

/** A segment is left for the next one when it has so many bytes. */
export const SEGMENT_BYTES = 16 * 1024 * 1024;
/** The last segment of somebody who is silent is removed when it is stored and so old; nobody has it open any more then. */
const IDLE_REMOVE_MS = 60 * 60_000;
const SEGMENT = /^seg-(\d{15})\.log$/;

/** The segments of a spool folder, oldest first, by number. */
function segmentsIn(folder: string): readonly { readonly path: string; readonly number: number }[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .flatMap((name) => {
      const match = SEGMENT.exec(name);
      return match === null ? [] : [{ path: join(folder, name), number: Number(match[1]) }];
    })
    .sort((a, b) => a.number - b.number);
}

/** The path of a segment. */
export function segmentPath(folder: string, number: number): string {
  return join(folder, `seg-${String(number).padStart(15, '0')}.log`);
}

/** A path as a pattern that means just this path, whatever characters its names have. */
export function literalPath(path: string): string {
  return path.replace(/[*?[{]/g, (char) => `[${char}]`);
}

/** What a source's path looks like that means just the segments of this folder. */
export function segmentsGlob(folder: string): string {
  return join(literalPath(folder), 'seg-*.log');
}

/**
 * An append-only file in segments, in which what comes from elsewhere waits until the ordinary reading of log files has
 * stored it. A line that was written whole survives a kill; a write that failed is taken back, so that no half line stays.
 */
export class Spool {
  readonly #folder: string;
  #handle: number | null = null;
  #size = 0;
  #dirty = false;
  /** When something was last written, by the caller's clock. */
  usedAt = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Appends whole lines. Throws what the system says when they cannot be written; nothing of them is kept then. */
  append(lines: Buffer, nowMs: number): void {
    if (this.#handle !== null && this.#size >= SEGMENT_BYTES) this.close();
    const handle = this.#handle ?? this.#begin();
    try {
      for (let done = 0; done < lines.length; ) done += writeSync(handle, lines, done, lines.length - done);
    } catch (thrown) {
      ftruncateSync(handle, this.#size);
      throw thrown;
    }
    this.#size += lines.length;
    this.#dirty = true;
    this.usedAt = nowMs;
  }

  /** Brings what was written to the disk. */
  sync(): void {
    if (this.#handle === null || !this.#dirty) return;
    fdatasyncSync(this.#handle);
    this.#dirty = false;
  }

  /** The next append begins a new segment: one that was closed is never written again, so that it may be removed. */
  close(): void {
    if (this.#handle === null) return;
    this.sync();
    closeSync(this.#handle);
    this.#handle = null;
  }

  #begin(): number {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const last = segmentsIn(this.#folder).at(-1);
    if (last !== undefined) endLastLine(last.path);
    const path = segmentPath(this.#folder, (last?.number ?? 0) + 1);
    this.#handle = openSync(path, 'ax', 0o600);
    this.#size = 0;
    syncFolder(this.#folder);
    return this.#handle;
  }
}

/** A line that a kill cut in two is ended, so that it is read. */
function endLastLine(path: string): void {
  const handle = openSync(path, 'r+');
  try {
    const { size } = fstatSync(handle);
    const last = Buffer.alloc(1);
    if (size === 0 || readSync(handle, last, 0, 1, size - 1) === 0 || last[0] === 10) return;
    writeSync(handle, '\n', size);
  } finally {
    closeSync(handle);
  }
}

/**
 * Removes segments that are stored to their end: all but the last, which may still be written, unless it is old.
 *
 * @param storedTo how far a file is stored; undefined when it is not known
 * @returns how many bytes wait to be stored
 */
export function trimSpool(
  folder: string,
  storedTo: (path: string) => number | undefined,
  nowMs: number,
): number {
  const segments = segmentsIn(folder);
  let waiting = 0;
  for (const [index, { path }] of segments.entries()) {
    const { size, mtimeMs } = statSync(path);
    const stored = storedTo(path) ?? 0;
    waiting += Math.max(0, size - stored);
    const isLast = index === segments.length - 1;
    if (stored >= size && size > 0 && (!isLast || nowMs - mtimeMs > IDLE_REMOVE_MS)) unlinkSync(path);
  }
  return waiting;
}
