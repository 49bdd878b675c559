import type { Result } from '#shared/errors/index.ts';

/** What stands at a path of a host. Times in whole seconds since 1970, as SFTP tells them. */
export type HostStat = {
  readonly type: 'file' | 'directory' | 'symlink' | 'other';
  readonly size: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtimeMs: number;
};

/** What a path is given; what is left out stays. */
export type HostAttributes = {
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly mtime?: number;
};

/** A file of a host whose content is asked for, and its size as far as it is known, which tells how best to ask. */
export type HostFile = { readonly path: string; readonly size: number };

/** Room where a path lies. */
export type HostSpace = {
  readonly freeBytes: number;
  readonly isReadOnly: boolean;
  readonly device: string;
};

/**
 * A host's files as a restore needs them. Every value goes through structured clone: the thread that restores calls this, the
 * engine's thread, which holds connections and secrets, answers ({@link answerHostCalls}). Files that are open have numbers.
 *
 * Errors: SSH_REMOTE_FAILED is about the one path; any other means that the host is out of reach.
 */
export type HostPort = {
  /** Does not follow a link; its text comes along. Null where nothing stands. */
  readonly find: (path: string) => Promise<Result<(HostStat & { readonly link: string | null }) | null>>;
  /** SHA-256 of each file's content, hexadecimal; null for one that cannot be read. */
  readonly hash: (files: readonly HostFile[]) => Promise<Result<readonly (string | null)[]>>;
  readonly openToRead: (path: string) => Promise<Result<number>>;
  readonly read: (file: number, offset: number, length: number) => Promise<Result<Uint8Array>>;
  /**
   * Opens a temporary file of ours. One that a run left which was cut off is gone on with, or written over.
   *
   * @returns its number, and how much of it need not be written again
   */
  readonly create: (
    path: string,
    goOn: boolean,
  ) => Promise<Result<{ readonly file: number; readonly size: number }>>;
  readonly write: (file: number, offset: number, bytes: Uint8Array) => Promise<Result<void>>;
  /** Writes the whole of a temporary file of ours, which is on the host's disk and closed when it resolves. */
  readonly put: (path: string, bytes: Uint8Array) => Promise<Result<void>>;
  /** Gives it its length, sees to it that it is on the host's disk, and closes it. */
  readonly finish: (file: number, size: number) => Promise<Result<void>>;
  readonly close: (file: number) => Promise<Result<void>>;
  readonly makeFolder: (path: string) => Promise<Result<void>>;
  readonly makeLink: (text: string, path: string) => Promise<Result<void>>;
  readonly hardLink: (existing: string, path: string) => Promise<Result<void>>;
  /** `replace` takes the place of what stands there; otherwise that is refused. */
  readonly rename: (from: string, to: string, replace: boolean) => Promise<Result<void>>;
  /**
   * Describes a temporary file, one step after the other, and then renames it, without waiting in between.
   *
   * @returns whether all of the description was taken; when it was not, the file has its name all the same
   */
  readonly publish: (
    from: string,
    to: string,
    steps: readonly HostAttributes[],
    replace: boolean,
  ) => Promise<Result<boolean>>;
  readonly remove: (path: string) => Promise<Result<void>>;
  readonly removeFolder: (path: string) => Promise<Result<void>>;
  readonly describe: (path: string, attributes: HostAttributes, isLink: boolean) => Promise<Result<void>>;
  /** Null when the host does not tell. */
  readonly space: (path: string) => Promise<Result<HostSpace | null>>;
};

/** The login that a restore writes with. */
export type HostLogin = {
  readonly id: string;
  readonly name: string;
  readonly host: string;
  readonly user: string;
};

/** What the restore area asks of the connections to hosts. */
export type RestoreHosts = {
  readonly logins: () => readonly HostLogin[];
  /**
   * Does something with the files of a host.
   *
   * @param writes what for, in words for the audit trail; null when nothing is written
   */
  readonly use: <T>(
    loginId: string,
    writes: string | null,
    signal: AbortSignal,
    work: (port: HostPort) => Promise<Result<T>>,
  ) => Promise<Result<T>>;
};
