import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { err, ok, type Result } from '#shared/errors/index.ts';
import { syncFolder } from '../../storage/durable.ts';
import { ioError } from '../../storage/io-error.ts';
import type { RotationRecord } from './journal.ts';
import { stampOf } from './steps-old-file.ts';

/**
 * Removes the old file after it was archived, unless it was written to since: then it must be packed again.
 *
 * @returns false when it grew; it is still there then
 */
export function removeOld({ working, stat, part }: RotationRecord): Result<boolean> {
  // The old file itself became the segment.
  if (part === null) return ok(true);
  try {
    const now = stampOf(working);
    if (now === null) return ok(true);
    if (now.bytes !== stat?.bytes || now.mtimeNs !== stat.mtimeNs) return ok(false);
    rmSync(working);
    syncFolder(dirname(working));
    return ok(true);
  } catch (thrown) {
    return err(ioError(working, thrown));
  }
}

/** Removes the plain file of a segment that was compressed. Throws the system's error. */
export function removePlain(file: string): void {
  rmSync(file, { force: true });
  syncFolder(dirname(file));
}
