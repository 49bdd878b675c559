import { existsSync, unlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { describeThrown } from '#shared/errors/index.ts';
import { syncFolder } from '../../storage/durable.ts';
import { systemCode } from '../../storage/io-error.ts';
import { manifestNameOf, sumsNameOf } from '../names.ts';

/** How removing the files of an archive went. */
export type FilesRemoved = {
  /** True when the archive itself is gone, durably. */
  readonly archive: boolean;
  /** What could not be removed, and why; null when nothing is left. */
  readonly failed: { readonly file: string; readonly why: string } | null;
};

function unlinkIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch (thrown) {
    if (systemCode(thrown) !== 'ENOENT') throw thrown;
  }
}

/**
 * Removes an archive and what lies beside it. The archive goes first and durably: what is left after a power cut is no
 * archive any more, and is listed nowhere.
 */
export function removeArchiveFiles(archive: string): FilesRemoved {
  const failure = (file: string, thrown: unknown): FilesRemoved['failed'] => {
    if (systemCode(thrown) === '') throw thrown;
    return { file, why: describeThrown(thrown) };
  };
  const folder = dirname(archive);
  try {
    unlinkIfThere(archive);
    if (existsSync(folder)) syncFolder(folder);
  } catch (thrown) {
    return { archive: false, failed: failure(archive, thrown) };
  }
  let failed: FilesRemoved['failed'] = null;
  for (const file of [manifestNameOf(archive), sumsNameOf(archive)]) {
    try {
      unlinkIfThere(file);
    } catch (thrown) {
      failed ??= failure(file, thrown);
    }
  }
  try {
    if (existsSync(folder)) syncFolder(folder);
  } catch (thrown) {
    failed ??= failure(folder, thrown);
  }
  return { archive: true, failed };
}
