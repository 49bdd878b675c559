import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { syncFolder, writeFileDurably } from '../../storage/durable.ts';

/** The scratch folder of an import inside the metrics folder. */
export const IMPORT_FOLDER = 'import.tmp';
/** Written when every partition of an import is complete; from then on the import counts, whatever happens. */
const JOURNAL = 'ready.json';

const journalSchema = z.object({
  version: z.literal(1),
  /** File names: inside the scratch folder, and in the metrics folder. */
  moves: z.array(z.object({ from: z.string(), to: z.string() })),
});

/** Where a built partition goes: file names inside the scratch folder and the metrics folder. */
export type Move = z.infer<typeof journalSchema>['moves'][number];

/**
 * Makes a finished import count, all of its partitions or none: the journal says where each file goes, and a crash
 * between two renames is made good by {@link resumeAdoption} at the next start.
 *
 * @throws what the file system throws; before the journal stands nothing has changed
 */
export function adopt(folder: string, moves: readonly Move[]): void {
  writeFileDurably(join(folder, IMPORT_FOLDER, JOURNAL), JSON.stringify({ version: 1, moves }));
  moveAll(folder, moves);
}

/** At the start: finishes an import that counts already, and removes what is left of one that does not. */
export function resumeAdoption(folder: string): void {
  const scratch = join(folder, IMPORT_FOLDER);
  const journal = join(scratch, JOURNAL);
  if (existsSync(journal))
    moveAll(folder, journalSchema.parse(JSON.parse(readFileSync(journal, 'utf8'))).moves);
  else rmSync(scratch, { recursive: true, force: true });
}

function moveAll(folder: string, moves: readonly Move[]): void {
  const scratch = join(folder, IMPORT_FOLDER);
  for (const { from, to } of moves)
    if (existsSync(join(scratch, from))) renameSync(join(scratch, from), join(folder, to));
  syncFolder(folder);
  rmSync(scratch, { recursive: true, force: true });
  syncFolder(folder);
}
