import type { Labels } from '#shared/domain/labels.ts';

/** A place in the queue: all commits up to `row` lie before it, and `skip` samples of the segment that follows. */
export type Position = { readonly row: number; readonly skip: number };

/** True when `a` lies before `b`. */
export function isBefore(a: Position, b: Position): boolean {
  return a.row < b.row || (a.row === b.row && a.skip < b.skip);
}

/**
 * Samples that are sent together, column-wise: sample i belongs to `series[owner[i]]`. Within a series times grow.
 * Values are 32-bit halves, the lower first, so that every NaN stays what it is.
 */
export class Batch {
  readonly series: Labels[] = [];
  owner = new Int32Array(1024);
  times = new Float64Array(1024);
  bits = new Uint32Array(2048);
  length = 0;
  readonly #numbers = new Map<Labels, number>();

  /** The number of a series in this batch. Labels are told apart by identity: equal ones are only sent twice. */
  number(labels: Labels): number {
    let number = this.#numbers.get(labels);
    if (number === undefined) {
      number = this.series.push(labels) - 1;
      this.#numbers.set(labels, number);
    }
    return number;
  }

  push(series: number, time: number, lo: number, hi: number): void {
    if (this.length === this.owner.length) this.#grow();
    const at = this.length++;
    this.owner[at] = series;
    this.times[at] = time;
    this.bits[at * 2] = lo;
    this.bits[at * 2 + 1] = hi;
  }

  /** The oldest time, or Infinity. */
  oldest(): number {
    let oldest = Number.POSITIVE_INFINITY;
    for (let i = 0; i < this.length; i++) oldest = Math.min(oldest, this.times[i] ?? oldest);
    return oldest;
  }

  /** Samples [from, to) as a batch of their own. */
  slice(from: number, to: number): Batch {
    const part = new Batch();
    for (let i = from; i < to; i++) {
      const labels = this.series[this.owner[i] ?? 0];
      if (labels !== undefined)
        part.push(part.number(labels), this.times[i] ?? 0, this.bits[i * 2] ?? 0, this.bits[i * 2 + 1] ?? 0);
    }
    return part;
  }

  #grow(): void {
    const capacity = this.owner.length * 2;
    const owner = new Int32Array(capacity);
    owner.set(this.owner);
    const times = new Float64Array(capacity);
    times.set(this.times);
    const bits = new Uint32Array(capacity * 2);
    bits.set(this.bits);
    this.owner = owner;
    this.times = times;
    this.bits = bits;
  }
}

/** What is to be sent next, and where the queue goes on behind it. */
export type Portion = { readonly batch: Batch; readonly end: Position };
