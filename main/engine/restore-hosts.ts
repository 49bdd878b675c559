import { createHash } from 'node:crypto';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { inLanes } from './restore/host/lanes.ts';
import type { HostFile, HostPort, RestoreHosts } from './restore/host/port.ts';
import type { SshArea } from './ssh/area.ts';
import { hashOnHost } from './ssh/hash.ts';
import type { RemoteFile, Sftp } from './ssh/sftp.ts';
import type { RemoteOutput } from './ssh/sftp-write.ts';

/** Bytes read at once where a host does not hash its files itself. */
const PIECE = 512 * 1024;
/** Bytes of files that are being read at once. */
const READ_AT_ONCE = 8 << 20;
/** Files that are read at once: others are written meanwhile, and servers of old have room for a hundred open ones. */
const READERS = 32;
/** What any disk reads in a second; a command is given time for it. */
const SLOW_DISK_BYTES = 4 << 20;
const HASH_MS = 60_000;
/** A small file is read sooner than a command is started. */
const WORTH_A_COMMAND = 256 * 1024;

/** The hosts of the SSH area, as restores ask for them. */
export function restoreHosts(ssh: Pick<SshArea, 'logins' | 'run' | 'withFiles'>): RestoreHosts {
  return {
    logins: () => ssh.logins().map(({ id, name, host, user }) => ({ id, name, host, user })),
    use: (loginId, writes, signal, work) =>
      ssh.withFiles(
        loginId,
        signal,
        (files) => {
          const onHost = (paths: readonly string[], bytes: number) =>
            hashOnHost(
              (stdin) =>
                ssh.run(
                  loginId,
                  { id: 'hash', stdin, timeoutMs: HASH_MS + (bytes / SLOW_DISK_BYTES) * 1000 },
                  signal,
                ),
              paths,
            );
          return work(portOver(files, onHost));
        },
        writes ?? undefined,
      ),
  };
}

type OnHost = (paths: readonly string[], bytes: number) => Promise<Result<ReadonlyMap<string, string>>>;

/** The port over one SFTP channel. */
function portOver(files: Sftp, onHost: OnHost): HostPort {
  const reading = new Map<number, RemoteFile>();
  const writing = new Map<number, RemoteOutput>();
  let next = 1;
  /** False once the host has shown that it does not hash: no shell, or no such program. */
  let doesHash = true;
  const unknown = (file: number): Result<never> =>
    err(appError('INTERNAL', { what: `file ${file} of a host is not open` }));

  const readThrough = async ({ path, size }: HostFile): Promise<Result<string | null>> => {
    const opened = await files.open(path);
    if (!opened.ok) return opened.error.code === 'SSH_REMOTE_FAILED' ? ok(null) : opened;
    const hash = createHash('sha256');
    try {
      for (let at = 0; ; ) {
        // One byte more than it has shows its end; a small file is not asked for in many pieces.
        const length = at === 0 ? Math.min(PIECE, size + 1) : PIECE;
        const piece = await opened.value.read(at, length);
        if (!piece.ok) return piece.error.code === 'SSH_REMOTE_FAILED' ? ok(null) : piece;
        hash.update(piece.value);
        at += piece.value.length;
        if (piece.value.length < length) return ok(hash.digest('hex'));
      }
    } finally {
      // Nobody needs to know that it was closed.
      void opened.value.close();
    }
  };

  /** Opens a temporary file that a run left; null where there is none to be written to. A link would lead elsewhere. */
  const openLeft = async (path: string): Promise<Result<RemoteOutput> | null> => {
    const found = await files.find(path);
    if (!found.ok && found.error.code !== 'SSH_REMOTE_FAILED') return found;
    if (!found.ok || found.value?.type !== 'file') return null;
    const opened = await files.create(path, 'go on');
    return opened.ok || opened.error.code !== 'SSH_REMOTE_FAILED' ? opened : null;
  };

  /**
   * Opens a temporary file of ours, to be written from its beginning. One that was left is written over with what it has already, and
   * not replaced by an empty one: a server that a cut left with requests may still give its name away, and that must not be half a file.
   */
  const openWhole = async (path: string): Promise<Result<RemoteOutput>> => {
    const opened = await files.create(path, 'new');
    if (opened.ok || opened.error.code !== 'SSH_REMOTE_FAILED') return opened;
    const left = await openLeft(path);
    if (left !== null) return left;
    await files.remove(path);
    return files.create(path, 'new');
  };

  return {
    find: async (path) => {
      const found = await files.find(path);
      if (!found.ok || found.value?.type !== 'symlink')
        return found.ok ? ok(found.value && { ...found.value, link: null }) : found;
      const link = await files.readLink(path);
      return link.ok ? ok({ ...found.value, link: link.value }) : link;
    },
    hash: async (wanted) => {
      const bytes = wanted.reduce((sum, { size }) => sum + size, 0);
      const isWorthIt = wanted.length > 2 || bytes > WORTH_A_COMMAND;
      const paths = wanted.map(({ path }) => path);
      const asked = doesHash && isWorthIt ? await onHost(paths, bytes) : null;
      const told = asked?.ok === true ? asked.value : new Map<string, string>();
      // A command that fails is no failure: what it did not hash is read. A host that is gone shows then.
      if (asked !== null && told.size === 0) doesHash = false;
      const hashes = new Map<string, string | null>(told);
      let gone: Result<never> | null = null;
      await inLanes(
        wanted.filter(({ path }) => !told.has(path)),
        async (file) => {
          const read = gone ?? (await readThrough(file));
          if (read.ok) hashes.set(file.path, read.value);
          else gone = read;
        },
        { lanes: READERS, most: READ_AT_ONCE, weigh: ({ size }) => Math.min(size, PIECE) },
      );
      return gone ?? ok(paths.map((path) => hashes.get(path) ?? null));
    },
    openToRead: async (path) => {
      const opened = await files.open(path);
      if (!opened.ok) return opened;
      const file = next++;
      reading.set(file, opened.value);
      return ok(file);
    },
    read: async (file, offset, length) => reading.get(file)?.read(offset, length) ?? unknown(file),
    create: async (path, goOn) => {
      const opened = (goOn ? await openLeft(path) : null) ?? (await openWhole(path));
      if (!opened.ok) return opened;
      const file = next++;
      writing.set(file, opened.value);
      return ok({ file, size: goOn ? opened.value.size : 0 });
    },
    write: async (file, offset, bytes) => writing.get(file)?.write(offset, bytes) ?? unknown(file),
    finish: async (file, size) => {
      const output = writing.get(file);
      if (output === undefined) return unknown(file);
      writing.delete(file);
      return output.finish(size);
    },
    put: async (path, bytes) => {
      const opened = await openWhole(path);
      if (!opened.ok) return opened;
      const { size, write, finish } = opened.value;
      const cut = size > bytes.length ? bytes.length : null;
      const [written, finished] = await Promise.all([write(0, bytes), finish(cut)]);
      return written.ok ? finished : written;
    },
    close: async (file) => {
      const output = writing.get(file);
      writing.delete(file);
      await reading.get(file)?.close();
      reading.delete(file);
      return output?.close() ?? ok(undefined);
    },
    makeFolder: (path) => files.makeFolder(path, 0o700),
    makeLink: files.makeLink,
    hardLink: files.hardLink,
    rename: files.rename,
    publish: async (from, to, steps, replace) => {
      const asked = steps.map((attributes) => files.describe(from, attributes, false));
      const renamed = await files.rename(from, to, replace);
      const described = await Promise.all(asked);
      if (!renamed.ok) return renamed;
      const lost = described.find((result) => !result.ok && result.error.code !== 'SSH_REMOTE_FAILED');
      return lost?.ok === false ? lost : ok(described.every(({ ok: isTaken }) => isTaken));
    },
    remove: files.remove,
    removeFolder: files.removeFolder,
    describe: files.describe,
    space: files.space,
  };
}
