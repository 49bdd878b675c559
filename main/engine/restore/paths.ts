import type { RawPath } from '../platform/raw-path.ts';

/** Where a restore writes to. */
export type TargetPlace =
  | { readonly kind: 'folder'; readonly dir: string }
  | { readonly kind: 'original'; readonly platform: string };

/**
 * The real path that an entry is written to. The path shown is the path written: no folder is added in between.
 *
 * @param path the path of an entry without a hazard
 */
export function targetPath(path: RawPath, place: TargetPlace): RawPath {
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
  const names = path.split('/').slice(0, -1);
  const folders = names.map((_, index) => names.slice(0, index + 1).join('/'));
  if (place.kind === 'folder') return folders.map((folder) => targetPath(folder, place));
  const roots = sources.map((source) => sourceAsArchivePath(source));
  return folders
    .filter((folder) => roots.some((root) => folder === root || root === '' || folder.startsWith(`${root}/`)))
    .map((folder) => targetPath(folder, place));
}

/** A plan's source as a path inside the archive: `/srv/x` → `srv/x`, `C:\x` → `C/x`. */
export function sourceAsArchivePath(source: string): string {
  return source
    .replace(/^([A-Za-z]):[\\/]?/, '$1/')
    .replaceAll('\\', '/')
    .replace(/^\/+/, '')
    .replace(/\/+$/, '');
}
