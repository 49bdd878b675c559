import { rmdir, unlink } from 'node:fs/promises';
import { type AppError, appError } from '#shared/errors/index.ts';
import { fsPath, showPath } from '../platform/raw-path.ts';
import type { StoredItem } from './plan-store.ts';
import { standingAt } from './saved.ts';

/**
 * Takes away what a restore made, when it still is what the preview showed. A folder is never removed with anything in it,
 * and the root of a disk never at all.
 *
 * @returns why it stays, or null. Throws the system's error.
 */
export async function removeItem({ target, before }: StoredItem): Promise<AppError | null> {
  const now = await standingAt(target);
  // An interrupted run removed it already.
  if (now === null) return null;
  const path = showPath(target);
  if (/^(?:\/+|[A-Za-z]:\/*)$/.test(target)) return appError('RESTORE_NOT_REMOVED', { path });
  if (now.type === 'directory') {
    try {
      await rmdir(fsPath(target));
      return null;
    } catch (thrown) {
      const code = (thrown as { readonly code?: unknown }).code;
      if (code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'EBUSY')
        return appError('RESTORE_NOT_REMOVED', { path });
      throw thrown;
    }
  }
  const isAsPlanned =
    before !== null && before.type === now.type && before.size === now.size && before.mtimeNs === now.mtimeNs;
  if (!isAsPlanned) return appError('RESTORE_TARGET_CHANGED', { path });
  await unlink(fsPath(target));
  return null;
}
