import { type BigIntStats, lstatSync, readdirSync, realpathSync, statfsSync } from 'node:fs';
import { basename, dirname, isAbsolute, resolve, sep } from 'node:path';
import { DATABASES_FOLDER, REMOTE_FOLDER } from '#shared/contract/backup-sources.ts';
import type { PathMatcher } from '#shared/domain/glob.ts';
import { type AppError, appError } from '#shared/errors/index.ts';
import { decodePath, fsPath, type RawPath } from '../platform/raw-path.ts';
import { sourceError } from './faults.ts';
import { isWithin, walkOrder } from './walk-order.ts';

/** Something that the walk came upon. */
export type ScanItem =
  | { readonly kind: 'found'; readonly real: RawPath; readonly path: RawPath; readonly stats: BigIntStats }
  /** Follows a folder that could be read: all names in it, also those that will be left out. */
  | { readonly kind: 'listed'; readonly path: RawPath; readonly names: readonly RawPath[] }
  | { readonly kind: 'skipped'; readonly path: RawPath; readonly error: AppError }
  | { readonly kind: 'excluded'; readonly path: RawPath };

/** What to walk. */
export type ScanSpec = {
  readonly sources: readonly string[];
  /** Matched against the path in the archive. */
  readonly excluded: PathMatcher;
  /** The target folder: left out when it lies in a source. */
  readonly targetDir: string;
  /** Folders that stand in the archive under another path: dumps of databases. Nothing in them is excluded. */
  readonly placed?: readonly { readonly real: RawPath; readonly path: RawPath }[];
};

/** Folder at the top of an archive that belongs to the format. */
export const RESERVED_NAME = '.hmtt-archive';

/** `statfs` types of file systems that the kernel makes up (linux/magic.h). */
const PSEUDO_FILE_SYSTEMS: ReadonlySet<number> = new Set([
  0x9fa0, // proc
  0x62656572, // sysfs
  0x1cd1, // devpts
  0x27e0eb, // cgroup
  0x63677270, // cgroup2
  0x64626720, // debugfs
  0x74726163, // tracefs
  0xcafe4a11, // bpf
  0x6165676c, // pstore
  0x73636673, // securityfs
  0x42494e4d, // binfmt_misc
  0xde5e81e4, // efivarfs
  0xf97cff8c, // selinuxfs
  0x19800202, // mqueue
  0x65735543, // fusectl
  0x62656570, // configfs
]);

/** Path in the archive of an absolute path: without the leading slash; `C:\data` becomes `C/data`. */
export function archivePath(absolute: RawPath): RawPath {
  if (sep === '/') return absolute.replace(/^\/+/, '');
  return absolute
    .replace(/^([A-Za-z]):/, '$1')
    .replaceAll('\\', '/')
    .replace(/^\/+/, '');
}

/** Names in a folder, sorted by code unit. A name that is not UTF-8 makes the folder be read again as bytes. */
function namesIn(folder: RawPath): RawPath[] {
  const names = readdirSync(fsPath(folder));
  if (!names.some((name) => name.includes('\ufffd'))) return names.sort();
  return readdirSync(fsPath(folder), { encoding: 'buffer' })
    .map((name) => decodePath(name))
    .sort();
}

/**
 * The sources as they are walked: links in the way are resolved (so that a restore need not write through a link), a
 * source that is itself a symbolic link counts as the link *and* what it leads to, and one inside another is dropped.
 */
export function resolveSources(sources: readonly string[]): {
  readonly roots: readonly RawPath[];
  readonly missing: readonly { readonly path: string; readonly error: AppError }[];
} {
  const roots = new Set<string>();
  const missing: { path: string; error: AppError }[] = [];
  for (const source of sources) {
    try {
      if (!isAbsolute(source)) throw Object.assign(new Error('not an absolute path'), { code: 'EINVAL' });
      const plain = resolve(source);
      const own = plain === dirname(plain) ? plain : resolve(realpathSync(dirname(plain)), basename(plain));
      const stats = lstatSync(own);
      roots.add(own);
      if (stats.isSymbolicLink()) roots.add(realpathSync(own));
    } catch (thrown) {
      const why = sourceError(thrown);
      missing.push({
        path: source,
        error: appError('BACKUP_SOURCE_MISSING', { path: source, why: why.detail ?? 'ENOENT' }),
      });
    }
  }
  const within = (path: string, folder: string): boolean =>
    path !== folder && path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
  const kept = [...roots].filter((path) => ![...roots].some((other) => within(path, other)));
  return { roots: kept.sort((a, b) => walkOrder(archivePath(a), archivePath(b))), missing };
}

function isPseudo(folder: RawPath): boolean {
  try {
    return PSEUDO_FILE_SYSTEMS.has(statfsSync(fsPath(folder)).type);
  } catch {
    // A folder that cannot be asked is walked; reading it will say what is wrong.
    return false;
  }
}

/** Where a walk goes next: on this machine, and in the archive. */
/** Whether a path belongs to what the console puts beside files: dumps of databases, folders of hosts. */
function isReserved(path: RawPath): boolean {
  return isWithin(path, DATABASES_FOLDER) || isWithin(path, REMOTE_FOLDER);
}

type Step = { readonly real: RawPath; readonly path: RawPath; readonly placed: boolean };

/** Same file or folder, whatever it is called. */
function sameIdentity(a: BigIntStats, b: BigIntStats | null): boolean {
  return b !== null && a.dev === b.dev && a.ino === b.ino;
}

function identityOf(folder: string): BigIntStats | null {
  try {
    return lstatSync(realpathSync(folder), { bigint: true });
  } catch {
    return null;
  }
}

/**
 * Walks the sources depth first, a folder before what is in it, names in order. Memory is one list of names for each
 * level. System calls are synchronous on purpose: this runs in a thread of its own, where a call in the page cache
 * takes 3 µs instead of 50 through the thread pool, and a hung network disk holds up this thread and no other.
 */
export function* scan(spec: ScanSpec): Generator<ScanItem, void, void> {
  const target = identityOf(spec.targetDir);
  const { roots, missing } = resolveSources(spec.sources);
  for (const { path, error } of missing) yield { kind: 'skipped', path: archivePath(path), error };
  const stack: (Step & { readonly device: bigint | null })[] = [
    ...roots.map((real) => ({ real, path: archivePath(real), placed: false, device: null })),
    ...(spec.placed ?? []).map((one) => ({ ...one, placed: true, device: null })),
  ]
    .sort((a, b) => walkOrder(a.path, b.path))
    .reverse();
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { real, path, placed } = next;
    const isTop = path === '';
    if (path === RESERVED_NAME || (!placed && isReserved(path))) {
      yield { kind: 'skipped', path, error: appError('BACKUP_NAME_RESERVED', { name: path }) };
      continue;
    }
    if (!isTop && !placed && spec.excluded(path)) {
      yield { kind: 'excluded', path };
      continue;
    }
    let stats: BigIntStats;
    let names: RawPath[] = [];
    try {
      stats = lstatSync(fsPath(real), { bigint: true });
    } catch (thrown) {
      yield { kind: 'skipped', path, error: sourceError(thrown) };
      continue;
    }
    if (stats.isDirectory()) {
      if (sameIdentity(stats, target)) {
        yield { kind: 'skipped', path, error: appError('BACKUP_TARGET_EXCLUDED') };
        continue;
      }
      if (next.device !== stats.dev && isPseudo(real)) {
        yield { kind: 'skipped', path, error: appError('BACKUP_PSEUDO_FILE_SYSTEM') };
        continue;
      }
      if (!isTop) yield { kind: 'found', real, path, stats };
      try {
        names = namesIn(real);
        yield { kind: 'listed', path, names };
      } catch (thrown) {
        yield { kind: 'skipped', path, error: sourceError(thrown) };
      }
      const folder = real.endsWith(sep) ? real : real + sep;
      const inside = isTop ? '' : `${path}/`;
      for (let index = names.length - 1; index >= 0; index -= 1)
        stack.push({
          real: folder + names[index],
          path: inside + names[index],
          placed,
          device: stats.dev,
        });
    } else yield { kind: 'found', real, path, stats };
  }
}
