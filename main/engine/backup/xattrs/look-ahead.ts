import { describeThrown } from '#shared/errors/index.ts';
import type { RawPath } from '../../platform/raw-path.ts';
import type { ScanItem } from '../scan.ts';
import type { XattrReader } from './xattr-reader.ts';
import type { Xattrs } from './xattrs.ts';

/** Something that the walk came upon; of what was found also its attributes, where they were asked for and read. */
export type ItemWithXattrs = ScanItem & { readonly xattrs?: Xattrs };

type FoundItem = ScanItem & { readonly kind: 'found' };

/** Entries that share a process. */
const BATCH = 2_000;

const NONE: Xattrs = {};

type Batch = {
  readonly items: readonly ScanItem[];
  /** Paths on this machine whose attributes were asked for. */
  readonly asked: ReadonlySet<RawPath>;
  readonly xattrs: ReturnType<XattrReader['read']>;
};

/**
 * Reads the attributes of what a walk finds, a batch ahead of whoever stores it, so that nobody waits for the process.
 *
 * @param wanted whether the attributes of a found entry are needed
 * @param failed hears why the attributes of a batch could not be read
 */
export async function* withXattrs(
  walk: Iterable<ScanItem>,
  reader: XattrReader | null,
  wanted: (item: FoundItem) => boolean,
  failed: (why: string) => void,
): AsyncGenerator<ItemWithXattrs, void, void> {
  if (reader === null) {
    yield* walk;
    return;
  }
  let before: Batch | null = null;
  for (const items of batches(walk)) {
    const asked = new Set(
      items.flatMap((item) => (item.kind === 'found' && wanted(item) ? [item.real] : [])),
    );
    const xattrs = reader.read([...asked]);
    // A failure is met when the batch's turn comes; until then it must not count as unhandled.
    xattrs.catch(() => undefined);
    if (before !== null) yield* joined(before, failed);
    before = { items, asked, xattrs };
  }
  if (before !== null) yield* joined(before, failed);
}

async function* joined(
  { items, asked, xattrs }: Batch,
  failed: (why: string) => void,
): AsyncGenerator<ItemWithXattrs, void, void> {
  let found: ReadonlyMap<RawPath, Xattrs> | null = null;
  try {
    found = await xattrs;
  } catch (thrown) {
    failed(describeThrown(thrown));
  }
  for (const item of items)
    yield item.kind === 'found' && found !== null && asked.has(item.real)
      ? { ...item, xattrs: found.get(item.real) ?? NONE }
      : item;
}

function* batches(walk: Iterable<ScanItem>): Generator<readonly ScanItem[], void, void> {
  let batch: ScanItem[] = [];
  for (const item of walk) {
    batch.push(item);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
