import { readlinkSync } from 'node:fs';
import { type AppError, appError, describeThrown } from '#shared/errors/index.ts';
import { decodePath, fsPath } from '../platform/raw-path.ts';
import { hasContent, lstatOrNull } from './inspect.ts';
import type { StoredItem } from './plan-store.ts';

/**
 * Reads back an item that was written and compares it with the archive: content by SHA-256, links by their text, folders by
 * being there.
 *
 * @returns why it is not what it shall be; null when it is
 */
export async function verifyItem(item: StoredItem, signal: AbortSignal): Promise<AppError | null> {
  try {
    return (await isRight(item, signal)) ? null : appError('RESTORE_VERIFY_FAILED', { path: item.target });
  } catch (thrown) {
    signal.throwIfAborted();
    return appError('FILE_UNREADABLE', { file: item.target, why: describeThrown(thrown) });
  }
}

async function isRight(
  { action, contentSha256, entry, target }: StoredItem,
  signal: AbortSignal,
): Promise<boolean> {
  if (action === 'remove') return lstatOrNull(target) === null;
  switch (entry.type) {
    case 'directory':
      return lstatOrNull(target)?.isDirectory() === true;
    case 'symlink':
      return (
        lstatOrNull(target)?.isSymbolicLink() === true &&
        decodePath(readlinkSync(fsPath(target), 'buffer')) === entry.link
      );
    default:
      return contentSha256 !== undefined && hasContent(target, entry.size, contentSha256, signal);
  }
}
