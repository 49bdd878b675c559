import type { RestorePoint } from '#shared/contract/backup.ts';
import type { AppError, Bilingual, Result } from '#shared/errors/index.ts';
import type { RawPath } from '../platform/raw-path.ts';

/** One thing in a restore point, as the archive describes it. */
export type PointEntry = {
  readonly type: 'file' | 'directory' | 'symlink' | 'hardlink' | 'fifo' | 'socket' | 'device';
  readonly path: RawPath;
  readonly size: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Seconds since 1970 UTC with nine decimals. */
  readonly mtime: string;
  readonly sha256?: string | undefined;
  /** Target of a symlink, or the earlier entry that a hard link names. */
  readonly link?: RawPath | undefined;
  /** Where its content begins, for the reader that gave the entry. */
  readonly frame?: number | undefined;
  readonly at?: number | undefined;
  /** Which archive of the point's chain holds it, for the reader that gave the entry. */
  readonly origin?: number | undefined;
  /** Why this entry must not be written (docs/archive-format.md, section 7), or null when it is safe. */
  readonly hazard: Bilingual | null;
};

/** An open restore point. Iterating may throw an error that carries an `error: AppError` when the archive is at fault. */
export type PointReader = {
  /** Absolute source paths of the plan; what lies above them belongs to the system, not to the archive. */
  readonly sources: readonly string[];
  /** Entries in archive order, a folder before its contents. */
  readonly entries: () => AsyncIterable<PointEntry>;
  /** Content of a file or hard link; it ends normally only when its SHA-256 was right. */
  readonly readFile: (entry: PointEntry) => AsyncIterable<Uint8Array>;
  readonly close: () => Promise<void>;
};

/** Which archive: where it is, and the hash of its manifest that the catalogue knows it by. */
export type ArchiveRef = { readonly archivePath: string; readonly manifestSha256: string };

/**
 * Opens a point, inside the worker thread: the archives of its chain, the full first. One that is not the catalogued one is
 * refused.
 */
export type OpenPoint = (archives: readonly ArchiveRef[]) => Promise<Result<PointReader>>;

/** What the restore area asks of the catalogue, in the engine's thread. */
export type PointCatalogue = {
  readonly find: (pointId: string) => Result<RestorePoint>;
  /** The archives that the point is restored from, the full first; a failure says what can be restored instead. */
  readonly chain: (pointId: string) => Result<readonly ArchiveRef[]>;
  readonly rtoMs: (plan: string) => number | null;
};

/** The failure that an exception from a reader carries, or null when it is a bug. */
export function carriedError(thrown: unknown): AppError | null {
  const error = (thrown as { readonly error?: unknown } | null)?.error;
  return typeof error === 'object' && error !== null && 'code' in error && 'message' in error
    ? (error as AppError)
    : null;
}
