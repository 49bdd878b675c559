import type { Client, FileEntryWithStats, SFTPWrapper, Stats } from 'ssh2';
import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import { type SftpWriting, sftpWriting } from './sftp-write.ts';

/** What a remote path is. Sizes in bytes, times in milliseconds since 1970 (SFTP version 3 has whole seconds). */
export type RemoteStat = {
  readonly type: 'file' | 'directory' | 'symlink' | 'other';
  readonly size: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtimeMs: number;
};

/** A name in a remote folder. */
export type RemoteEntry = RemoteStat & { readonly name: string };

/** A remote file that is open for reading. */
export type RemoteFile = {
  readonly stat: () => Promise<Result<RemoteStat>>;
  /** Up to `length` bytes at an offset; fewer at the end, none behind it. */
  readonly read: (offset: number, length: number) => Promise<Result<Buffer>>;
  readonly close: () => Promise<void>;
};

/** Files of a host, over one SFTP channel. Every error is SSH_REMOTE_FAILED with the server's words, or SSH_CONNECTION_LOST. */
export type Sftp = SftpWriting & {
  readonly list: (dir: string) => Promise<Result<readonly RemoteEntry[]>>;
  /** Does not follow a link at the end of the path. */
  readonly stat: (path: string) => Promise<Result<RemoteStat>>;
  /** The same; null where nothing stands. */
  readonly find: (path: string) => Promise<Result<RemoteStat | null>>;
  readonly readLink: (path: string) => Promise<Result<string>>;
  readonly open: (path: string) => Promise<Result<RemoteFile>>;
  readonly close: () => void;
};

/** A server may give 32 KiB at a time whatever is asked for; larger pieces are put together. */
const PIECE = 32 * 1024;
/** Pieces asked for at once, so that the time of a round trip does not count for each. */
const AHEAD = 16;
const MOST_ENTRIES = 1_000_000;
/** Statuses of the protocol (SSH_FX_EOF, SSH_FX_NO_SUCH_FILE). */
const END = 1;
const MISSING = 2;

/** Opens an SFTP channel on a connection. */
export function openSftp(client: Client, host: string): Promise<Result<Sftp>> {
  return new Promise((resolve) => {
    const onGone = (): void => resolve(err(appError('SSH_CONNECTION_LOST', { host, why: 'it was closed' })));
    client.once('close', onGone);
    client.sftp((thrown, channel) => {
      client.removeListener('close', onGone);
      if (thrown)
        resolve(err(appError('SSH_REMOTE_FAILED', { host, what: 'sftp', why: describeThrown(thrown) })));
      else resolve(ok(sftpOver(channel, host)));
    });
  });
}

type Callback<T> = (thrown: Error | null | undefined, value: T) => void;

function sftpOver(channel: SFTPWrapper, host: string): Sftp {
  let isGone = false;
  /**
   * What ends each question that is under way, by its number. Not a Set: each table that one has outgrown names the next, so that the
   * garbage of many thousand questions, with what they wrote, stayed in memory until all of the heap was collected.
   */
  const pending: Record<number, () => void> = {};
  let asked = 0;
  channel.once('close', () => {
    isGone = true;
    for (const fail of Object.values(pending)) fail();
  });
  /** Turns a callback into a result that is settled also when the channel closes without an answer. */
  const ask = <T>(what: string, call: (done: Callback<T>) => void): Promise<Result<T>> =>
    new Promise((resolve) => {
      const fail = (): void => resolve(err(appError('SSH_CONNECTION_LOST', { host, why: 'it was closed' })));
      if (isGone) {
        fail();
        return;
      }
      asked += 1;
      const id = asked;
      pending[id] = fail;
      const done: Callback<T> = (thrown, value) => {
        delete pending[id];
        if (!thrown) resolve(ok(value));
        // The server's own refusals have a status code (SSH_FXP_STATUS); whatever else fails is the connection.
        else if (typeof statusOf(thrown) !== 'number') fail();
        else {
          const why = describeThrown(thrown);
          resolve(err(appError('SSH_REMOTE_FAILED', { host, what, why }, { detail: why })));
        }
      };
      try {
        call(done);
      } catch (thrown) {
        done(thrown instanceof Error ? thrown : new Error(String(thrown)), undefined as T);
      }
    });

  const readPiece = async (
    handle: Buffer,
    path: string,
    into: Buffer,
    position: number,
  ): Promise<Result<number>> => {
    let filled = 0;
    while (filled < into.length) {
      const read = await ask<number>(`read ${path}`, (done) =>
        channel.read(handle, into, filled, into.length - filled, position + filled, (thrown, count) => {
          // The end of the file comes as an error.
          const isEnd = statusOf(thrown) === END;
          done(isEnd ? null : thrown, isEnd ? 0 : count);
        }),
      );
      if (!read.ok) return read;
      if (read.value === 0) break;
      filled += read.value;
    }
    return ok(filled);
  };

  const read = async (
    handle: Buffer,
    path: string,
    offset: number,
    length: number,
  ): Promise<Result<Buffer>> => {
    const bytes = Buffer.allocUnsafe(length);
    let filled = 0;
    while (filled < length) {
      const pieces: Promise<Result<number>>[] = [];
      const begin = filled;
      for (let n = 0; n < AHEAD && begin + n * PIECE < length; n += 1) {
        const at = begin + n * PIECE;
        pieces.push(readPiece(handle, path, bytes.subarray(at, Math.min(length, at + PIECE)), offset + at));
      }
      for (const [n, piece] of (await Promise.all(pieces)).entries()) {
        if (!piece.ok) return piece;
        filled += piece.value;
        const wanted = Math.min(PIECE, length - (begin + n * PIECE));
        // Behind a short piece there is nothing, even if the file has grown since.
        if (piece.value < wanted) return ok(bytes.subarray(0, filled));
      }
    }
    return ok(bytes.subarray(0, filled));
  };

  return {
    ...sftpWriting(channel, ask),
    list: async (dir) => {
      const found = await ask<FileEntryWithStats[]>(`list ${dir}`, (done) => channel.readdir(dir, done));
      if (!found.ok) return found;
      if (found.value.length > MOST_ENTRIES)
        return err(appError('SSH_OUTPUT_TOO_LONG', { host, bytes: MOST_ENTRIES, what: `list ${dir}` }));
      // A server that answers with a path for a name must not lead us out of the folder.
      return ok(
        found.value
          .filter(({ filename }) => isName(filename))
          .map(({ filename, attrs }) => ({ name: filename, ...remoteStat(attrs) })),
      );
    },
    stat: async (path) => {
      const found = await ask<Stats>(`stat ${path}`, (done) => channel.lstat(path, done));
      return found.ok ? ok(remoteStat(found.value)) : found;
    },
    find: async (path) => {
      const found = await ask<Stats | null>(`stat ${path}`, (done) =>
        channel.lstat(path, (thrown, stats) => {
          const isMissing = statusOf(thrown) === MISSING;
          done(isMissing ? null : thrown, isMissing ? null : stats);
        }),
      );
      return found.ok ? ok(found.value && remoteStat(found.value)) : found;
    },
    readLink: (path) => ask<string>(`readlink ${path}`, (done) => channel.readlink(path, done)),
    open: async (path) => {
      const opened = await ask<Buffer>(`open ${path}`, (done) => channel.open(path, 'r', done));
      if (!opened.ok) return opened;
      const handle = opened.value;
      return ok({
        stat: async () => {
          const found = await ask<Stats>(`stat ${path}`, (done) => channel.fstat(handle, done));
          return found.ok ? ok(remoteStat(found.value)) : found;
        },
        read: (offset, length) => read(handle, path, offset, length),
        close: async () => {
          await ask<void>(`close ${path}`, (done) =>
            channel.close(handle, (thrown) => done(thrown, undefined)),
          );
        },
      });
    },
    close: () => channel.end(),
  };
}

const statusOf = (thrown: unknown): unknown => (thrown as { readonly code?: unknown } | undefined)?.code;

const isName = (name: string): boolean =>
  name !== '' && name !== '.' && name !== '..' && !name.includes('/') && !name.includes('\0');

function remoteStat(attrs: Stats): RemoteStat {
  const type = attrs.isDirectory()
    ? 'directory'
    : attrs.isFile()
      ? 'file'
      : attrs.isSymbolicLink()
        ? 'symlink'
        : 'other';
  return {
    type,
    size: attrs.size,
    mode: attrs.mode & 0o7777,
    uid: attrs.uid,
    gid: attrs.gid,
    mtimeMs: attrs.mtime * 1000,
  };
}
