import type { OutputDocument } from './document.ts';
import type { Cursor } from './ledger.ts';
import type { UnsentLine } from './reader.ts';

/** A document with the event that it stands for. */
export type Item = { readonly document: OutputDocument; readonly eventId: string };

/** What was read to be sent together, and where that leaves the cursors. */
export type Batch = {
  readonly items: readonly Item[];
  readonly cursors: ReadonlyMap<string, Cursor>;
  /** Lines passed by, sent or not, of each day. */
  readonly passed: ReadonlyMap<string, number>;
};

/** So many lines that are not sent may be passed by before the cursor is saved, as a multiple of what is sent at once. */
const PASSED_AT_ONCE = 20;

/**
 * Puts lines together into requests of the right size, in their order.
 *
 * @param itemOf null for lines that this output does not send
 */
export function* batchesOf(
  lines: Iterable<UnsentLine>,
  itemOf: (line: UnsentLine) => Item | null,
  limits: { readonly maxEvents: number; readonly maxBytes: number },
): Generator<Batch> {
  const { maxEvents, maxBytes } = limits;
  let items: Item[] = [];
  let bytes = 0;
  let cursors = new Map<string, Cursor>();
  let passed = new Map<string, number>();
  const take = (): Batch => {
    const batch = { items, cursors, passed };
    items = [];
    bytes = 0;
    cursors = new Map();
    passed = new Map();
    return batch;
  };
  for (const unsent of lines) {
    const { day, key, line } = unsent;
    const item = itemOf(unsent);
    if (item !== null && items.length > 0 && bytes + item.document.bytes > maxBytes) yield take();
    cursors.set(`${day} ${key}`, { day, key, offset: line.offset + 1 });
    passed.set(day, (passed.get(day) ?? 0) + 1);
    if (item !== null) {
      items.push(item);
      bytes += item.document.bytes;
    }
    if (items.length >= maxEvents || (passed.get(day) ?? 0) >= maxEvents * PASSED_AT_ONCE) yield take();
  }
  if (cursors.size > 0) yield take();
}
