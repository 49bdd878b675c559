import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { restorePointSchema } from '#shared/contract/backup.ts';
import { writeFileDurably } from '../../storage/durable.ts';
import type { NewPoint } from '../catalogue.ts';

const noteSchema = restorePointSchema.extend({
  baseId: z.string().nullable(),
  archiveBytes: z.number(),
  manifestSha256: z.string(),
});

const ENDING = '.made.json';

const noteOf = (indexDir: string, pointId: string): string => join(indexDir, `${pointId}${ENDING}`);

/**
 * Writes down what an encrypted point is before its archive gets its name. A power cut between that and the catalogue would
 * otherwise leave a complete archive that only a key could put into the catalogue.
 */
export function noteMade(indexDir: string, point: NewPoint): void {
  writeFileDurably(noteOf(indexDir, point.id), JSON.stringify(point));
}

/** The noted point; null when there is no note of it. */
export function readMade(indexDir: string, pointId: string, archivePath: string): NewPoint | null {
  try {
    const parsed = noteSchema.safeParse(JSON.parse(readFileSync(noteOf(indexDir, pointId), 'utf8')));
    return parsed.success && parsed.data.id === pointId && parsed.data.archivePath === archivePath
      ? parsed.data
      : null;
  } catch {
    // Without a note the archive is catalogued by its manifest, which takes a key.
    return null;
  }
}

/** The point is in the catalogue now. */
export function forgetMade(indexDir: string, pointId: string): void {
  rmSync(noteOf(indexDir, pointId), { force: true });
}
