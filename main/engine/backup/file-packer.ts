import { createHash } from 'node:crypto';
import { type BigIntStats, closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import type { AppError } from '#shared/errors/index.ts';
import { appError } from '#shared/errors/index.ts';
import { fsPath, type RawPath } from '../platform/raw-path.ts';
import { BlockPrints, EXTENTS_FROM } from './extents/block-prints.ts';
import { sourceError } from './faults.ts';
import { padding } from './tar-header.ts';
import { type Place, SMALL_FILE_BYTES, type TarPacker } from './tar-packer.ts';

/** A regular file that was packed. */
export type PackedFile = {
  readonly ok: true;
  /** What the opened file was when its headers were written. */
  readonly stats: BigIntStats;
  /** Where its content begins; null when it has none. */
  readonly place: Place | null;
  readonly sha256: string;
  /** Fingerprints of its blocks, when it is large enough to be stored in pieces at a later run; else null. */
  readonly prints: Buffer | null;
  /** True when it changed each time it was read. */
  readonly changed: boolean;
};

/** A file that could not be packed; nothing of it counts. */
export type UnpackedFile = { readonly ok: false; readonly error: AppError };

/** How often a file is read before a changing one is taken as it is. */
const ATTEMPTS = 3;

/** A larger file that only grew is not read again: what was there when it was opened is stored whole. */
export const GROWN_IS_FINE_FROM = 64n << 20n;

/** Called while a large file is read: lets the run report, pause and cancel. */
export type Breath = (bytes: number) => Promise<void>;

/** True when nothing tells that a file changed in between. */
export const sameContent = (a: BigIntStats, b: BigIntStats): boolean =>
  a.size === b.size && a.mtimeNs === b.mtimeNs && a.ctimeNs === b.ctimeNs;

/**
 * Opens a file that the walk saw. Its name may have become a link or a FIFO since: neither is followed or waited for. Throws
 * the system's error.
 */
export function openSource(real: RawPath): number {
  return openSync(
    fsPath(real),
    constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0),
  );
}

/**
 * Packs the content of regular files, noticing those that change while they are read (docs/archive-format.md §5).
 */
export class FilePacker {
  readonly #packer: TarPacker;
  readonly #breath: Breath;
  readonly #printKey: Buffer;

  /** @param printKey key of the fingerprints of large files' blocks, 32 bytes */
  constructor(packer: TarPacker, breath: Breath, printKey: Buffer) {
    this.#packer = packer;
    this.#breath = breath;
    this.#printKey = printKey;
  }

  /**
   * @param real path on this machine
   * @param seen what the walk saw there; something else in its place is not followed
   * @param headers makes the tar headers for the file as it was when opened
   */
  async pack(
    real: RawPath,
    seen: BigIntStats,
    headers: (stats: BigIntStats) => Buffer,
  ): Promise<PackedFile | UnpackedFile> {
    let fd: number;
    try {
      fd = openSource(real);
    } catch (thrown) {
      return { ok: false, error: sourceError(thrown) };
    }
    try {
      // What the walk saw counts as "before": one call less for each file, and a change since then is noticed too.
      let before = seen;
      for (let attempt = 1; ; attempt += 1) {
        const packed =
          before.size <= BigInt(SMALL_FILE_BYTES)
            ? await this.#small(fd, before, headers(before))
            : await this.#large(fd, before, headers(before));
        const after = fstatSync(fd, { bigint: true });
        if (!after.isFile() || after.dev !== seen.dev || after.ino !== seen.ino) {
          this.#takeBack(packed);
          return { ok: false, error: appError('BACKUP_FILE_VANISHED') };
        }
        if (!packed.ok) return packed;
        if (!packed.short && sameContent(before, after)) return { ...packed, stats: before, changed: false };
        const onlyGrew = !packed.short && before.size >= GROWN_IS_FINE_FROM && after.size >= before.size;
        if (attempt === ATTEMPTS || onlyGrew) return { ...packed, stats: before, changed: true };
        this.#takeBack(packed);
        before = after;
      }
    } catch (thrown) {
      return { ok: false, error: sourceError(thrown) };
    } finally {
      closeSync(fd);
    }
  }

  /** Leaves no trace of a reading where that is possible. */
  #takeBack(packed: Attempt): void {
    if (packed.ok && packed.start !== null) this.#packer.rewind(packed.start);
  }

  /** Within one frame; a reading that failed is taken back, so it leaves nothing in the archive. */
  async #small(fd: number, stats: BigIntStats, headers: Buffer): Promise<Attempt> {
    const size = Number(stats.size);
    await this.#packer.reserve(headers.length + size + padding(size));
    const start = this.#packer.place;
    await this.#packer.append(headers);
    const place = this.#packer.place;
    const window = this.#packer.window(Math.max(1, size)).subarray(0, size);
    let filled = 0;
    try {
      while (filled < size) {
        const read = readSync(fd, window, filled, size - filled, filled);
        if (read === 0) break;
        filled += read;
      }
    } catch (thrown) {
      this.#packer.rewind(start);
      return { ok: false, error: sourceError(thrown) };
    }
    window.fill(0, filled);
    const sha256 = createHash('sha256').update(window).digest('hex');
    this.#packer.took(size);
    await this.#packer.zeros(padding(size));
    if (this.#packer.room === 0) await this.#packer.cut();
    await this.#breath(size);
    return {
      ok: true,
      start: this.#isStill(start) ? start : null,
      place: size === 0 ? null : place,
      sha256,
      prints: null,
      short: filled < size,
    };
  }

  /** The frame at hand may have been filled to the last byte and cut. */
  #isStill(start: Place): boolean {
    return this.#packer.place.frame === start.frame;
  }

  /** From a frame of its own through as many as it takes. A reading that failed stays behind as a member nobody names. */
  async #large(fd: number, stats: BigIntStats, headers: Buffer): Promise<Attempt> {
    const size = Number(stats.size);
    await this.#packer.cut();
    await this.#packer.append(headers);
    const place = this.#packer.place;
    const hash = createHash('sha256');
    const prints = size >= EXTENTS_FROM ? new BlockPrints(this.#printKey) : null;
    let filled = 0;
    let failure: AppError | null = null;
    while (filled < size) {
      const window = this.#packer.window(size - filled);
      let read = 0;
      try {
        read = readSync(fd, window, 0, window.length, filled);
      } catch (thrown) {
        failure = sourceError(thrown);
      }
      if (read === 0) break;
      const bytes = window.subarray(0, read);
      hash.update(bytes);
      prints?.update(bytes);
      this.#packer.took(read);
      filled += read;
      if (this.#packer.room === 0) await this.#packer.cut();
      await this.#breath(read);
    }
    const missing = size - filled;
    for (let left = missing; left > 0; left -= ZEROS.length)
      hash.update(ZEROS.subarray(0, Math.min(left, ZEROS.length)));
    await this.#packer.zeros(missing + padding(size));
    if (failure !== null) return { ok: false, error: failure };
    return {
      ok: true,
      start: null,
      place,
      sha256: hash.digest('hex'),
      prints: missing > 0 ? null : (prints?.end() ?? null),
      short: missing > 0,
    };
  }
}

const ZEROS = Buffer.alloc(1 << 20);

type Attempt =
  | {
      readonly ok: true;
      /** Where the frame at hand can be taken back to, or null when it cannot. */
      readonly start: Place | null;
      readonly place: Place | null;
      readonly sha256: string;
      readonly prints: Buffer | null;
      readonly short: boolean;
    }
  | UnpackedFile;
