import { type AppError, appError } from '#shared/errors/index.ts';
import type { Written } from './archive-builder.ts';
import { type ArchiveInside, openArchive } from './archive-reader.ts';
import { checkFrames } from './check-frames.ts';
import { archiveSystemError } from './faults.ts';
import { HazardCheck, hazardError } from './hazards.ts';
import type { EntryLine } from './manifest.ts';
import { buildPointIndex, pointIndexPath } from './point-index.ts';
import { PHASES, type ProgressMeter } from './progress.ts';
import { ArchiveFault } from './reader-types.ts';

/** What is read back, and what is known of it. */
export type ReadBack = {
  readonly pointId: string;
  readonly indexDir: string;
  readonly archivePart: string;
  readonly manifestPart: string;
  readonly written: Written;
  /** Frames from the first on that were read back and checked while later ones were written. */
  readonly proven?: number;
};

/**
 * Reads everything back from the target and checks it, and makes the index on the way.
 *
 * The hash of each frame is that of the bytes that the compressor gave, and each frame unpacks, which proves its content by
 * the compressor's own checksum. So the files' hashes, taken from the same memory that was compressed, are not computed again.
 */
export async function readBack(
  what: ReadBack,
  meter: ProgressMeter,
  paced: (bytes: number) => Promise<void>,
): Promise<void> {
  const { archivePart, manifestPart, written, proven = 0 } = what;
  const failed = (error: AppError): ArchiveFault => readBackFailed(archivePart, error);
  meter.begin(PHASES.verifying, 'bytes', written.end.bytes);
  const { secrets } = written;
  const fileKeys = new Map(
    secrets === null
      ? []
      : [
          [archivePart, secrets.archive.fileKey],
          [manifestPart, secrets.manifest.fileKey],
        ],
  );
  const opened = await openArchive(archivePart, { identities: [], fileKeys }, manifestPart);
  if (!opened.ok) throw failed(opened.error);
  const archive = opened.value;
  try {
    if (archive.manifestSha256 !== written.manifestSha256)
      throw failed(appError('BACKUP_MANIFEST_DIFFERS', { file: archivePart }));
    if (proven > 0) meter.add(0, archive.table.at(proven - 1).tar, '');
    try {
      await archive.checkTail();
      await checkFrames(archive.frames, proven, archive.table.count, (bytes) => {
        meter.add(0, bytes, '');
        return paced(bytes);
      });
    } catch (thrown) {
      throw failed(archiveSystemError(archivePart, thrown));
    }
    meter.begin(PHASES.cataloguing, 'files', written.end.entries);
    const indexed = await buildPointIndex(
      pointIndexPath(what.indexDir, what.pointId),
      { ...archive, entries: () => soundEntries(archive, failed) },
      written.facts,
    );
    if (!indexed.ok) throw new ArchiveFault(indexed.error);
  } finally {
    await archive.close();
  }
}

/** The failure of a run whose archive is not what was written. */
export function readBackFailed(archivePart: string, error: AppError): ArchiveFault {
  return new ArchiveFault(appError('BACKUP_READ_BACK_FAILED', { file: archivePart, ...error.message }));
}

/** The entries as they were read back; throws at the first that could not be restored. */
async function* soundEntries(
  archive: ArchiveInside,
  failed: (error: AppError) => ArchiveFault,
): AsyncGenerator<EntryLine, void, void> {
  const hazards = new HazardCheck();
  for await (const entry of archive.entries()) {
    const hazard = hazards.check(entry);
    if (hazard !== null) throw failed(hazardError(entry.path, hazard));
    if (!liesInside(archive, entry))
      throw failed(
        appError(
          'BACKUP_MANIFEST_DAMAGED',
          { file: archive.path },
          { detail: 'a content outside the archive' },
        ),
      );
    yield entry;
  }
}

/** Whether all that an entry says lies in this archive does. */
function liesInside({ table }: ArchiveInside, entry: EntryLine): boolean {
  if (entry.type !== 'file') return true;
  const isInside = (frame: number, at: number, size: number): boolean =>
    frame < table.count && table.at(frame).tar + at + size <= table.end.tar;
  if (entry.extents === undefined)
    return (
      entry.size === 0 || (entry.frame !== undefined && isInside(entry.frame, entry.at ?? 0, entry.size))
    );
  return entry.extents.every(
    (extent) =>
      'hole' in extent || extent.archive !== undefined || isInside(extent.frame, extent.at, extent.size),
  );
}
