import { freeNow } from '../../platform/large-buffers.ts';

/** Memory is handed out in such steps, so that what one chunk of lines took fits the next. */
const STEP_BYTES = 4096;
/** Kept at most: that of as many lines as wait for a commit. */
const MOST_BYTES = 12 * 1024 * 1024;

const kept = new Map<number, ArrayBuffer[]>();
let bytes = 0;

/**
 * Memory for a column of so many bytes, with anything in it; {@link giveBackColumn} when nobody refers to it any more. New memory
 * for the columns of each chunk would have V8 mark its heap after every few megabytes of them.
 */
export function takeColumn(size: number): ArrayBuffer {
  if (size < STEP_BYTES / 4) return new ArrayBuffer(size);
  const rounded = Math.ceil(size / STEP_BYTES) * STEP_BYTES;
  const found = kept.get(rounded)?.pop();
  if (found === undefined) return new ArrayBuffer(rounded);
  bytes -= rounded;
  return found;
}

/** Gives memory of {@link takeColumn} to the next who takes some; other memory is freed. */
export function giveBackColumn(memory: ArrayBuffer): void {
  const size = memory.byteLength;
  if (size === 0 || size % STEP_BYTES !== 0 || bytes + size > MOST_BYTES) {
    freeNow(new Uint8Array(memory));
    return;
  }
  const same = kept.get(size);
  if (same === undefined) kept.set(size, [memory]);
  else same.push(memory);
  bytes += size;
}

/** Frees what was given back: nothing large is read for the time being. */
export function freeColumnMemory(): void {
  for (const all of kept.values()) for (const memory of all) freeNow(new Uint8Array(memory));
  kept.clear();
  bytes = 0;
}
