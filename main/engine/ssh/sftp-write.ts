import type { SFTPWrapper, Stats } from 'ssh2';
import { ok, type Result } from '#shared/errors/index.ts';

/** What a path gets: any of these. Times in whole seconds since 1970. */
export type RemoteAttributes = {
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly mtime?: number;
};

/** A remote file that is open for writing. */
export type RemoteOutput = {
  /** Bytes that it has already; 0 for a new one. */
  readonly size: number;
  readonly write: (offset: number, bytes: Uint8Array) => Promise<Result<void>>;
  /**
   * Closes it when all that was written is on the host's disk, where the server can see to that (fsync@openssh.com). May be asked for
   * while pieces are under way: a server does what concerns one file in the order in which it was asked. Says nothing of those pieces.
   *
   * @param size cuts it, or lets it end in a hole; null leaves it as long as it was written
   */
  readonly finish: (size: number | null) => Promise<Result<void>>;
  readonly close: () => Promise<Result<void>>;
};

/** Room on the file system of a path. */
export type RemoteSpace = {
  readonly freeBytes: number;
  readonly isReadOnly: boolean;
  /** Tells file systems of the host apart. */
  readonly device: string;
};

/** The writing part of SFTP. Errors as those of reading. */
export type SftpWriting = {
  /** Opens a file for writing. `new` is refused where something stands; `go on` keeps what is there. */
  readonly create: (path: string, how: 'new' | 'go on') => Promise<Result<RemoteOutput>>;
  /** Refused where something stands. */
  readonly makeFolder: (path: string, mode: number) => Promise<Result<void>>;
  readonly makeLink: (text: string, path: string) => Promise<Result<void>>;
  /** A second name of a file. */
  readonly hardLink: (existing: string, path: string) => Promise<Result<void>>;
  /** `replace` takes the place of what stands at `to`, in one step; otherwise that is refused. */
  readonly rename: (from: string, to: string, replace: boolean) => Promise<Result<void>>;
  readonly remove: (path: string) => Promise<Result<void>>;
  /** Refused while something is in it. */
  readonly removeFolder: (path: string) => Promise<Result<void>>;
  /** Does not follow a symbolic link, where the server can tell it so; a link is left alone otherwise. */
  readonly describe: (path: string, attributes: RemoteAttributes, isLink: boolean) => Promise<Result<void>>;
  /** Null when the server does not tell (statvfs@openssh.com). */
  readonly space: (path: string) => Promise<Result<RemoteSpace | null>>;
};

/** Asks the channel something: as `sftp.ts` has it. */
export type AskSftp = <T>(
  what: string,
  call: (done: (thrown: Error | null | undefined, value: T) => void) => void,
) => Promise<Result<T>>;

/**
 * Every server takes so much in one packet. The library would part a larger piece, and ask for its second half only when the first
 * was answered: behind the closing of the file that was asked for meanwhile.
 */
const PIECE = 31 * 1024;
/** Read-only flag of statvfs (ST_RDONLY). */
const READ_ONLY = 1n;

type StatVfs = {
  readonly f_frsize: bigint | number;
  readonly f_bavail: bigint | number;
  readonly f_sid: bigint | number;
  readonly f_flag: bigint | number;
};

/** Extended requests of OpenSSH throw where the server has none of them. */
function isUnsupported(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.message.startsWith('Server does not support');
}

/** Makes the writing part over a channel. */
export function sftpWriting(channel: SFTPWrapper, ask: AskSftp): SftpWriting {
  const act = (what: string, call: (done: (thrown?: Error | null) => void) => void): Promise<Result<void>> =>
    ask<void>(what, (done) => call((thrown) => done(thrown, undefined)));
  /** What one server has and another has not: `otherwise` is done there. */
  const extended = (
    what: string,
    call: (done: (thrown?: Error | null) => void) => void,
    otherwise: () => Promise<Result<void>>,
  ): Promise<Result<void>> => {
    let isMissing = false;
    return act(what, (done) => {
      try {
        call(done);
      } catch (thrown) {
        if (!isUnsupported(thrown)) throw thrown;
        isMissing = true;
        done();
      }
    }).then((result) => (isMissing ? otherwise() : result));
  };
  const nothing = async (): Promise<Result<void>> => ok(undefined);

  const remove: SftpWriting['remove'] = (path) => act(`remove ${path}`, (done) => channel.unlink(path, done));
  const rename = (from: string, to: string): Promise<Result<void>> =>
    act(`rename ${from}`, (done) => channel.rename(from, to, done));

  return {
    create: async (path, how) => {
      // Bit by bit as POSIX has it: `r+` would refuse a file that is not there, `w` would empty one that is.
      const opened = await ask<Buffer>(`create ${path}`, (done) =>
        how === 'new' ? channel.open(path, 'wx', 0o600, done) : channel.open(path, 'r+', 0o600, done),
      );
      if (!opened.ok) return opened;
      const handle = opened.value;
      const close = (): Promise<Result<void>> => act(`close ${path}`, (done) => channel.close(handle, done));
      let size = 0;
      if (how === 'go on') {
        const stats = await ask<Stats>(`stat ${path}`, (done) => channel.fstat(handle, done));
        if (!stats.ok) {
          // A server has room for so many open files.
          await close();
          return stats;
        }
        size = stats.value.size;
      }
      return ok({
        size,
        write: async (offset, bytes) => {
          const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
          const pieces: Promise<Result<void>>[] = [];
          for (let at = 0; at < buffer.length; at += PIECE) {
            const length = Math.min(PIECE, buffer.length - at);
            pieces.push(
              act(`write ${path}`, (done) => channel.write(handle, buffer, at, length, offset + at, done)),
            );
          }
          const results = await Promise.all(pieces);
          return results.find((result) => !result.ok) ?? ok(undefined);
        },
        finish: async (bytes) => {
          const results = await Promise.all([
            // The type leaves the size out, the library takes it.
            bytes === null
              ? nothing()
              : act(`truncate ${path}`, (done) => channel.fsetstat(handle, { size: bytes } as object, done)),
            extended(`fsync ${path}`, (done) => channel.ext_openssh_fsync(handle, done), nothing),
            close(),
          ]);
          return results.find((result) => !result.ok) ?? ok(undefined);
        },
        close,
      });
    },
    makeFolder: (path, mode) => act(`mkdir ${path}`, (done) => channel.mkdir(path, { mode }, done)),
    makeLink: (text, path) => act(`symlink ${path}`, (done) => channel.symlink(text, path, done)),
    hardLink: (existing, path) =>
      act(`link ${path}`, (done) => channel.ext_openssh_hardlink(existing, path, done)),
    rename: (from, to, replace) =>
      replace
        ? extended(
            `rename ${from}`,
            (done) => channel.ext_openssh_rename(from, to, done),
            async () => {
              // SFTP 3 knows no other way to replace a file. One that is gone is none in the way: a cut may have come in between.
              const removed = await remove(to);
              const renamed = await rename(from, to);
              return removed.ok || renamed.ok ? renamed : removed;
            },
          )
        : rename(from, to),
    remove,
    removeFolder: (path) => act(`rmdir ${path}`, (done) => channel.rmdir(path, done)),
    describe: (path, { mtime, ...others }, isLink) => {
      const attributes = { ...others, ...(mtime === undefined ? {} : { mtime, atime: mtime }) };
      const what = `setstat ${path}`;
      return isLink
        ? extended(what, (done) => channel.ext_openssh_lsetstat(path, attributes, done), nothing)
        : act(what, (done) => channel.setstat(path, attributes, done));
    },
    space: (path) =>
      ask<RemoteSpace | null>(`statvfs ${path}`, (done) => {
        try {
          channel.ext_openssh_statvfs(path, (thrown, found: StatVfs | undefined) => {
            if (thrown || found === undefined) done(thrown, null);
            else
              done(null, {
                freeBytes: Number(BigInt(found.f_frsize) * BigInt(found.f_bavail)),
                isReadOnly: (BigInt(found.f_flag) & READ_ONLY) !== 0n,
                device: String(found.f_sid),
              });
          });
        } catch (thrown) {
          if (!isUnsupported(thrown)) throw thrown;
          done(null, null);
        }
      }),
  };
}
