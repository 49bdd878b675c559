import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { describeThrown } from '#shared/errors/index.ts';
import type { HashedFile } from './verify.ts';

async function hashOf(file: string, signal: AbortSignal): Promise<HashedFile> {
  const hash = createHash('sha256');
  try {
    for await (const piece of createReadStream(file, { highWaterMark: 1 << 20, signal }))
      hash.update(piece as Buffer);
    return { file, hash: hash.digest('hex'), why: '' };
  } catch (thrown) {
    const { code } = thrown as { readonly code?: unknown };
    return { file, hash: null, why: code === 'ENOENT' ? 'missing' : describeThrown(thrown) };
  }
}

/** The SHA-256 of files, or why there is none. */
export async function hashFiles(
  files: readonly string[],
  signal: AbortSignal,
): Promise<readonly HashedFile[]> {
  const hashed: HashedFile[] = [];
  for (const file of files) if (!signal.aborted) hashed.push(await hashOf(file, signal));
  return hashed;
}
