import { lstatSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { VerifyReport } from '#shared/contract/backup.ts';
import { type AppError, appError, err, ok, type Result } from '#shared/errors/index.ts';
import { hashFile } from '../copy/copy-file.ts';
import { archiveSystemError } from '../faults.ts';
import { manifestNameOf, sumsNameOf } from '../names.ts';

/** What is known of an archive file from the outside. */
export type OuterFacts = {
  readonly archivePath: string;
  /** Size and SHA-256 as catalogued when the run had verified the content; null when this console did not make it. */
  readonly archiveBytes: number | null;
  readonly archiveSha256: string | null;
};

/** What the outside tells: {@link VerifyReport} without the point's id. `proven` means against the catalogue, not the medium. */
export type OuterFindings = Omit<VerifyReport, 'pointId'> & { readonly proven: boolean };

/** More than two hashes and two copied headers take; see head-copy.ts. */
const MAX_SUMS = 300_000;

/** Hashes of a `.sha256` file by file name; empty when there is none. */
function sumsBeside(archivePath: string): ReadonlyMap<string, string> {
  try {
    const text = readFileSync(sumsNameOf(archivePath), 'utf8').slice(0, MAX_SUMS);
    return new Map(
      [...text.matchAll(/^([0-9a-f]{64}) [ *](.+)$/gm)].map(([, hash = '', name = '']) => [name, hash]),
    );
  } catch {
    // It is one of two witnesses; the caller says when there is none.
    return new Map();
  }
}

/** Compares the manifest file with the `.sha256` beside it; null when it is right, or one of the two is not there. */
export async function manifestFileProblem(
  archivePath: string,
  breath: (bytes: number) => Promise<void>,
): Promise<AppError | null> {
  const manifest = manifestNameOf(archivePath);
  const expected = sumsBeside(archivePath).get(basename(manifest));
  if (expected === undefined || lstatSync(manifest, { throwIfNoEntry: false }) === undefined) return null;
  return (await hashFile(manifest, breath)) === expected
    ? null
    : appError('BACKUP_OUTER_HASH_DIFFERS', { file: manifest });
}

/**
 * Verifies an encrypted archive without a key: size and SHA-256 of the file. When the catalogue has the hash since the run, in
 * which the content was verified, equal bytes are equal content; the `.sha256` file beside the archive proves less, because who
 * changes one can change the other.
 *
 * @returns the findings; BACKUP_OUTER_UNKNOWN when there is nothing to compare with, BACKUP_ARCHIVE_ABSENT
 */
export async function verifyOuter(
  { archivePath, archiveBytes, archiveSha256 }: OuterFacts,
  breath: (bytes: number) => Promise<void>,
): Promise<Result<OuterFindings>> {
  const damaged: VerifyReport['damaged'] = [];
  const found = (error: AppError): void => {
    damaged.push({ path: '', frame: null, error });
  };
  try {
    const expected = archiveSha256 ?? sumsBeside(archivePath).get(basename(archivePath)) ?? null;
    const { size } = lstatSync(archivePath);
    if (expected === null) return err(appError('BACKUP_OUTER_UNKNOWN', { file: basename(archivePath) }));
    if (archiveBytes !== null && size !== archiveBytes)
      found(
        appError('BACKUP_OUTER_SIZE_DIFFERS', { file: archivePath, expected: archiveBytes, found: size }),
      );
    else if ((await hashFile(archivePath, breath)) !== expected)
      found(appError('BACKUP_OUTER_HASH_DIFFERS', { file: archivePath }));
    const beside = await manifestFileProblem(archivePath, breath);
    if (beside !== null) found(beside);
    return ok({
      ok: damaged.length === 0,
      files: 0,
      bytes: size,
      damaged,
      outer: true,
      proven: archiveSha256 !== null,
    });
  } catch (thrown) {
    return err(archiveSystemError(archivePath, thrown));
  }
}
