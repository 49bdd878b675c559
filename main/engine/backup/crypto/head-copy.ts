import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { sumsNameOf } from '../names.ts';
import { headOf, MAX_HEAD_BYTES } from './age-head.ts';

/** Two heads in base64 and the hashes; a longer file is not ours. */
const MAX_SUMS_BYTES = 4 * MAX_HEAD_BYTES;

/**
 * The line of a `.sha256` file that repeats the head of an encrypted file. `sha256sum` takes it for a comment. A head is
 * public and short, but one flipped bit in it would close the whole file to every key.
 *
 * @param name file name without folder
 */
export function headCopyLine(name: string, head: Buffer): string {
  return `# age-header ${name} ${head.toString('base64')}\n`;
}

/** The copy of a file's head beside it, or null when there is none. */
export async function rememberedHead(path: string): Promise<Buffer | null> {
  const sums = sumsNameOf(path);
  try {
    if ((await stat(sums)).size > MAX_SUMS_BYTES) return null;
    const start = `# age-header ${basename(path)} `;
    const line = (await readFile(sums, 'utf8')).split('\n').find((each) => each.startsWith(start));
    return line === undefined ? null : headOf(Buffer.from(line.slice(start.length), 'base64'));
  } catch {
    // It is a help, not a need: what is wrong with the file itself is told.
    return null;
  }
}
