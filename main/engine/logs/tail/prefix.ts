import type { FilePosition } from '../model.ts';
import { readAt } from './identity.ts';
import { isRotatedName } from './names.ts';
import type { Opened } from './open.ts';

/** Looks up a stored line of a log file by where it starts; null when there is none. */
export type LineLookup = (key: string, offset: number) => Buffer | null;

const EDGE_BYTES = 64 * 1024;
const MAX_KNOWN = 20;

/**
 * Says whether a rotated file holds only a beginning of what is stored of a known file: a copy made by copytruncate while
 * lines went on arriving, which were read and stored before the original was truncated. Such a copy is shorter than the
 * known file's offset, so its identity cannot be compared; its first and last line can, with the store.
 */
export function isStoredBeginning(
  opened: Opened,
  known: Iterable<FilePosition>,
  lineAt: LineLookup,
): boolean {
  const { candidate, handle, path } = opened;
  const related = [...known]
    .filter((position) => position.offset > candidate.size && isRotatedName(position.path, path))
    .sort((a, b) => b.mtimeMs - a.mtimeMs)
    .slice(0, MAX_KNOWN);
  if (related.length === 0) return false;
  const head = readAt(handle, 0, Math.min(EDGE_BYTES, candidate.size));
  const start = Math.max(0, candidate.size - EDGE_BYTES);
  const tail = readAt(handle, start, candidate.size - start);
  const end = tail.lastIndexOf(10);
  if (!head.includes(10) || end < 0) return false;
  const lastStart = end === 0 ? 0 : tail.lastIndexOf(10, end - 1) + 1;
  const first = withoutReturn(head.subarray(0, head.indexOf(10)));
  const last = withoutReturn(tail.subarray(lastStart, end));
  return related.some(
    ({ key }) =>
      lineAt(key, 0)?.equals(first) === true && lineAt(key, start + lastStart)?.equals(last) === true,
  );
}

function withoutReturn(line: Buffer): Buffer {
  return line[line.length - 1] === 13 ? line.subarray(0, -1) : line;
}
