import type { RawPath } from '../platform/raw-path.ts';

/**
 * The order in which a walk meets paths: a folder, then all that is in it, names by UTF-16 code unit. It is the plain
 * order of the paths with the slash before every other character.
 */
export function walkOrder(a: RawPath, b: RawPath): number {
  const shared = Math.min(a.length, b.length);
  for (let index = 0; index < shared; index += 1) {
    const one = a.charCodeAt(index);
    const other = b.charCodeAt(index);
    if (one === other) continue;
    if (one === SLASH) return -1;
    if (other === SLASH) return 1;
    return one - other;
  }
  return a.length - b.length;
}

const SLASH = 0x2f;

/** The folder that a path is in; an empty string at the top. */
export function folderOf(path: RawPath): RawPath {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

/** True when a path is the folder or lies below it. The top holds everything. */
export function isWithin(path: RawPath, folder: RawPath): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`);
}
