import type { Result } from '#shared/errors/index.ts';

/** What a path on a host is. Sizes in bytes, times in milliseconds (SFTP version 3 has whole seconds). */
export type RemoteFacts = {
  readonly type: 'file' | 'directory' | 'symlink' | 'other';
  readonly size: number;
  /** Permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtimeMs: number;
};

/** A name in a folder of a host. */
export type RemoteName = RemoteFacts & { readonly name: string };

/** The files of a host, as a connection gives them. */
export type RemoteFiles = {
  readonly list: (dir: string) => Promise<Result<readonly RemoteName[]>>;
  /** Does not follow a link at the end of the path. */
  readonly stat: (path: string) => Promise<Result<RemoteFacts>>;
  readonly readLink: (path: string) => Promise<Result<string>>;
  readonly open: (path: string) => Promise<
    Result<{
      readonly stat: () => Promise<Result<RemoteFacts>>;
      /** Up to `length` bytes at an offset; fewer at the end of the file. */
      readonly read: (offset: number, length: number) => Promise<Result<Buffer>>;
      readonly close: () => Promise<void>;
    }>
  >;
};

/** Does something with the files of the host behind a login; the connection is given back afterwards. */
export type WithRemoteFiles = <T>(
  loginId: string,
  signal: AbortSignal,
  use: (files: RemoteFiles) => Promise<Result<T>>,
) => Promise<Result<T>>;
