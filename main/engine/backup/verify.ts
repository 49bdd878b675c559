import { createHash, type Hash } from 'node:crypto';
import type { VerifyReport } from '#shared/contract/backup.ts';
import { type AppError, appError } from '#shared/errors/index.ts';
import { showPath } from '../platform/raw-path.ts';
import type { ArchiveInside } from './archive-reader.ts';
import { archiveSystemError } from './faults.ts';
import { HazardCheck, hazardError } from './hazards.ts';
import type { EntryLine } from './manifest.ts';
import { ArchiveFault, type ReaderOf } from './reader-types.ts';

/** What verification found; {@link VerifyReport} without the point's id. */
export type VerifyFindings = Omit<VerifyReport, 'pointId'>;

/** Called for each frame with the bytes that were checked since; may wait and may throw (cancel). */
export type VerifyBreath = (done: {
  readonly files: number;
  readonly bytes: number;
  readonly current: string;
}) => Promise<void>;

const DAMAGE_LISTED = 10_000;

type Open = {
  readonly entry: EntryLine;
  readonly hash: Hash;
  left: number;
  at: number;
  fault: AppError | null;
  frame: number;
};

/**
 * Checks a whole archive: each frame, each file's content, the tail, the length, the names, and the manifest against
 * the one that the catalogue knows.
 *
 * @param known SHA-256 of the manifest text as catalogued, or null when nobody knows
 * @param others the archives that this one builds on; without them, of files that lie there in part only this archive's
 *   frames are checked
 */
export async function verifyArchive(
  archive: ArchiveInside,
  known: string | null,
  breath: VerifyBreath,
  others: ReaderOf | null = null,
): Promise<VerifyFindings> {
  const damaged: VerifyFindings['damaged'] = [];
  let damages = 0;
  let files = 0;
  let bytes = 0;
  const found = (path: string, frame: number | null, error: AppError): void => {
    damages += 1;
    if (damaged.length < DAMAGE_LISTED) damaged.push({ path, frame, error });
  };

  if (known !== null && known !== archive.manifestSha256)
    found('', null, appError('BACKUP_MANIFEST_DIFFERS', { file: archive.path }));
  try {
    await archive.checkTail();
  } catch (thrown) {
    found('', null, archiveSystemError(archive.path, thrown));
  }

  const entries = archive.entries()[Symbol.asyncIterator]();
  const hazards = new HazardCheck();
  const pieces = new PieceFrames(archive);
  let manifestEnded = false;
  const nextContent = async (): Promise<Open | null> => {
    while (!manifestEnded) {
      const step = await entries.next();
      if (step.done) break;
      const entry = step.value;
      const hazard = hazards.check(entry);
      if (hazard !== null) found(entry.path, null, hazardError(entry.path, hazard));
      if (entry.type !== 'file') continue;
      if (entry.extents !== undefined) {
        const error = pieces.add(entry) ?? (await contentError(archive, entry, others, breath));
        if (error !== null) found(entry.path, error.frame, error.error);
        else {
          files += 1;
          bytes += entry.size;
        }
      } else if (entry.size === 0) files += 1;
      else
        return {
          entry,
          hash: createHash('sha256'),
          left: entry.size,
          at: entry.at ?? 0,
          fault: null,
          frame: entry.frame ?? -1,
        };
    }
    manifestEnded = true;
    return null;
  };
  const guardedNext = async (): Promise<Open | null> => {
    try {
      return await nextContent();
    } catch (thrown) {
      manifestEnded = true;
      found('', null, archiveSystemError(archive.path, thrown));
      return null;
    }
  };

  let open = await guardedNext();
  for (let n = 0; n < archive.table.count; n += 1) {
    let content: Buffer | null = null;
    let fault: AppError | null = null;
    try {
      content = await archive.frames.frame(n);
    } catch (thrown) {
      fault = archiveSystemError(archive.path, thrown);
    }
    const length = content?.length ?? archive.table.at(n).length;
    let named = false;
    // Files stand in the manifest in the order of their content, so one walk over the frames meets them all.
    while (open !== null && open.frame <= n) {
      if (open.frame < n && open.left === open.entry.size) {
        found(
          open.entry.path,
          null,
          appError('BACKUP_MANIFEST_DAMAGED', { file: archive.path }, { detail: 'order' }),
        );
        open = await guardedNext();
        continue;
      }
      const taken = Math.min(open.left, Math.max(0, length - open.at));
      if (fault !== null) {
        open.fault = fault;
        named = true;
        found(open.entry.path, n, fault);
      } else if (content !== null) open.hash.update(content.subarray(open.at, open.at + taken));
      open.left -= taken;
      open.at = 0;
      if (open.left > 0) break;
      if (open.fault === null) {
        files += 1;
        bytes += open.entry.size;
        if (open.hash.digest('hex') !== open.entry.sha256)
          found(
            open.entry.path,
            open.frame,
            appError('BACKUP_CONTENT_DIFFERS', { path: showPath(open.entry.path) }),
          );
      }
      open = await guardedNext();
    }
    if (fault !== null)
      for (const path of pieces.pathsAt(n)) {
        named = true;
        found(path, n, fault);
      }
    if (fault !== null && !named) found('', n, fault);
    await breath({ files, bytes: length, current: open?.entry.path ?? '' });
  }
  if (open !== null)
    found(
      open.entry.path,
      null,
      appError('BACKUP_MANIFEST_DAMAGED', { file: archive.path }, { detail: 'content after the last frame' }),
    );
  return { ok: damages === 0, files, bytes, damaged };
}

/** Which files have pieces in which frames of an archive: for naming who a damaged frame concerns. */
class PieceFrames {
  readonly #archive: ArchiveInside;
  readonly #paths = new Map<number, Set<string>>();

  constructor(archive: ArchiveInside) {
    this.#archive = archive;
  }

  /** @returns what is wrong with the places of the entry's pieces, or null */
  add(entry: EntryLine): ArchiveFault | null {
    const { table, path } = this.#archive;
    for (const extent of entry.extents ?? []) {
      if ('hole' in extent || extent.archive !== undefined) continue;
      const start = extent.frame < table.count ? table.at(extent.frame).tar + extent.at : table.end.tar;
      if (start + extent.size > table.end.tar)
        return new ArchiveFault(
          appError('BACKUP_MANIFEST_DAMAGED', { file: path }, { detail: 'an extent outside the archive' }),
        );
      for (let n = table.holding(start); n <= table.holding(start + extent.size - 1); n += 1)
        this.#paths.set(n, (this.#paths.get(n) ?? new Set()).add(entry.path));
    }
    return null;
  }

  pathsAt(frame: number): Iterable<string> {
    return this.#paths.get(frame) ?? [];
  }
}

/** Reads a content that lies in several archives. @returns what is wrong with it, or null */
async function contentError(
  archive: ArchiveInside,
  entry: EntryLine,
  others: ReaderOf | null,
  breath: VerifyBreath,
): Promise<ArchiveFault | null> {
  if (others === null) return null;
  try {
    for await (const _ of archive.readFile(entry, others))
      await breath({ files: 0, bytes: 0, current: entry.path });
    return null;
  } catch (thrown) {
    if (thrown instanceof ArchiveFault) return thrown;
    return new ArchiveFault(archiveSystemError(archive.path, thrown));
  }
}
