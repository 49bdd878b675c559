import { type AppError, appError, describeThrown } from '#shared/errors/index.ts';
import { hashFile, inspect } from './inspect.ts';
import type { ItemState, PlanStore, StoredItem } from './plan-store.ts';

const BATCH = 200;

/**
 * Reads back every item that was written and compares it with the archive: content by SHA-256, links by their text,
 * folders by being there.
 *
 * @param onItem hears each item after it was read, with the bytes read
 */
export async function verifyItems(
  store: PlanStore,
  signal: AbortSignal,
  onItem: (item: StoredItem, bytes: number) => Promise<void>,
): Promise<void> {
  let after = 0;
  for (;;) {
    const items = store.next(['done'], after, BATCH, 'all');
    if (items.length === 0) return;
    const marks: { seq: number; state: ItemState; error?: AppError }[] = [];
    try {
      for (const item of items) {
        after = item.seq;
        const error = await verifyItem(item, signal);
        marks.push(
          error === null ? { seq: item.seq, state: 'verified' } : { seq: item.seq, state: 'failed', error },
        );
        await onItem(item, item.entry.type === 'file' ? item.entry.size : 0);
      }
    } finally {
      store.mark(marks);
    }
  }
}

async function verifyItem(item: StoredItem, signal: AbortSignal): Promise<AppError | null> {
  const { entry, target } = item;
  const differs = appError('RESTORE_VERIFY_FAILED', { path: target });
  try {
    const existing = await inspect(target, -1, signal);
    if (item.action === 'remove') return existing === null ? null : differs;
    if (existing === null) return differs;
    switch (entry.type) {
      case 'directory':
        return existing.type === 'directory' ? null : differs;
      case 'symlink':
        return existing.type === 'symlink' && existing.link === entry.link ? null : differs;
      default: {
        if (existing.type !== 'file' || existing.size !== entry.size) return differs;
        return (await hashFile(target, signal)) === item.contentSha256 ? null : differs;
      }
    }
  } catch (thrown) {
    signal.throwIfAborted();
    return appError('FILE_UNREADABLE', { file: target, why: describeThrown(thrown) });
  }
}
