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
  /** Names of the owner where the backup was made; null when unknown. */
  readonly user?: string | null | undefined;
  readonly group?: string | null | undefined;
  /** Seconds since 1970 UTC with nine decimals. */
  readonly mtime: string;
  readonly sha256?: string | undefined;
  /** Target of a symlink, or the earlier entry that a hard link names. */
  readonly link?: RawPath | undefined;
  /** Where its content begins, for the reader that gave the entry. */
  readonly frame?: number | undefined;
  readonly at?: number | undefined;
  /** Where the parts of a large file's content are, for the reader that gave the entry. */
  readonly extents?:
    | ({ archive?: string | undefined; frame: number; at: number; size: number } | { hole: number })[]
    | undefined;
  /** Bytes that a sparse file had on the disk of the source. */
  readonly allocated?: number | undefined;
  /** Extended attributes by name, in base64. */
  readonly xattrs?: Record<string, string> | undefined;
  /** Which archive of the point's chain holds it, for the reader that gave the entry. */
  readonly origin?: number | undefined;
  /** Of an undo: the safety copy that holds the content, and whether it is the very file of that time. */
  readonly kept?: { readonly file: string; readonly how: 'link' | 'copy' } | undefined;
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
  /** Says that the entry could not be read; true when it is now read from another copy, so that trying again makes sense. */
  readonly otherCopy?: (entry: PointEntry) => Promise<boolean>;
  /** True when what is read from is not there any more: a medium was pulled. */
  readonly isGone?: () => Promise<boolean>;
  /** Puts the very file that an entry stands for under a name; false when its content has to be written instead. */
  readonly placeItself?: (entry: PointEntry, name: RawPath) => Promise<boolean>;
  /** Gives a file that was written under a name what is kept of it besides the content. */
  readonly finishFile?: (entry: PointEntry, name: RawPath) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Which archive: where it is, and the hash of its manifest that the catalogue knows it by. */
export type ArchiveRef = {
  readonly archivePath: string;
  readonly manifestSha256: string;
  /** Other places where the same archive is, the best first. */
  readonly copies?: readonly string[] | undefined;
};

/** What opens encrypted archives; it is passed on to the thread and never stored. */
export type PointKey = { readonly identities: readonly string[] };

/**
 * Opens a point, inside the worker thread: the archives of its chain, the full first. One that is not the catalogued one is
 * refused.
 */
export type OpenPoint = (
  archives: readonly ArchiveRef[],
  key?: PointKey | null,
) => Promise<Result<PointReader>>;

/** What the restore area asks of the catalogue, in the engine's thread. */
export type PointCatalogue = {
  readonly find: (pointId: string) => Result<RestorePoint>;
  /** The archives that the point is restored from, the full first; a failure says what can be restored instead. */
  readonly chain: (pointId: string) => Result<readonly ArchiveRef[]>;
  readonly rtoMs: (plan: string) => number | null;
  /** What the plan backs up: the original places; empty when the plan is gone. */
  readonly sources: (plan: string) => readonly string[];
  readonly rpoMs: (plan: string) => number | null;
  /** Folders of archives of the plan that only lead to what it fetches from hosts: what they are there nobody knows. */
  readonly leading: (plan: string) => readonly RawPath[];
  /** What opens the point in a thread: identities that are unlocked now; null when it needs none. */
  readonly key: (pointId: string) => PointKey | null;
  /** Whether the point is encrypted, and why it cannot be opened now. */
  readonly lock: (pointId: string) => { readonly isEncrypted: boolean; readonly key: AppError | null };
};

/** What the restore area asks of the hosts area: how each host stands now. */
export type HostStates = () => readonly {
  readonly name: string;
  readonly state: string;
  readonly since: number | null;
}[];

/** The failure that an exception from a reader carries, or null when it is a bug. */
export function carriedError(thrown: unknown): AppError | null {
  const error = (thrown as { readonly error?: unknown } | null)?.error;
  return typeof error === 'object' && error !== null && 'code' in error && 'message' in error
    ? (error as AppError)
    : null;
}
