import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { ok, type Result } from '#shared/errors/index.ts';
import type { OpenRemoteFile } from './remote-files.ts';

/** What is fetched of a compressed log, and what may come out of it; a larger one is left alone. */
const MAX_COMPRESSED = 64 * 1024 * 1024;
const MAX_INFLATED = 128 * 1024 * 1024;
const inflate = promisify(gunzip);

/**
 * The content of a rotated log that was compressed, as if it were the file: its last lines may not have been fetched
 * before. Null when it is too large, or no gzip file.
 */
export async function inflated(
  file: OpenRemoteFile,
  size: number,
  mtimeMs: number,
): Promise<Result<(OpenRemoteFile & { readonly size: number }) | null>> {
  if (size > MAX_COMPRESSED) return ok(null);
  const bytes = await file.read(0, size);
  if (!bytes.ok) return bytes;
  let content: Buffer;
  try {
    content = await inflate(bytes.value, { maxOutputLength: MAX_INFLATED });
  } catch {
    // Cut off, no gzip, or larger than it may be.
    return ok(null);
  }
  return ok({
    size: content.length,
    stat: () => Promise.resolve(ok({ type: 'file' as const, size: content.length, mtimeMs })),
    read: (offset, length) => Promise.resolve(ok(content.subarray(offset, offset + length))),
    close: file.close,
  });
}
