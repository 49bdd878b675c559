import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { openArchive } from '../archive-reader.ts';
import type { StoredPoint } from '../catalogue.ts';
import { archiveSystemError } from '../faults.ts';

/** Archives tried before a key is said to open none: the newest may be on a medium that is not here. */
const MOST_TRIED = 5;

/**
 * Tries whether an identity still opens archives: opens the newest one at hand and decrypts a real frame of it.
 *
 * @param points encrypted points of the plans that use the key, the newest first
 * @returns the point that it opened; BACKUP_KEY_NOTHING_TO_TEST when none is at hand, otherwise what the newest one said
 */
export async function tryKey(
  identity: string,
  points: readonly StoredPoint[],
): Promise<Result<{ readonly pointId: string }>> {
  let tried = 0;
  for (const { id, archivePath, manifestSha256 } of points) {
    if (tried >= MOST_TRIED) break;
    const opened = await openArchive(archivePath, { identities: [identity] });
    if (!opened.ok && opened.error.code === 'BACKUP_ARCHIVE_ABSENT') {
      tried += 1;
      continue;
    }
    if (!opened.ok) return opened;
    const archive = opened.value;
    try {
      if (archive.manifestSha256 !== manifestSha256)
        return err(appError('BACKUP_MANIFEST_DIFFERS', { file: archivePath }));
      if (archive.table.count > 0) await archive.frames.frame(0);
      return ok({ pointId: id });
    } catch (thrown) {
      return err(archiveSystemError(archivePath, thrown));
    } finally {
      await archive.close();
    }
  }
  return err(appError('BACKUP_KEY_NOTHING_TO_TEST'));
}
