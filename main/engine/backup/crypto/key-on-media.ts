import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { writeFileDurably } from '../../storage/durable.ts';

/** A key file as it lies beside archives. */
export type KeyFile = { readonly name: string; readonly text: string };

const SUFFIX = '.key.age';
const MAX_KEY_FILE_BYTES = 65_536;
const MAX_KEY_FILES = 200;

function readSmall(path: string): string | null {
  try {
    const stats = lstatSync(path);
    return stats.isFile() && stats.size <= MAX_KEY_FILE_BYTES ? readFileSync(path, 'utf8') : null;
  } catch {
    // Absent, or not to be read: for the caller there is no such key file.
    return null;
  }
}

/**
 * Puts key files into a folder of archives. One of another key that has the name already is never overwritten, because it may be the
 * only copy: the new one then carries a few digits of its hash.
 *
 * @throws the system's error
 */
export function writeKeyFiles(dir: string, files: readonly KeyFile[]): void {
  for (const { name, text } of files) {
    const plain = join(dir, `${name}${SUFFIX}`);
    const found = readSmall(plain);
    if (found === text) continue;
    const digits = createHash('sha256').update(text).digest('hex').slice(0, 8);
    const isFree = found === null && lstatSync(plain, { throwIfNoEntry: false }) === undefined;
    const path = isFree ? plain : join(dir, `${name}.${digits}${SUFFIX}`);
    if (isFree || readSmall(path) !== text) writeFileDurably(path, text);
  }
}

/** The names of key files that lie directly in a folder. */
function keyFileNames(dir: string): readonly string[] {
  try {
    return readdirSync(dir)
      .filter((name) => name.endsWith(SUFFIX) && name.length > SUFFIX.length)
      .slice(0, MAX_KEY_FILES);
  } catch {
    return [];
  }
}

/** The key files that lie directly in a folder. */
export function keyFilesIn(dir: string): readonly KeyFile[] {
  return keyFileNames(dir).flatMap((name) => {
    const text = readSmall(join(dir, name));
    return text === null ? [] : [{ name: name.slice(0, -SUFFIX.length), text }];
  });
}

/** What the search for key files is started with: folders that may lie on disks that hang. */
export const keyFilesTaskSchema = z.object({ dirs: z.array(z.string()) });
export type KeyFilesTask = z.infer<typeof keyFilesTaskSchema>;

/** The key files in folders of archives, and in the folders right below them. */
export function findKeyFiles({ dirs }: KeyFilesTask): readonly KeyFile[] {
  return dirs.flatMap(searchFolder).slice(0, MAX_KEY_FILES);
}

function searchFolder(dir: string): readonly KeyFile[] {
  const found = [...keyFilesIn(dir)];
  try {
    for (const entry of readdirSync(dir, { withFileTypes: true }))
      if (entry.isDirectory()) found.push(...keyFilesIn(join(dir, entry.name)));
  } catch {
    // A folder that cannot be listed has no keys; what is done with it next says why.
  }
  return found;
}
