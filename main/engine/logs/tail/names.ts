import { basename, dirname } from 'node:path';

/** `.backup` is what logrotate appends to a rotated file that stood in its way. */
const SUFFIX = /^[.\-_]?(?:\d[\d.\-_T:]*|old|bak|prev)(?:\.backup)?$/;

/**
 * Says whether a name looks like a rotated form of a log's name: `app.log.1`, `app.log-20261122`, `app-2026-11-22.log`,
 * `app.1.log`. Both are full paths; a rotated file stands in the same folder.
 */
export function isRotatedName(path: string, rotated: string): boolean {
  if (path === rotated || dirname(path) !== dirname(rotated)) return false;
  const name = basename(path);
  const other = basename(rotated);
  if (other.startsWith(name) && SUFFIX.test(other.slice(name.length))) return true;
  const dot = name.lastIndexOf('.');
  if (dot <= 0) return false;
  const stem = name.slice(0, dot);
  const extension = name.slice(dot);
  return (
    other.startsWith(stem) &&
    other.endsWith(extension) &&
    other.length > name.length &&
    SUFFIX.test(other.slice(stem.length, other.length - extension.length))
  );
}
