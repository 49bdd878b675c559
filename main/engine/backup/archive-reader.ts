import { createHash, type Hash, hash } from 'node:crypto';
import { basename } from 'node:path';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { showPath } from '../platform/raw-path.ts';
import { type Codec, codecNamed } from './codec.ts';
import { type ArchiveKeys, NO_KEYS } from './crypto/age-head.ts';
import { type ByteSource, openSource } from './crypto/byte-source.ts';
import { readExtents, readSpan } from './extents/read-extents.ts';
import { archiveSystemError } from './faults.ts';
import { FrameReader } from './frame-reader.ts';
import type { FrameTable } from './frame-table.ts';
import type { EntryLine, SkipLine } from './manifest.ts';
import {
  type ManifestEnds,
  type ManifestSource,
  manifestEntries,
  manifestGone,
  manifestLines,
  manifestTextSha256,
  readEnds,
  readTailFrame,
} from './manifest-reader.ts';
import { manifestNameOf } from './names.ts';
import { ArchiveFault, type ArchiveReader } from './reader-types.ts';
import { parseTrailer, TRAILER_WINDOW, type Trailer } from './trailer.ts';

/** What verification needs besides reading files. */
export type ArchiveInside = ArchiveReader & {
  readonly table: FrameTable;
  readonly frames: FrameReader;
  /** True when the manifest file beside the archive had to stand in for the archive's own. */
  readonly usesSidecar: boolean;
  /** What is wrong with the archive's own trailer or tail, if anything. */
  readonly ownFault: ArchiveFault | null;
  /** Checks every tail frame, the length of the file and the hash of the manifest's text. Throws ArchiveFault. */
  readonly checkTail: () => Promise<void>;
};

type Opened = {
  readonly bytes: ByteSource;
  readonly trailer: Trailer;
  readonly codec: Codec;
  readonly wholeLength: number;
};

/** Opens a file and reads its trailer. Throws ArchiveFault or the system's error. */
async function openFile(path: string, kind: Trailer['kind'], keys: ArchiveKeys): Promise<Opened> {
  const bytes = await openSource(path, keys);
  try {
    // Without its own end, what looks like a trailer may be one that lies inside a file of the archive.
    if (bytes.fault?.code === 'BACKUP_ENCRYPTED_END_DAMAGED') throw new ArchiveFault(bytes.fault);
    const window = Math.min(bytes.size, TRAILER_WINDOW);
    const parsed = parseTrailer(await bytes.read(bytes.size - window, window));
    if (parsed === 'future')
      throw new ArchiveFault(appError('BACKUP_ARCHIVE_FROM_FUTURE', { file: path, what: 'trailer' }));
    if (parsed === 'absent') throw new ArchiveFault(appError('BACKUP_NOT_AN_ARCHIVE', { file: path }));
    if (parsed === 'damaged' || parsed.trailer.kind !== kind)
      throw new ArchiveFault(appError('BACKUP_TRAILER_DAMAGED', { file: path }));
    const codec = codecNamed(parsed.compression, path);
    if (!codec.ok) throw new ArchiveFault(codec.error);
    return { bytes, codec: codec.value, ...parsed };
  } catch (thrown) {
    await bytes.close();
    throw thrown;
  }
}

/** The manifest's frames in a file: all tail frames, without the first and last of an archive. */
function sourceIn(path: string, opened: Opened): ManifestSource {
  const { trailer, bytes, codec } = opened;
  const inside = trailer.kind === 'archive';
  return {
    file: path,
    codec,
    frames: inside ? trailer.tail.slice(1, -1) : trailer.tail,
    offset: trailer.offset + (inside ? (trailer.tail[0]?.size ?? 0) : 0),
    read: bytes.read,
  };
}

type Manifest = { readonly source: ManifestSource; readonly ends: ManifestEnds; readonly opened: Opened };

async function openManifest(path: string, kind: Trailer['kind'], keys: ArchiveKeys): Promise<Manifest> {
  const opened = await openFile(path, kind, keys);
  try {
    const source = sourceIn(path, opened);
    const ends = await readEnds(source);
    if (ends.header.id !== opened.trailer.id)
      throw new ArchiveFault(appError('BACKUP_MANIFEST_DAMAGED', { file: path }, { detail: 'id' }));
    return { source, ends, opened };
  } catch (thrown) {
    await opened.bytes.close();
    throw thrown;
  }
}

const FINAL_CODES: ReadonlySet<string> = new Set([
  'BACKUP_ARCHIVE_FROM_FUTURE',
  'BACKUP_NEEDS_ZSTD',
  'BACKUP_LOCKED',
  'BACKUP_KEY_WRONG',
  'BACKUP_ARCHIVE_ABSENT',
]);

/**
 * Opens an archive for reading: its own manifest, or, when that is damaged, the manifest file beside it.
 *
 * @param keys what opens it when it is encrypted
 * @param sidecar path of the manifest file, or undefined for the one beside the archive
 * @returns the reader, or BACKUP_ARCHIVE_ABSENT, BACKUP_NOT_AN_ARCHIVE, BACKUP_TRAILER_DAMAGED, BACKUP_MANIFEST_DAMAGED,
 *   BACKUP_ARCHIVE_FROM_FUTURE, BACKUP_NEEDS_ZSTD, FILE_UNREADABLE; for an encrypted one also BACKUP_LOCKED,
 *   BACKUP_KEY_WRONG, BACKUP_AGE_HEADER_DAMAGED, BACKUP_ENCRYPTED_END_DAMAGED, BACKUP_CHUNK_DAMAGED
 */
export async function openArchive(
  path: string,
  keys: ArchiveKeys = NO_KEYS,
  sidecar: string = manifestNameOf(path),
): Promise<Result<ArchiveInside>> {
  try {
    return ok(await openInside(path, keys, sidecar));
  } catch (thrown) {
    return err(archiveSystemError(path, thrown));
  }
}

async function openInside(path: string, keys: ArchiveKeys, sidecar: string): Promise<ArchiveInside> {
  try {
    const own = await openManifest(path, 'archive', keys);
    const { bytes } = own.opened;
    return makeReader(path, bytes, own, bytes.fault === null ? null : new ArchiveFault(bytes.fault), [bytes]);
  } catch (thrown) {
    const fault = archiveSystemError(path, thrown);
    if (FINAL_CODES.has(fault.code)) throw new ArchiveFault(fault);
    // The archive's own manifest is unusable; the copy beside it describes the same frames.
    const beside = await openManifest(sidecar, 'manifest', keys).catch(() => null);
    if (beside === null) throw new ArchiveFault(fault);
    const bytes = await openSource(path, keys).catch(() => null);
    if (bytes === null) {
      await beside.opened.bytes.close();
      throw new ArchiveFault(fault);
    }
    return makeReader(path, bytes, beside, new ArchiveFault(fault), [bytes, beside.opened.bytes]);
  }
}

function makeReader(
  path: string,
  bytes: ByteSource,
  manifest: Manifest,
  ownFault: ArchiveFault | null,
  open: readonly ByteSource[],
): ArchiveInside {
  const { source, ends, opened } = manifest;
  const frames = new FrameReader(path, opened.codec, ends.table, bytes.read);
  const own = {
    readSpan: (span: Parameters<ArchiveReader['readSpan']>[0]) => readSpan(path, frames, ends.table, span),
  };
  return {
    ...own,
    path,
    header: ends.header,
    end: ends.end,
    manifestSha256: opened.trailer.manifestSha256,
    table: ends.table,
    frames,
    usesSidecar: opened.trailer.kind === 'manifest',
    ownFault,
    entries: () => manifestEntries(source, ends),
    gone: () => manifestGone(source, ends),
    skipped: () => skips(source),
    readFile: (entry, others = () => null) =>
      checked(
        entry,
        entry.extents === undefined ? readFile(path, frames, entry) : readExtents(path, entry, own, others),
      ),
    checkTail: () => checkTail(path, manifest, ownFault),
    release: () => frames.release(),
    close: async () => {
      for (const each of open) await each.close();
    },
  };
}

async function* skips(source: ManifestSource): AsyncGenerator<SkipLine, void, void> {
  for await (const line of manifestLines(source)) if (line.k === 'skip') yield line;
}

/** Compares the hash of a content with the entry's. */
async function* checked(
  entry: EntryLine,
  content: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, void> {
  const differs = (): ArchiveFault =>
    new ArchiveFault(appError('BACKUP_CONTENT_DIFFERS', { path: showPath(entry.path) }), entry.frame ?? null);
  let sum: Hash | null = null;
  for await (const piece of content) {
    if (sum === null && piece.length === entry.size) {
      // A small file is in one piece. A hash object for each is slow to make, and slow to collect.
      if (hash('sha256', piece, 'hex') !== entry.sha256) throw differs();
      yield piece;
      return;
    }
    sum ??= createHash('sha256');
    sum.update(piece);
    yield piece;
  }
  if ((sum ?? createHash('sha256')).digest('hex') !== entry.sha256) throw differs();
}

async function* readFile(
  file: string,
  frames: FrameReader,
  entry: EntryLine,
): AsyncGenerator<Uint8Array, void, void> {
  let left = entry.size;
  let at = entry.at ?? 0;
  for (let n = entry.frame ?? 0; left > 0; n += 1) {
    if (entry.frame === undefined)
      throw new ArchiveFault(
        appError('BACKUP_MANIFEST_DAMAGED', { file }, { detail: 'content without a place' }),
      );
    const content = await frames.frame(n);
    const piece = content.subarray(at, at + left);
    if (piece.length === 0 && at >= content.length && content.length > 0)
      throw new ArchiveFault(
        appError('BACKUP_MANIFEST_DAMAGED', { file }, { detail: 'content outside its frame' }),
        n,
      );
    left -= piece.length;
    at = 0;
    yield piece;
  }
}

async function checkTail(path: string, manifest: Manifest, ownFault: ArchiveFault | null): Promise<void> {
  if (ownFault !== null) throw ownFault;
  const { source, ends, opened } = manifest;
  const { trailer, wholeLength } = opened;
  const { size } = opened.bytes;
  const tailLength = trailer.tail.reduce((sum, frame) => sum + frame.size, 0);
  const expected = ends.table.end.offset + tailLength + wholeLength;
  if (trailer.offset !== ends.table.end.offset || size !== expected)
    throw new ArchiveFault(appError('BACKUP_LENGTH_WRONG', { file: basename(path), expected, found: size }));
  const around = [trailer.tail[0], trailer.tail.at(-1)];
  const offsets = [trailer.offset, trailer.offset + tailLength - (around[1]?.size ?? 0)];
  for (const [index, frame] of around.entries())
    if (frame !== undefined) await readTailFrame(source, frame, offsets[index] ?? 0);
  if ((await manifestTextSha256(source)) !== trailer.manifestSha256)
    throw new ArchiveFault(appError('BACKUP_MANIFEST_DAMAGED', { file: path }, { detail: 'SHA-256' }));
}
