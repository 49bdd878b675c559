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

/**
 * Says whether a name may be another name of a log: a rotated form of it, or one that begins with it in a way of its own
 * (`app.log.monday`, `app_before-update.log`). Programs of one kind write the same lines into `node-a.log` and `node-b.log`,
 * and of such names content alone proves nothing.
 */
export function isKinName(path: string, other: string): boolean {
  if (path === other) return true;
  if (dirname(path) !== dirname(other)) return false;
  const name = basename(path);
  const candidate = basename(other);
  if (candidate.startsWith(name)) return true;
  const dot = name.lastIndexOf('.');
  const stem = dot > 0 ? name.slice(0, dot) : name;
  return candidate.startsWith(stem) && /^[^\p{L}\p{N}]/u.test(candidate.slice(stem.length));
}
