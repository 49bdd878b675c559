import { createHash } from 'node:crypto';
import { type BigIntStats, createReadStream } from 'node:fs';
import { lstat, readlink } from 'node:fs/promises';
import { decodePath, fsPath, type RawPath } from '../platform/raw-path.ts';
import type { Existing } from './decide.ts';

/** `lstat` that says null where there is nothing. Other failures are thrown. */
export async function lstatOrNull(path: RawPath): Promise<BigIntStats | null> {
  try {
    return await lstat(fsPath(path), { bigint: true });
  } catch (thrown) {
    const code = (thrown as { readonly code?: unknown }).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw thrown;
  }
}

/** SHA-256 of a file's content, hexadecimal. */
export async function hashFile(path: RawPath, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  const stream = createReadStream(fsPath(path), { highWaterMark: 256 * 1024, ...(signal ? { signal } : {}) });
  for await (const piece of stream) hash.update(piece as Buffer);
  return hash.digest('hex');
}

/**
 * Looks at what stands at a target. The content is hashed only when its size equals the entry's: only then the hash can
 * decide anything. Equal times alone never count as "same", because damaged content keeps its time.
 */
export async function inspect(
  path: RawPath,
  entrySize: number,
  signal: AbortSignal,
): Promise<Existing | null> {
  const stats = await lstatOrNull(path);
  if (stats === null) return null;
  const type = stats.isFile()
    ? 'file'
    : stats.isDirectory()
      ? 'directory'
      : stats.isSymbolicLink()
        ? 'symlink'
        : 'other';
  return {
    type,
    size: Number(stats.size),
    mode: Number(stats.mode & 0o7777n),
    mtimeNs: stats.mtimeNs,
    link: type === 'symlink' ? decodePath(await readlink(fsPath(path), 'buffer')) : null,
    sha256: type === 'file' && Number(stats.size) === entrySize ? await hashFile(path, signal) : null,
  };
}
