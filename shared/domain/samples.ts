/**
 * Bit patterns of special values. They are compared as 32-bit halves, never as numbers: a plain JavaScript array may
 * turn the staleness marker into an ordinary NaN, typed arrays keep it.
 */
export const STALE_HI = 0x7ff00000;
export const STALE_LO = 0x00000002;
/** The one NaN that a scraped "NaN" is stored as. */
export const NAN_HI = 0x7ff80000;
export const NAN_LO = 0x00000001;

/**
 * Samples column-wise: `times[i]` in UTC milliseconds belongs to `values[i]`, for i < `length`. Grows as needed; made to
 * be reused from series to series.
 */
export class SampleBuffer {
  times: Float64Array;
  values: Float64Array;
  /** The same memory as `values`, as 32-bit halves: low of i at 2i, high at 2i+1. */
  bits: Uint32Array;
  length = 0;

  constructor(capacity = 256) {
    this.times = new Float64Array(capacity);
    this.values = new Float64Array(capacity);
    this.bits = new Uint32Array(this.values.buffer);
  }

  /** Makes room for `more` samples after the present ones. */
  reserve(more: number): void {
    const needed = this.length + more;
    if (needed <= this.times.length) return;
    const capacity = Math.max(needed, this.times.length * 2);
    const times = new Float64Array(capacity);
    times.set(this.times.subarray(0, this.length));
    const values = new Float64Array(capacity);
    const bits = new Uint32Array(values.buffer);
    // The halves are copied, not the numbers, so that no bit of a NaN changes.
    bits.set(this.bits.subarray(0, this.length * 2));
    this.times = times;
    this.values = values;
    this.bits = bits;
  }

  /** Appends one sample given as bits. */
  push(time: number, hi: number, lo: number): void {
    this.reserve(1);
    const at = this.length++;
    this.times[at] = time;
    this.bits[at * 2] = lo;
    this.bits[at * 2 + 1] = hi;
  }

  /** Copies sample `from` over sample `to`, bit by bit. */
  move(from: number, to: number): void {
    this.times[to] = this.times[from] ?? 0;
    this.bits[to * 2] = this.bits[from * 2] ?? 0;
    this.bits[to * 2 + 1] = this.bits[from * 2 + 1] ?? 0;
  }

  isStale(at: number): boolean {
    return this.bits[at * 2 + 1] === STALE_HI && this.bits[at * 2] === STALE_LO;
  }
}
