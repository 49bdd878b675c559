const UNIT = 1 << 20;
/** Buffers that are kept for the next one who needs them, in each thread. */
const KEPT = 6;
/** Larger ones are not kept. */
const MAX_KEPT_BYTES = 4 << 20;

const kept: Buffer<ArrayBuffer>[] = [];

/**
 * A buffer with anything in it, for work that needs one after another; give it back with {@link giveBack}, or forget it.
 *
 * V8 collects all garbage each time some tens of megabytes were allocated outside its heap, freed again or not. Work that
 * sends hundreds of megabytes through new buffers would have it mark the same small heap dozens of times: a third of the
 * processor time of a full backup.
 */
export function takeBuffer(size: number): Buffer<ArrayBuffer> {
  if (size < UNIT / 4) return Buffer.allocUnsafe(size);
  const at = kept.findIndex(({ length }) => length >= size);
  const [found] = at < 0 ? [] : kept.splice(at, 1);
  return (found ?? Buffer.allocUnsafeSlow(Math.ceil(size / UNIT) * UNIT)).subarray(0, size);
}

/** Gives a buffer of {@link takeBuffer}, or a view of it, to the next who takes one: nobody may read it any more. */
export function giveBack(bytes: Buffer<ArrayBuffer>): void {
  const { buffer } = bytes;
  if (kept.length >= KEPT || buffer.byteLength % UNIT !== 0 || buffer.byteLength > MAX_KEPT_BYTES) return;
  kept.push(Buffer.from(buffer));
}

/**
 * Gives the memory of a buffer back now, not when garbage is collected; nothing may use the buffer, or another view of its
 * memory, any more. Does nothing where the memory is shared with other small buffers, or the runtime cannot (before Node 22).
 */
export function freeNow(bytes: ArrayBufferView): void {
  const { buffer } = bytes;
  // Small buffers are parts of a pool (64 KiB since Node 24), which is no size that another buffer has by chance; none takes all of one.
  const isOwn = bytes.byteLength === buffer.byteLength || buffer.byteLength !== Buffer.poolSize;
  if (!isOwn || !(buffer instanceof ArrayBuffer)) return;
  if (typeof buffer.transfer === 'function') buffer.transfer(0);
}

/**
 * Tells V8 that this thread is going to give memory back like that. It compiles what looks at memory for threads that never do, and
 * throws all of it away at the first time: better while there is nothing to throw away.
 */
export function willFree(): void {
  freeNow(new Uint8Array(1));
}
