import { createHash } from 'node:crypto';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { HostPort, RestoreHosts } from './restore/host/port.ts';
import type { SshArea } from './ssh/area.ts';
import { hashOnHost } from './ssh/hash.ts';
import type { RemoteFile, Sftp } from './ssh/sftp.ts';
import type { RemoteOutput } from './ssh/sftp-write.ts';

/** Bytes read at once where a host does not hash its files itself. */
const PIECE = 512 * 1024;
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

  const readThrough = async (path: string): Promise<Result<string | null>> => {
    const opened = await files.open(path);
    if (!opened.ok) return opened.error.code === 'SSH_REMOTE_FAILED' ? ok(null) : opened;
    const hash = createHash('sha256');
    try {
      for (let at = 0; ; ) {
        const piece = await opened.value.read(at, PIECE);
        if (!piece.ok) return piece.error.code === 'SSH_REMOTE_FAILED' ? ok(null) : piece;
        hash.update(piece.value);
        at += piece.value.length;
        if (piece.value.length < PIECE) return ok(hash.digest('hex'));
      }
    } finally {
      await opened.value.close();
    }
  };

  return {
    find: async (path) => {
      const found = await files.find(path);
      if (!found.ok || found.value?.type !== 'symlink')
        return found.ok ? ok(found.value && { ...found.value, link: null }) : found;
      const link = await files.readLink(path);
      return link.ok ? ok({ ...found.value, link: link.value }) : link;
    },
    hash: async (paths, bytes) => {
      const isWorthIt = paths.length > 2 || bytes > WORTH_A_COMMAND;
      const asked = doesHash && isWorthIt ? await onHost(paths, bytes) : null;
      const told = asked?.ok === true ? asked.value : new Map<string, string>();
      // A command that fails is no failure: what it did not hash is read. A host that is gone shows then.
      if (asked !== null && told.size === 0) doesHash = false;
      const hashes: (string | null)[] = [];
      for (const path of paths) {
        const known = told.get(path);
        const read = known === undefined ? await readThrough(path) : ok(known);
        if (!read.ok) return read;
        hashes.push(read.value);
      }
      return ok(hashes);
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
      let opened = await files.create(path, goOn ? 'go on' : 'new');
      if (!opened.ok && opened.error.code === 'SSH_REMOTE_FAILED') {
        // One that is not there cannot be gone on with; one that was left stands in the way of a new one.
        if (!goOn) await files.remove(path);
        opened = await files.create(path, 'new');
      }
      if (!opened.ok) return opened;
      const file = next++;
      writing.set(file, opened.value);
      return ok({ file, size: opened.value.size });
    },
    write: async (file, offset, bytes) => writing.get(file)?.write(offset, bytes) ?? unknown(file),
    finish: async (file, size) => {
      const output = writing.get(file);
      if (output === undefined) return unknown(file);
      writing.delete(file);
      const sized = await output.setSize(size);
      const flushed = sized.ok ? await output.flush() : sized;
      const closed = await output.close();
      return flushed.ok ? closed : flushed;
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
    remove: files.remove,
    removeFolder: files.removeFolder,
    describe: files.describe,
    space: files.space,
  };
}
