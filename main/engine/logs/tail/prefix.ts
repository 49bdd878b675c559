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
/** Lines before the last that are looked up where the last is not stored: a pipeline may have dropped or joined it. */
const MORE_LINES = 8;
/** So many lines stored at the very places prove it together with the head, where masking has changed their text. */
const PLACES = 3;

/**
 * Says whether a rotated file holds only a beginning of what is stored of a known file: a copy made by copytruncate while
 * lines went on arriving, which were read and stored before the original was truncated. Such a copy is shorter than the
 * known file's offset, so its identity cannot be compared; its first and last lines can, with the store. A head that
 * differs settles it without looking anything up: while this goes on, names move.
 */
export function isStoredBeginning(
  opened: Opened,
  known: Iterable<FilePosition>,
  lineAt: LineLookup,
  encoding: LogEncoding = 'auto',
): boolean {
  const { candidate, path } = opened;
  const heads = new Map<number, Buffer>();
  const headIs = ({ headLength, headHash }: FilePosition): boolean | null => {
    if (headLength < STRONG_HEAD_BYTES || candidate.head.length < headLength) return null;
    const head = heads.get(headLength) ?? sha256(candidate.head.subarray(0, headLength));
    heads.set(headLength, head);
    return head.equals(headHash);
  };
  const related = [...known]
    .filter(
      (position) =>
        position.offset > candidate.size && isRotatedName(position.path, path) && headIs(position) !== false,
    )
    .sort((a, b) => b.mtimeMs - a.mtimeMs)
    .slice(0, MAX_KNOWN);
  if (related.length === 0) return false;
  const { first, last } = edges(opened, encoding);
  const end = last.at(-1);
  if (first === undefined || end === undefined) return false;
  return related.some((position) => {
    const look = (line: RawLine): Buffer | null => lineAt(position.key, line.offset);
    const hasEnd = isStored(end.raw, look(end));
    if (headIs(position) !== true) return hasEnd && isStored(first.raw, look(first));
    if (hasEnd) return true;
    const found = last.map((line) => ({ line, stored: look(line) })).filter(({ stored }) => stored !== null);
    return found.length >= PLACES || found.some(({ line, stored }) => isStored(line.raw, stored));
  });
}

/** The first complete line of a file and the last ones, decoded as its lines are stored. */
function edges(
  { handle, candidate }: Opened,
  encoding: LogEncoding,
): { readonly first: RawLine | undefined; readonly last: readonly RawLine[] } {
  const unit = lineUnitOf(candidate.head, encoding);
  const decoder = new LineDecoder(encoding, unit);
  const decoded = (line: RawLine): RawLine => ({
    ...line,
    raw: decoder.decode(line.raw, line.offset === 0),
  });
  const none = Buffer.alloc(0);
  const head = readAt(handle, 0, Math.min(EDGE_BYTES, candidate.size));
  const [first] = new LineCutter(0, none, unit).push(head).lines;
  const back = Math.max(0, candidate.size - EDGE_BYTES);
  const start = back - (back % unitBytes(unit));
  const tail = readAt(handle, start, candidate.size - start);
  const cut = new LineCutter(start, none, unit).push(tail).lines;
  // Where the reading did not begin with the file, the first line may be the end of one.
  const whole = start === 0 ? cut : cut.slice(1);
  return {
    first: first === undefined ? undefined : decoded(first),
    last: whole.slice(-MORE_LINES - 1).map(decoded),
  };
}

function isStored(line: Buffer, stored: Buffer | null): boolean {
  if (stored === null) return false;
  if (stored.equals(line)) return true;
  // The first line of a joined event.
  return (
    stored.length > line.length && stored[line.length] === 10 && stored.subarray(0, line.length).equals(line)
  );
}
