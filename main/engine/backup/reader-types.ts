import type { AppError } from '#shared/errors/index.ts';
import type { EndLine, EntryLine, GoneLine, HeaderLine, SkipLine } from './manifest.ts';

/**
 * What reading an archive throws when the archive is at fault (damaged, truncated, unreadable medium). It carries the
 * value that the operator reads; every other exception is a bug.
 */
export class ArchiveFault extends Error {
  readonly error: AppError;
  /** Number of the damaged frame, or null when the fault is not in a numbered frame. */
  readonly frame: number | null;

  constructor(error: AppError, frame: number | null = null) {
    super(`${error.code}: ${error.message.en}`);
    this.error = error;
    this.frame = frame;
  }
}

/** Finds the archives that one builds on by their ids; null for one that is not of its chain. */
export type ReaderOf = (id: string) => Pick<ArchiveReader, 'readSpan'> | null;

/**
 * An open archive. Paths are inside the archive, without a leading slash; they are *not* safe to write to before
 * {@link EntryHazard} checks (hazards.ts) said so.
 *
 * May be used from any thread; one reader serves one consumer at a time per iterator, and several iterators may be open.
 */
export type ArchiveReader = {
  readonly path: string;
  readonly header: HeaderLine;
  readonly end: EndLine;
  /** SHA-256 of the manifest text, hexadecimal: what the catalogue and children in a chain know the archive by. */
  readonly manifestSha256: string;
  /** Entries in archive order (a folder before its contents). Throws {@link ArchiveFault}. */
  readonly entries: () => AsyncIterable<EntryLine>;
  /** Paths that existed in the parent and do not any more, with all below them. Throws {@link ArchiveFault}. */
  readonly gone: () => AsyncIterable<GoneLine>;
  /** What the run could not keep. */
  readonly skipped: () => AsyncIterable<SkipLine>;
  /**
   * The content of a `file` entry, or of the file that a `hardlink` entry names, in pieces of at most one frame; only the
   * frames needed are read, and each frame's hash is checked before it is decompressed. At the end the SHA-256 of the
   * content is compared with the entry's. Throws {@link ArchiveFault}: then nothing of what was yielded counts.
   *
   * @param others the archives that this one builds on, for content of which a part lies there
   */
  readonly readFile: (entry: EntryLine, others?: ReaderOf) => AsyncIterable<Uint8Array>;
  /** The bytes from a place of the tar stream on; only the frames are checked. Throws {@link ArchiveFault}. */
  readonly readSpan: (span: {
    readonly frame: number;
    readonly at: number;
    readonly size: number;
  }) => AsyncIterable<Uint8Array>;
  /** Lets go of the frames that are kept in memory; they are read again when asked for. */
  readonly release: () => void;
  readonly close: () => Promise<void>;
};
