import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { shellLimits } from '#shared/contract/shell.ts';
import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import { writeFileDurably } from '../engine/storage/durable.ts';

/** A text file that the operator chose. */
export type ChosenText = { readonly path: string; readonly name: string; readonly text: string };

/**
 * Reads a chosen text file, bounded, whole or not at all.
 *
 * The size is bounded while reading and not only by `stat`, because a file such as `/proc/…` says 0 and goes on.
 *
 * @returns FILE_UNREADABLE, CHOSEN_FILE_TOO_LARGE or CHOSEN_FILE_NOT_TEXT when it cannot be taken
 */
export async function readChosenText(
  path: string,
  limit = shellLimits.readBytes,
): Promise<Result<ChosenText>> {
  let content: Buffer;
  try {
    const handle = await open(path, 'r');
    try {
      const stat = await handle.stat();
      if (!stat.isFile()) return err(appError('FILE_UNREADABLE', { file: path, why: 'not a regular file' }));
      const buffer = Buffer.alloc(limit + 1);
      let length = 0;
      while (length < buffer.length) {
        const { bytesRead } = await handle.read(buffer, length, buffer.length - length, null);
        if (bytesRead === 0) break;
        length += bytesRead;
      }
      if (length > limit) {
        const size = Math.max(stat.size, length);
        return err(appError('CHOSEN_FILE_TOO_LARGE', { file: path, size, limit }));
      }
      content = buffer.subarray(0, length);
    } finally {
      await handle.close();
    }
  } catch (thrown) {
    return err(appError('FILE_UNREADABLE', { file: path, why: describeThrown(thrown) }));
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(content);
    return ok({ path, name: basename(path), text });
  } catch {
    // The decoder says only that it failed; which bytes is of no use to the operator.
    return err(appError('CHOSEN_FILE_NOT_TEXT', { file: path }));
  }
}

/**
 * Writes a file where the operator said, durably: either the old or the new content stands there.
 *
 * @returns DISK_FULL, READ_ONLY or FILE_NOT_SAVED when it could not be written
 */
export function saveChosen(path: string, content: string | Uint8Array): Result<string> {
  try {
    // Readable by others as the user's umask allows: it is an export for people, not the console's own data.
    writeFileDurably(path, content, 0o666);
    return ok(path);
  } catch (thrown) {
    const code = (thrown as { readonly code?: unknown }).code;
    if (code === 'ENOSPC' || code === 'EDQUOT') return err(appError('DISK_FULL', { file: path }));
    if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM') {
      return err(appError('READ_ONLY', { file: path }));
    }
    return err(appError('FILE_NOT_SAVED', { file: path, why: describeThrown(thrown) }));
  }
}
