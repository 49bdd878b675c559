import { appError } from '#shared/errors/index.ts';
import { showPath } from '../../platform/raw-path.ts';
import type { FrameReader } from '../frame-reader.ts';
import type { FrameTable } from '../frame-table.ts';
import type { EntryLine, ExtentLine, HeaderLine } from '../manifest.ts';
import { ArchiveFault, type ReaderOf } from '../reader-types.ts';

const ZEROS = Buffer.alloc(1 << 20);

const damaged = (file: string, detail: string, frame: number | null = null): ArchiveFault =>
  new ArchiveFault(appError('BACKUP_MANIFEST_DAMAGED', { file }, { detail }), frame);

/** What an extent stands for in the content, in bytes. */
function extentSize(extent: ExtentLine): number {
  return 'hole' in extent ? extent.hole : extent.size;
}

/** What is wrong with the extents of an entry by itself; null when nothing is. */
export function extentsFault(
  { type, size, frame, extents }: EntryLine,
  { needs }: HeaderLine,
): string | null {
  if (extents === undefined) return null;
  if (!needs.includes('extents')) return 'extents that the header does not announce';
  if (type !== 'file') return 'extents of something that is no file';
  if (frame !== undefined) return 'a place beside extents';
  const sum = extents.reduce((total, extent) => total + extentSize(extent), 0);
  return sum === size ? null : `extents of ${sum} bytes for ${size}`;
}

/** The bytes from a place of the tar stream on, in pieces of at most one frame. Throws ArchiveFault. */
export async function* readSpan(
  file: string,
  frames: FrameReader,
  table: FrameTable,
  span: { readonly frame: number; readonly at: number; readonly size: number },
): AsyncGenerator<Uint8Array, void, void> {
  const start = span.frame < table.count ? table.at(span.frame).tar + span.at : Number.POSITIVE_INFINITY;
  if (start + span.size > table.end.tar) throw damaged(file, 'an extent outside the archive');
  let n = table.holding(start);
  let at = start - table.at(n).tar;
  for (let left = span.size; left > 0; n += 1) {
    const piece = (await frames.frame(n)).subarray(at, at + left);
    left -= piece.length;
    at = 0;
    if (piece.length > 0) yield piece;
  }
}

/**
 * The content of an entry with extents, without a check of its hash.
 *
 * @param own reads spans of the archive that the entry is in
 * @param others the archives that this one builds on
 */
export async function* readExtents(
  file: string,
  entry: EntryLine,
  own: ReturnType<ReaderOf>,
  others: ReaderOf,
): AsyncGenerator<Uint8Array, void, void> {
  for (const extent of entry.extents ?? []) {
    if ('hole' in extent) {
      for (let left = extent.hole; left > 0; left -= ZEROS.length)
        yield ZEROS.subarray(0, Math.min(left, ZEROS.length));
      continue;
    }
    const reader = extent.archive === undefined ? own : others(extent.archive);
    if (reader === null)
      throw new ArchiveFault(
        appError('BACKUP_EXTENT_ELSEWHERE', {
          file,
          path: showPath(entry.path),
          archive: extent.archive ?? '',
        }),
      );
    yield* reader.readSpan(extent);
  }
}
