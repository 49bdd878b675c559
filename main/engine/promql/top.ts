import { sortedInTurns, type Work } from './portions.ts';

/**
 * Keeps the k largest or smallest of the values offered. A binary heap with the worst on top, moved exactly as Go's
 * `container/heap` in Prometheus 2.42 moves it, so that of equal values the same ones stay. NaN is the worst of all.
 */
export class Top {
  readonly #most: number;
  readonly #largest: boolean;
  readonly #indices: number[] = [];
  readonly #values: number[] = [];

  /** @param most how many are kept, at least 1 */
  constructor(most: number, largest: boolean) {
    this.#most = most;
    this.#largest = largest;
  }

  /** Offers the value of one series, named by its index. */
  offer(index: number, value: number): void {
    if (this.#indices.length < this.#most) {
      this.#push(index, value);
      return;
    }
    const worst = this.#values[0] ?? Number.NaN;
    if (!(this.#largest ? worst < value : worst > value) && !Number.isNaN(worst)) return;
    if (this.#most === 1) {
      this.#indices[0] = index;
      this.#values[0] = value;
      return;
    }
    this.#pop();
    this.#push(index, value);
  }

  /** The indices that stayed, in no order. */
  get indices(): readonly number[] {
    return this.#indices;
  }

  /** The indices that stayed, the best first. */
  *best(): Work<readonly number[]> {
    const places = this.#indices.map((_, place) => place);
    const ordered = yield* sortedInTurns(places, (a, b) =>
      better(this.#values[a] ?? 0, this.#values[b] ?? 0, this.#largest),
    );
    return ordered.map((place) => this.#indices[place] ?? 0);
  }

  #push(index: number, value: number): void {
    let at = this.#indices.push(index) - 1;
    this.#values.push(value);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#worse(at, parent)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #pop(): void {
    const last = this.#indices.length - 1;
    this.#swap(0, last);
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= last) break;
      if (child + 1 < last && this.#worse(child + 1, child)) child++;
      if (!this.#worse(child, at)) break;
      this.#swap(at, child);
      at = child;
    }
    this.#indices.pop();
    this.#values.pop();
  }

  #worse(a: number, b: number): boolean {
    const x = this.#values[a] ?? 0;
    const y = this.#values[b] ?? 0;
    if (Number.isNaN(x)) return true;
    return this.#largest ? x < y : x > y;
  }

  #swap(a: number, b: number): void {
    const index = this.#indices[a] ?? 0;
    const value = this.#values[a] ?? 0;
    this.#indices[a] = this.#indices[b] ?? 0;
    this.#values[a] = this.#values[b] ?? 0;
    this.#indices[b] = index;
    this.#values[b] = value;
  }
}

function better(a: number, b: number, largest: boolean): number {
  if (Number.isNaN(a)) return Number.isNaN(b) ? 0 : 1;
  if (Number.isNaN(b)) return -1;
  if (a === b) return 0;
  return a > b === largest ? -1 : 1;
}
