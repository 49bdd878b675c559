import type { BucketBuffer } from './buckets.ts';

/**
 * Neighbouring buckets of one series put together: what one bucket over all of their time would hold.
 *
 * Nothing is lost: the pair of the last sample of one bucket and the first of the next is looked at as the pairs inside
 * were. Only sums are rounded in another order.
 */
export class BucketFold {
  count = 0;
  firstTime = 0;
  lastTime = 0;
  first = 0;
  last = 0;
  min = 0;
  max = 0;
  drops = 0;
  resets = 0;
  changes = 0;
  stale = 0;
  #sum = 0;
  #compensation = 0;

  /** Begins anew. */
  clear(): void {
    this.count = 0;
    this.firstTime = 0;
    this.lastTime = 0;
    this.first = 0;
    this.last = 0;
    this.min = 0;
    this.max = 0;
    this.drops = 0;
    this.resets = 0;
    this.changes = 0;
    this.stale = 0;
    this.#sum = 0;
    this.#compensation = 0;
  }

  get sum(): number {
    return Number.isFinite(this.#sum) ? this.#sum + this.#compensation : this.#sum;
  }

  /** Adds one sample, later than what is there; no staleness marker. */
  sample(time: number, value: number): void {
    this.#join(time, value);
    this.#addSum(value);
    if (value < this.min || Number.isNaN(this.min)) this.min = value;
    if (value > this.max || Number.isNaN(this.max)) this.max = value;
    this.count++;
    this.lastTime = time;
    this.last = value;
    this.stale = 0;
  }

  /** Adds bucket `at`, later than what is there. */
  bucket(from: BucketBuffer, at: number): void {
    const [counts, firstTimes, lastTimes, firsts, lasts, mins, maxes, sums, drops, resets, changes, stale] =
      from.columns;
    this.stale = stale?.[at] ?? 0;
    const count = counts?.[at] ?? 0;
    if (count === 0) return;
    const min = mins?.[at] ?? 0;
    const max = maxes?.[at] ?? 0;
    const fresh = this.count === 0;
    this.#join(firstTimes?.[at] ?? 0, firsts?.[at] ?? 0);
    if (fresh || min < this.min || Number.isNaN(this.min)) this.min = min;
    if (fresh || max > this.max || Number.isNaN(this.max)) this.max = max;
    this.#addSum(sums?.[at] ?? 0);
    this.drops += drops?.[at] ?? 0;
    this.resets += resets?.[at] ?? 0;
    this.changes += changes?.[at] ?? 0;
    this.count += count;
    this.lastTime = lastTimes?.[at] ?? 0;
    this.last = lasts?.[at] ?? 0;
  }

  /** Appends what is there as one bucket. */
  writeTo(into: BucketBuffer, end: number): void {
    into.reserve(1);
    const at = into.length++;
    into.ends[at] = end;
    const { count, firstTime, lastTime, first, last, min, max, sum, drops, resets, changes, stale } = this;
    const row = [count, firstTime, lastTime, first, last, min, max, sum, drops, resets, changes, stale];
    for (const [i, column] of into.columns.entries()) column[at] = row[i] ?? 0;
  }

  /** What the pair of the last sample so far and the next one adds. */
  #join(time: number, value: number): void {
    if (this.count === 0) {
      this.firstTime = time;
      this.first = value;
      this.min = value;
      this.max = value;
      return;
    }
    const before = this.last;
    if (value < before) {
      this.drops += before;
      this.resets++;
    }
    if (value !== before && !(Number.isNaN(value) && Number.isNaN(before))) this.changes++;
  }

  #addSum(value: number): void {
    const total = this.#sum + value;
    if (Math.abs(this.#sum) >= Math.abs(value)) this.#compensation += this.#sum - total + value;
    else this.#compensation += value - total + this.#sum;
    this.#sum = total;
  }
}
