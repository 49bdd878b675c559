import type { Result } from '#shared/errors/index.ts';
import { ok } from '#shared/errors/index.ts';
import type { PathPattern } from '../tail/glob.ts';
import type { SourcePaths } from '../tail/paths.ts';

/** What a name in a remote folder is. Times in milliseconds. */
export type RemoteFileEntry = {
  readonly name: string;
  readonly type: 'file' | 'directory' | 'symlink' | 'other';
  readonly size: number;
  readonly mtimeMs: number;
};

/** A remote file that is open. */
export type OpenRemoteFile = {
  readonly stat: () => Promise<Result<Omit<RemoteFileEntry, 'name'>>>;
  /** Up to `length` bytes at an offset; fewer at the end. */
  readonly read: (offset: number, length: number) => Promise<Result<Buffer>>;
  readonly close: () => Promise<void>;
};

/** The files of one host; `ssh` implements it. */
export type RemoteFiles = {
  readonly list: (dir: string) => Promise<Result<readonly RemoteFileEntry[]>>;
  readonly open: (path: string) => Promise<Result<OpenRemoteFile>>;
};

/** A file that a source's paths name on a host. */
export type RemoteFound = { readonly path: string; readonly size: number; readonly mtimeMs: number };

const MAX_FILES = 1000;
const MAX_FOLDERS = 2000;
const MAX_DEPTH = 32;
const COMPRESSED = /\.(?:gz|zst|xz|bz2|zip|lz4|7z)$/i;

/** Folders of a host, each listed once a round. */
export class RemoteFolders {
  readonly #files: RemoteFiles;
  readonly #listed = new Map<string, readonly RemoteFileEntry[]>();

  constructor(files: RemoteFiles) {
    this.#files = files;
  }

  /** What is in a folder; an empty one when it does not exist or may not be read (that is no failure of the host). */
  async list(dir: string): Promise<Result<readonly RemoteFileEntry[]>> {
    const known = this.#listed.get(dir);
    if (known !== undefined) return ok(known);
    const listed = await this.#files.list(dir);
    // The server's own refusal concerns this folder alone; a lost connection concerns all.
    if (!listed.ok && listed.error.code !== 'SSH_REMOTE_FAILED') return listed;
    const entries = listed.ok ? listed.value : [];
    if (this.#listed.size < MAX_FOLDERS) this.#listed.set(dir, entries);
    return ok(entries);
  }
}

/** Finds the files of a source's paths on a host, each once, sorted by path. Links to files count as files. */
export async function findRemoteFiles(
  folders: RemoteFolders,
  paths: SourcePaths,
): Promise<Result<readonly RemoteFound[]>> {
  const found = new Map<string, RemoteFound>();
  for (const pattern of paths.patterns) {
    const done = await walk(folders, pattern, 0, '', 0, (entry) => {
      if (!paths.isExcluded(entry.path) && found.size < MAX_FILES) found.set(entry.path, entry);
    });
    if (!done.ok) return done;
  }
  return ok([...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1)));
}

async function walk(
  folders: RemoteFolders,
  pattern: PathPattern,
  index: number,
  folder: string,
  depth: number,
  take: (file: RemoteFound) => void,
): Promise<Result<object>> {
  const segment = pattern.segments[index];
  if (segment === undefined || depth > MAX_DEPTH) return ok({});
  const listed = await folders.list(folder === '' ? '/' : folder);
  if (!listed.ok) return listed;
  const isLast = index === pattern.segments.length - 1;
  for (const entry of listed.value) {
    const path = `${folder}/${entry.name}`;
    const isHidden = entry.name.startsWith('.');
    if (segment.kind === 'deep') {
      if (isHidden) continue;
      const deeper =
        entry.type === 'directory' ? await walk(folders, pattern, index, path, depth + 1, take) : ok({});
      if (!deeper.ok) return deeper;
      if (isLast) takeFile(entry, path, false, take);
      continue;
    }
    const matches =
      segment.kind === 'name'
        ? entry.name === segment.name
        : (!isHidden || segment.dotted) && segment.pattern.test(entry.name);
    if (!matches) continue;
    if (!isLast) {
      if (entry.type === 'file') continue;
      const deeper = await walk(folders, pattern, index + 1, path, depth + 1, take);
      if (!deeper.ok) return deeper;
    } else if (entry.type === 'directory' && segment.kind === 'name') {
      // A path that names a folder means the files in it.
      const inside = await folders.list(path);
      if (!inside.ok) return inside;
      for (const one of inside.value) takeFile(one, `${path}/${one.name}`, false, take);
    } else takeFile(entry, path, segment.kind === 'name', take);
  }
  if (segment.kind === 'deep' && !isLast) return walk(folders, pattern, index + 1, folder, depth, take);
  return ok({});
}

function takeFile(
  entry: RemoteFileEntry,
  path: string,
  isExact: boolean,
  take: (file: RemoteFound) => void,
): void {
  if (entry.type !== 'file' && entry.type !== 'symlink') return;
  if (!isExact && COMPRESSED.test(path)) return;
  take({ path, size: entry.size, mtimeMs: entry.mtimeMs });
}
