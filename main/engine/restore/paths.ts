import { DATABASES_FOLDER, REMOTE_FOLDER } from '#shared/contract/backup-sources.ts';
import type { Renames } from '#shared/contract/restore.ts';
import type { RawPath } from '../platform/raw-path.ts';

/** Other names and places; both members are paths inside the archive. */
export type PathMapping = {
  /** Leading folders that are left out of the real paths. */
  readonly strip?: RawPath;
  readonly renames?: Renames;
};

/** Where a restore writes to. */
export type TargetPlace = (
  | { readonly kind: 'folder'; readonly dir: string }
  | { readonly kind: 'original'; readonly platform: string }
) &
  PathMapping;

/** True when a path is the folder, or lies below it. */
function isAtOrBelow(path: RawPath, folder: RawPath): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

/**
 * The path that an entry gets below the target: the longest renaming that covers it first, then what is stripped.
 *
 * @returns null for a folder that stripping leaves out: it lies at or above what is stripped
 */
export function mappedPath(path: RawPath, { strip = '', renames = [] }: PathMapping): RawPath | null {
  let best: Renames[number] | null = null;
  for (const rename of renames) {
    if (isAtOrBelow(path, rename.from) && rename.from.length > (best?.from.length ?? -1)) best = rename;
  }
  const renamed = best === null ? path : best.to + path.slice(best.from.length);
  if (strip === '') return renamed;
  if (isAtOrBelow(strip, renamed)) return null;
  return renamed.startsWith(`${strip}/`) ? renamed.slice(strip.length + 1) : renamed;
}

/** Folders of an archive that stand for something that is not a file of this machine. */
const ELSEWHERE = [DATABASES_FOLDER, REMOTE_FOLDER];

/** A path's text that may be used as a path inside an archive: no empty, `.` or `..` names, no NUL; slashes around it go. */
export function cleanArchivePath(text: string): RawPath | null {
  const path = text.replaceAll('\\', '/').replace(/^\/+|\/+$/g, '');
  const isSound = path.split('/').every((name) => name !== '' && name !== '.' && name !== '..');
  return isSound && !path.includes('\0') ? path : null;
}

/**
 * The real path that an entry is written to. The path shown is the path written: no folder is added in between. Dumps of
 * databases and folders of hosts have no original place on this machine: they are restored into a folder.
 *
 * @param path the path of an entry without a hazard
 * @returns null when the place leaves the entry out
 */
export function targetPath(path: RawPath, place: TargetPlace): RawPath | null {
  const mapped = mappedPath(path, place);
  if (mapped === null || (place.kind === 'original' && ELSEWHERE.some((at) => isAtOrBelow(mapped, at))))
    return null;
  return placed(mapped, place);
}

/** A mapped path at its place. */
function placed(path: RawPath, place: TargetPlace): RawPath {
  if (place.kind === 'folder')
    return place.dir.endsWith('/') ? `${place.dir}${path}` : `${place.dir}/${path}`;
  if (place.platform !== 'win32') return `/${path}`;
  const drive = path.slice(0, 1);
  return `${drive}:/${path.slice(2)}`;
}

/**
 * Folders of a target path that must be real folders, not symbolic links, nearest to the root first. Nothing may be
 * written *through* a link: an archive could have planted it.
 *
 * In a chosen folder that is every folder below it. In the original place it is every folder from the plan's own source
 * downwards; what lies above the source (`/bin` → `usr/bin`) is the system's.
 */
export function guardedFolders(
  path: RawPath,
  place: TargetPlace,
  sources: readonly string[],
): readonly RawPath[] {
  const mapped = mappedPath(path, place);
  if (mapped === null) return [];
  const names = mapped.split('/').slice(0, -1);
  const folders = names.map((_, index) => names.slice(0, index + 1).join('/'));
  if (place.kind === 'folder') return folders.map((folder) => placed(folder, place));
  const roots = sources.flatMap((source) => {
    const root = sourceAsArchivePath(source);
    return [root, mappedPath(root, place) ?? root];
  });
  return folders
    .filter((folder) => roots.some((root) => root === '' || isAtOrBelow(folder, root)))
    .map((folder) => placed(folder, place));
}

/** The folders below which nothing is written through a link, as real paths; undoing a restore keeps to the same. */
export function guardRoots(place: TargetPlace, sources: readonly string[]): readonly RawPath[] {
  if (place.kind === 'folder') return [place.dir];
  return sources.map((source) => {
    const root = sourceAsArchivePath(source);
    return placed(mappedPath(root, place) ?? root, place);
  });
}

/** The folders of a real path from one of the roots downwards. */
export function foldersBelow(target: RawPath, roots: readonly RawPath[]): readonly RawPath[] {
  const root = roots.find((one) => one === '/' || isAtOrBelow(target, one));
  if (root === undefined) return [];
  const folders: RawPath[] = [];
  for (let at = target.lastIndexOf('/'); at > root.length; at = target.lastIndexOf('/', at - 1))
    folders.push(target.slice(0, at));
  return folders.reverse();
}

/** A plan's source as a path inside the archive: `/srv/x` → `srv/x`, `C:\x` → `C/x`. */
function sourceAsArchivePath(source: string): string {
  return source
    .replace(/^([A-Za-z]):[\\/]?/, '$1/')
    .replaceAll('\\', '/')
    .replace(/^\/+/, '')
    .replace(/\/+$/, '');
}
