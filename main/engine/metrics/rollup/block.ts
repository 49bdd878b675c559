import { BUCKET, BUCKET_COLUMNS, type BucketBuffer } from '#shared/domain/buckets.ts';
import { ByteReader, ByteWriter } from '../bytes.ts';
import { crc32c } from '../crc32c.ts';
import { DamagedColumn, decodeColumn, encodeColumn } from './column-codec.ts';

/** First byte of a block. Only one coding exists so far. */
const BLOCK_CODING = 1;

/** The column whose numbers each column is measured from, if any. */
const BASE_OF: readonly (number | null)[] = Array.from({ length: BUCKET_COLUMNS }, (_, column) => {
  switch (column) {
    case BUCKET.last:
    case BUCKET.min:
      return BUCKET.first;
    case BUCKET.max:
      return BUCKET.last;
    case BUCKET.changes:
      return BUCKET.count;
    default:
      return null;
  }
});

/** Where a block's buckets lie: those that end in (start, …], each `resolution` long; milliseconds. */
export type BlockGrid = { readonly start: number; readonly resolution: number };

const body = new ByteWriter(16_384);
const head = new ByteWriter(256);
let scratch: Float64Array[] = [];

function scratchColumns(count: number): readonly Float64Array[] {
  if ((scratch[0]?.length ?? 0) < count)
    scratch = Array.from({ length: BUCKET_COLUMNS }, () => new Float64Array(count * 2));
  return scratch;
}

/** Codes buckets as one block (docs/metrics-format.md, "Block"); there is at least one. */
export function encodeBlock(buckets: BucketBuffer, { start, resolution }: BlockGrid): Uint8Array {
  const { ends, length } = buckets;
  body.length = 0;
  head.length = 0;
  head.u8(BLOCK_CODING);
  head.uvarint(length);
  let next = 1;
  for (let i = 0; i < length; ) {
    const first = ((ends[i] ?? 0) - start) / resolution;
    let run = 1;
    while (i + run < length && ((ends[i + run] ?? 0) - start) / resolution === first + run) run++;
    head.uvarint(first - next);
    head.uvarint(run);
    next = first + run;
    i += run;
  }
  const stored = scratchColumns(length);
  for (let column = 0; column < BUCKET_COLUMNS; column++)
    toStored(column, buckets, stored[column] ?? new Float64Array(length), resolution);
  for (let column = 0; column < BUCKET_COLUMNS; column++) {
    const before = body.length;
    const base = BASE_OF[column] ?? null;
    encodeColumn(
      stored[column] ?? new Float64Array(length),
      length,
      base === null ? null : (stored[base] ?? null),
      body,
    );
    head.uvarint(body.length - before);
  }
  head.append(body.bytes.subarray(0, body.length));
  head.u32(crc32c(head.bytes, 0, head.length));
  return head.take();
}

/** Times are stored as distances from the bucket's ends, so that those of scrapes on a grid are all the same. */
function toStored(column: number, buckets: BucketBuffer, into: Float64Array, resolution: number): void {
  const { ends, length } = buckets;
  const values = buckets.columns[column] ?? into;
  const counts = buckets.column('count');
  for (let i = 0; i < length; i++) {
    const value = values[i] ?? 0;
    if (counts[i] === 0 && column !== BUCKET.stale) into[i] = 0;
    else if (column === BUCKET.firstTime) into[i] = value - ((ends[i] ?? 0) - resolution);
    else if (column === BUCKET.lastTime) into[i] = (ends[i] ?? 0) - value;
    else into[i] = value;
  }
}

/** Whether a block's checksum is right. */
export function isIntact(block: Uint8Array): boolean {
  const end = block.length - 4;
  if (end < 2) return false;
  return crc32c(block, 0, end) === new ByteReader(block, end).u32();
}

/**
 * Appends the buckets of a block that end in [from, to] to `into`.
 *
 * @param mask the columns that are wanted, see `columnMask`; the others hold anything
 * @throws when the block is damaged
 */
export function decodeBlock(
  block: Uint8Array,
  { start, resolution }: BlockGrid,
  from: number,
  to: number,
  mask: number,
  into: BucketBuffer,
): void {
  const reader = new ByteReader(block, 0, block.length - 4);
  const coding = reader.u8();
  if (coding !== BLOCK_CODING) throw new DamagedColumn(`unknown coding ${coding}`);
  const count = reader.uvarint();
  if (count > (block.length - 4) * 128) throw new DamagedColumn('the block is too short for its buckets');
  into.reserve(count);
  const origin = into.length;
  readEnds(reader, count, start, resolution, into.ends, origin);
  const { first, end } = chosen(into.ends, origin, count, from, to);
  if (first === end) return;
  const columns = scratchColumns(count);
  const wanted = withBases(mask);
  const lengths = Array.from({ length: BUCKET_COLUMNS }, () => reader.uvarint());
  for (const [column, length] of lengths.entries()) {
    const stored = columns[column];
    const bytes = reader.take(length);
    if (stored === undefined || (wanted & (1 << column)) === 0) continue;
    const base = BASE_OF[column] ?? null;
    decodeColumn(new ByteReader(bytes), count, base === null ? null : (columns[base] ?? null), stored);
    into.columns[column]?.set(stored.subarray(first, end), origin);
  }
  into.ends.copyWithin(origin, origin + first, origin + end);
  into.length = origin + (end - first);
  toTimes(into, origin, resolution);
}

function readEnds(
  reader: ByteReader,
  count: number,
  start: number,
  resolution: number,
  ends: Float64Array,
  origin: number,
): void {
  let next = 1;
  for (let i = 0; i < count; ) {
    next += reader.uvarint();
    const run = reader.uvarint();
    if (run === 0 || run > count - i) throw new DamagedColumn('a run of buckets does not fit');
    for (let k = 0; k < run; k++) ends[origin + i + k] = start + (next + k) * resolution;
    next += run;
    i += run;
  }
}

/** Which of the buckets end in [from, to]. */
function chosen(
  ends: Float64Array,
  origin: number,
  count: number,
  from: number,
  to: number,
): { readonly first: number; readonly end: number } {
  let first = 0;
  while (first < count && (ends[origin + first] ?? 0) < from) first++;
  let end = count;
  while (end > first && (ends[origin + end - 1] ?? 0) > to) end--;
  return { first, end };
}

function withBases(mask: number): number {
  let wanted = mask | (1 << BUCKET.count);
  for (let column = BUCKET_COLUMNS - 1; column >= 0; column--) {
    const base = BASE_OF[column] ?? null;
    if (base !== null && (wanted & (1 << column)) !== 0) wanted |= 1 << base;
  }
  return wanted;
}

function toTimes(into: BucketBuffer, origin: number, resolution: number): void {
  const { ends } = into;
  const firstTimes = into.column('firstTime');
  const lastTimes = into.column('lastTime');
  for (let i = origin; i < into.length; i++) {
    const end = ends[i] ?? 0;
    firstTimes[i] = end - resolution + (firstTimes[i] ?? 0);
    lastTimes[i] = end - (lastTimes[i] ?? 0);
  }
}
