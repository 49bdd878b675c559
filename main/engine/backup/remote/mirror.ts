import {
  type BigIntStats,
  chmodSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  utimesSync,
} from 'node:fs';
import { join } from 'node:path';
import { type AppError, appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import { fetchFile } from './fetch.ts';
import type { RemoteFacts, RemoteFiles } from './files.ts';
import { type MirrorFacts, mirrorRoots, type Ownership, planPath } from './plan.ts';

/** What one remote source did. */
export type MirrorReport = {
  readonly files: number;
  readonly bytes: number;
  readonly fetchedFiles: number;
  readonly fetchedBytes: number;
  readonly removed: number;
  /** What could not be had, by its path on the host; all else is in the mirror. */
  readonly skipped: readonly { readonly path: string; readonly error: AppError }[];
  /** Files that changed each time they were read, by their paths; as they are in the mirror, they may never have been. */
  readonly changing: readonly string[];
};

/** What is to be mirrored. */
export type MirrorJob = {
  /** How the source is called in messages. */
  readonly name: string;
  readonly paths: readonly string[];
  /** Whether a path of the host, without its first slash, is left out. */
  readonly excluded: (path: string) => boolean;
  /** Folder of this source alone; stays between runs, so that only what changed is fetched. */
  readonly folder: string;
  readonly owners: Ownership;
  readonly signal: AbortSignal;
  /** Told of bytes that came, and waits where the plan limits its bandwidth. */
  readonly took: (bytes: number, path: string) => Promise<void>;
};

/** Files fetched at once: each is several round trips, and most are small. */
const LANES = 8;
/** Skipped paths that are kept by name; a host that refuses everything must not fill the memory. */
const MOST_SKIPPED = 10_000;

/** Makes a folder of this machine like folders of a host. The connection's end is the end of the whole; a path's is not. */
export async function mirrorHost(files: RemoteFiles, job: MirrorJob): Promise<Result<MirrorReport>> {
  const mirror = new Mirror(files, job);
  try {
    return await mirror.run();
  } catch (thrown) {
    const { code } = thrown as { readonly code?: unknown };
    if (typeof code !== 'string') throw thrown;
    if (code === 'ENOSPC' || code === 'EDQUOT') return err(appError('DISK_FULL', { file: job.folder }));
    return err(appError('BACKUP_REMOTE_FAILED', { name: job.name, why: describeThrown(thrown) }));
  }
}

/** A file that is to be fetched. */
type Wanted = { readonly path: string; readonly remote: RemoteFacts };

class Mirror {
  readonly #files: RemoteFiles;
  readonly #job: MirrorJob;
  readonly #skipped: { path: string; error: AppError }[] = [];
  readonly #changing: string[] = [];
  readonly #folders: { path: string; remote: RemoteFacts }[] = [];
  #count = 0;
  #bytes = 0;
  #fetchedFiles = 0;
  #fetchedBytes = 0;
  #removed = 0;

  constructor(files: RemoteFiles, job: MirrorJob) {
    this.#files = files;
    this.#job = job;
  }

  async run(): Promise<Result<MirrorReport>> {
    const { folder, paths } = this.#job;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const roots = mirrorRoots(paths);
    this.#keepOnly('', namesBelow(roots, ''));
    for (const root of roots) {
      const walked = await this.#root(root, roots);
      if (!walked.ok) return walked;
    }
    // Last, the deepest first: what is written into a folder changes its time.
    for (const { path, remote } of this.#folders.reverse()) this.#describe(path, remote);
    return ok({
      files: this.#count,
      bytes: this.#bytes,
      fetchedFiles: this.#fetchedFiles,
      fetchedBytes: this.#fetchedBytes,
      removed: this.#removed,
      skipped: this.#skipped,
      changing: this.#changing,
    });
  }

  /** One root with all below it. The folders that lead to it are made, and hold nothing else. */
  async #root(root: string, roots: readonly string[]): Promise<Result<object>> {
    const names = root === '' ? [] : root.split('/');
    for (let depth = 1; depth < names.length; depth += 1) {
      const above = names.slice(0, depth).join('/');
      this.#makeFolder(above);
      this.#keepOnly(above, namesBelow(roots, above));
    }
    const found = await this.#files.stat(`/${root}`);
    if (!found.ok) return this.#failed(root, found.error);
    const folders: string[] = [];
    const first = await this.#entries(root === '' ? [] : [{ path: root, remote: found.value }], folders);
    if (!first.ok) return first;
    if (root === '' && found.value.type === 'directory') folders.push('');
    for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
      if (this.#job.signal.aborted) return err(appError('CANCELLED'));
      const listed = await this.#files.list(`/${next}`);
      if (!listed.ok) {
        const failed = this.#failed(next, listed.error);
        if (!failed.ok) return failed;
        continue;
      }
      const below = listed.value.flatMap(({ name, ...remote }): Wanted[] => {
        const path = next === '' ? name : `${next}/${name}`;
        // The name is not UTF-8: what came is not what the host would understand.
        if (name.includes('\uFFFD')) {
          this.#skip(path, appError('BACKUP_REMOTE_NAME', { path }));
          return [];
        }
        return this.#job.excluded(path) ? [] : [{ path, remote }];
      });
      this.#keepOnly(next, new Set(below.map(({ path }) => path.slice(path.lastIndexOf('/') + 1))));
      const done = await this.#entries(below, folders);
      if (!done.ok) return done;
    }
    return ok({});
  }

  /** Brings the entries of a folder up to date; folders among them are left for later. */
  async #entries(entries: readonly Wanted[], folders: string[]): Promise<Result<object>> {
    const fetches: Wanted[] = [];
    for (const entry of entries) {
      const { path, remote } = entry;
      const mirrored = this.#mirrored(path);
      const step = planPath(remote, mirrored, this.#job.owners);
      if (step === 'refuse') this.#skip(path, appError('BACKUP_REMOTE_SPECIAL', { path: `/${path}` }));
      else if (step === 'fetch') fetches.push(entry);
      else if (step === 'link') {
        const linked = await this.#link(path);
        if (!linked.ok) return linked;
      } else if (remote.type === 'directory') {
        this.#makeFolder(path);
        this.#folders.push(entry);
        folders.push(path);
      } else {
        if (step === 'describe') this.#describe(path, remote);
        this.#counted(remote);
      }
    }
    return this.#fetchAll(fetches);
  }

  async #fetchAll(wanted: readonly Wanted[]): Promise<Result<object>> {
    let ended: AppError | null = null;
    const queue = [...wanted].reverse();
    const lane = async (): Promise<void> => {
      for (let next = queue.pop(); next !== undefined && ended === null; next = queue.pop()) {
        const fetched = await this.#fetch(next);
        if (!fetched.ok) ended ??= fetched.error;
      }
    };
    await Promise.all(Array.from({ length: Math.min(LANES, wanted.length) }, lane));
    return ended === null ? ok({}) : err(ended);
  }

  async #fetch({ path }: Wanted): Promise<Result<object>> {
    const { signal, took } = this.#job;
    const at = this.#at(path);
    const fetched = await fetchFile(this.#files, `/${path}`, at, { signal, took });
    // What cannot be read stays as it was read last, as with the files of this machine.
    if (!fetched.ok) return this.#failed(path, fetched.error);
    const { facts, changed } = fetched.value;
    this.#describe(path, facts);
    this.#fetchedFiles += 1;
    this.#fetchedBytes += facts.size;
    if (changed && this.#changing.length < MOST_SKIPPED) this.#changing.push(path);
    this.#counted(facts);
    return ok({});
  }

  async #link(path: string): Promise<Result<object>> {
    const read = await this.#files.readLink(`/${path}`);
    if (!read.ok) return this.#failed(path, read.error);
    const at = this.#at(path);
    const mirrored = this.#mirrored(path);
    if (mirrored?.type === 'symlink' && readlinkSync(at) === read.value) return ok({});
    rmSync(at, { recursive: true, force: true });
    symlinkSync(read.value, at);
    return ok({});
  }

  #makeFolder(path: string): void {
    const mirrored = this.#mirrored(path);
    if (mirrored?.type === 'directory') return;
    if (mirrored !== null) rmSync(this.#at(path), { recursive: true, force: true });
    mkdirSync(this.#at(path), { mode: 0o700 });
  }

  /** Gives a path the permissions, the time and, where that is possible, the owner that it has on the host. */
  #describe(path: string, remote: RemoteFacts): void {
    const at = this.#at(path);
    if (this.#job.owners.keepsOwners) lchownSync(at, remote.uid, remote.gid);
    // The console itself must be able to read and renew it, whatever the host says.
    chmodSync(at, remote.mode | (remote.type === 'directory' ? 0o700 : 0o600));
    utimesSync(at, remote.mtimeMs / 1000, remote.mtimeMs / 1000);
  }

  /** Takes away what is no longer on the host. */
  #keepOnly(folder: string, names: ReadonlySet<string>): void {
    for (const name of readdirSync(this.#at(folder))) {
      if (names.has(name)) continue;
      rmSync(join(this.#at(folder), name), { recursive: true, force: true });
      this.#removed += 1;
    }
  }

  #mirrored(path: string): MirrorFacts | null {
    const stats = lstatSync(this.#at(path), { bigint: true, throwIfNoEntry: false });
    return stats === undefined ? null : mirrorFacts(stats);
  }

  #counted(remote: RemoteFacts): void {
    this.#count += 1;
    this.#bytes += remote.size;
  }

  /** What a path's error means: the end of the whole when the connection is gone, else one path less. */
  #failed(path: string, error: AppError): Result<object> {
    if (this.#job.signal.aborted) return err(appError('CANCELLED'));
    if (error.code !== 'SSH_REMOTE_FAILED' && error.code !== 'BACKUP_REMOTE_CHANGING') return err(error);
    this.#skip(path, error);
    return ok({});
  }

  #skip(path: string, error: AppError): void {
    if (this.#skipped.length < MOST_SKIPPED) this.#skipped.push({ path, error });
  }

  #at(path: string): string {
    return path === '' ? this.#job.folder : join(this.#job.folder, path);
  }
}

/** The names in a folder that lead to roots. */
function namesBelow(roots: readonly string[], folder: string): ReadonlySet<string> {
  const lead = folder === '' ? '' : `${folder}/`;
  const below = roots.filter((root) => root.startsWith(lead) && root !== folder);
  return new Set(below.map((root) => root.slice(lead.length).split('/')[0] ?? ''));
}

function mirrorFacts(stats: BigIntStats): MirrorFacts {
  return {
    type: stats.isDirectory()
      ? 'directory'
      : stats.isFile()
        ? 'file'
        : stats.isSymbolicLink()
          ? 'symlink'
          : 'other',
    size: Number(stats.size),
    mode: Number(stats.mode) & 0o7777,
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    mtimeMs: Number(stats.mtimeMs),
  };
}
