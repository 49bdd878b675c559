import { lstatSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { writeFileDurably } from '../../storage/durable.ts';
import { onTarget } from '../faults.ts';
import { ArchiveFault } from '../reader-types.ts';
import { mediumFile, parseMedium } from './medium-file.ts';

/** What the thread that writes a target's kit is started with. */
export const kitTaskSchema = z.object({
  root: z.string(),
  /** The medium that must be there; null for a folder. */
  medium: z.object({ id: z.string(), label: z.string() }).nullable(),
  files: z.array(z.object({ name: z.string(), text: z.string() })),
});
export type KitTask = z.infer<typeof kitTaskSchema>;

/** Names of the files that every target carries. */
export const KIT_FILES = ['README.zh.txt', 'README.en.txt', 'FORMAT.txt', 'CATALOGUE.json'] as const;

/** True for what a kill may have left while one of the kit's files was written. */
export function isKitLeftover(name: string): boolean {
  const at = name.indexOf('.part-');
  return at > 0 && (KIT_FILES as readonly string[]).includes(name.slice(0, at));
}

/** Writes the files that a target carries; each changes from old to new at once. */
export async function writeKit(task: KitTask): Promise<Result<object>> {
  try {
    onTarget(task.root, () => {
      if (task.medium !== null) {
        const found = parseMedium(readFileSync(mediumFile(task.root), 'utf8'));
        if (found?.id !== task.medium.id)
          throw new ArchiveFault(
            appError('BACKUP_MEDIUM_WRONG', {
              root: task.root,
              wanted: task.medium.label,
              found: found?.label ?? '?',
            }),
          );
      }
      for (const name of readdirSync(task.root))
        if (isKitLeftover(name)) rmSync(join(task.root, name), { force: true });
      for (const { name, text } of task.files) {
        const path = join(task.root, name);
        const bytes = Buffer.from(text, 'utf8');
        const isSame =
          lstatSync(path, { throwIfNoEntry: false })?.size === bytes.length &&
          readFileSync(path).equals(bytes);
        if (!isSame) writeFileDurably(path, bytes, 0o644);
      }
    });
    return ok({});
  } catch (thrown) {
    if (thrown instanceof ArchiveFault) return err(thrown.error);
    throw thrown;
  }
}
