import type { LogEncoding } from '#shared/contract/logs-reading.ts';
import type { FilePosition } from '../model.ts';
import { LineDecoder, lineUnitOf, unitBytes } from './encoding.ts';
import { readAt, STRONG_HEAD_BYTES, sha256 } from './identity.ts';
import { LineCutter, type RawLine } from './lines.ts';
import { isRotatedName } from './names.ts';
import type { Opened } from './open.ts';

/** Looks up a stored line of a log file by where it starts; null when there is none. */
export type LineLookup = (key: string, offset: number) => Buffer | null;

const EDGE_BYTES = 64 * 1024;
const MAX_KNOWN = 20;
/** Lines at either end of a copy that are compared with what is stored. */
const EDGE_LINES = 64;
/** So many lines stored at the very places prove it together with the head, where masking has changed their text. */
const PLACES = 3;

/**
 * Says whether a rotated file holds only a beginning of what is stored of a known file: a copy made by copytruncate while
 * lines went on arriving, which were read and stored before the original was truncated. Such a copy is shorter than the
 * known file's offset, so its identity cannot be compared; its first and last lines can, with the store. Of several lines
 * at either end one has to be there: a pipeline may have dropped others, or joined them to the line before.
 */
export function isStoredBeginning(
  opened: Opened,
  known: Iterable<FilePosition>,
  lineAt: LineLookup,
  encoding: LogEncoding = 'auto',
): boolean {
  const { candidate, path } = opened;
  const related = [...known]
    .filter((position) => position.offset > candidate.size && isRotatedName(position.path, path))
    .sort((a, b) => b.mtimeMs - a.mtimeMs)
    .slice(0, MAX_KNOWN);
  if (related.length === 0) return false;
  const { first, last } = edges(opened, encoding);
  if (first.length === 0 || last.length === 0) return false;
  return related.some((position) => {
    const same = (line: RawLine): boolean => isStored(line.raw, lineAt(position.key, line.offset));
    const { headLength, headHash } = position;
    const hasHead =
      headLength >= STRONG_HEAD_BYTES &&
      candidate.head.length >= headLength &&
      sha256(candidate.head.subarray(0, headLength)).equals(headHash);
    if (!hasHead) return first.some(same) && last.some(same);
    return (
      last.some(same) || last.filter(({ offset }) => lineAt(position.key, offset) !== null).length >= PLACES
    );
  });
}

/** The complete lines at the beginning and at the end of a file, decoded as its lines are stored. */
function edges(
  { handle, candidate }: Opened,
  encoding: LogEncoding,
): { readonly first: readonly RawLine[]; readonly last: readonly RawLine[] } {
  const unit = lineUnitOf(candidate.head, encoding);
  const decoder = new LineDecoder(encoding, unit);
  const decoded = (lines: readonly RawLine[]): readonly RawLine[] =>
    lines.map((line) => ({ ...line, raw: decoder.decode(line.raw, line.offset === 0) }));
  const none = Buffer.alloc(0);
  const head = readAt(handle, 0, Math.min(EDGE_BYTES, candidate.size));
  const first = new LineCutter(0, none, unit).push(head).lines.slice(0, EDGE_LINES);
  const back = Math.max(0, candidate.size - EDGE_BYTES);
  const start = back - (back % unitBytes(unit));
  const tail = readAt(handle, start, candidate.size - start);
  const cut = new LineCutter(start, none, unit).push(tail).lines;
  // Where the reading did not begin with the file, the first line may be the end of one.
  return { first: decoded(first), last: decoded((start === 0 ? cut : cut.slice(1)).slice(-EDGE_LINES)) };
}

function isStored(line: Buffer, stored: Buffer | null): boolean {
  if (stored === null) return false;
  if (stored.equals(line)) return true;
  // The first line of a joined event.
  return (
    stored.length > line.length && stored[line.length] === 10 && stored.subarray(0, line.length).equals(line)
  );
}
