import { freeNow } from '../platform/large-buffers.ts';

const FIRST_NUMBERS = 1024;
const NONE = -1;

/**
 * Short lists of whole numbers by slot, in one block of memory: four bytes a number, where an array of its own costs each list
 * fifty and each number eight. Lists that were removed are left where they are until half of the block is of that kind.
 */
export class NumberLists {
  /** Each list is its length and its numbers. */
  #numbers = new Int32Array(FIRST_NUMBERS);
  #used = 0;
  #removed = 0;
  #start = new Int32Array(FIRST_NUMBERS).fill(NONE);

  /** Keeps a copy of `numbers` for a slot that has no list. */
  add(slot: number, numbers: readonly number[]): void {
    if (this.#used + numbers.length + 1 > this.#numbers.length) this.#makeRoom(numbers.length + 1);
    if (slot >= this.#start.length) {
      const start = new Int32Array(Math.max(slot + 1, Math.ceil(this.#start.length * 1.5))).fill(NONE);
      start.set(this.#start);
      freeNow(this.#start);
      this.#start = start;
    }
    this.#start[slot] = this.#used;
    this.#numbers[this.#used] = numbers.length;
    this.#numbers.set(numbers, this.#used + 1);
    this.#used += numbers.length + 1;
  }

  has(slot: number): boolean {
    return (this.#start[slot] ?? NONE) !== NONE;
  }

  /** How many numbers a slot's list has; 0 when there is none. */
  length(slot: number): number {
    const start = this.#start[slot] ?? NONE;
    return start === NONE ? 0 : (this.#numbers[start] ?? 0);
  }

  /** Number `index` of a slot's list, which must have so many. */
  at(slot: number, index: number): number {
    return this.#numbers[(this.#start[slot] ?? NONE) + 1 + index] ?? NONE;
  }

  remove(slot: number): void {
    const start = this.#start[slot] ?? NONE;
    if (start === NONE) return;
    this.#removed += 1 + (this.#numbers[start] ?? 0);
    this.#start[slot] = NONE;
  }

  #makeRoom(more: number): void {
    const left = this.#used - this.#removed;
    const numbers = new Int32Array(Math.max(this.#numbers.length, Math.ceil((left + more) * 1.5)));
    if (this.#removed === 0) numbers.set(this.#numbers.subarray(0, this.#used));
    else {
      let used = 0;
      for (let slot = 0; slot < this.#start.length; slot++) {
        const start = this.#start[slot] ?? NONE;
        if (start === NONE) continue;
        const length = 1 + (this.#numbers[start] ?? 0);
        numbers.set(this.#numbers.subarray(start, start + length), used);
        this.#start[slot] = used;
        used += length;
      }
      this.#used = used;
      this.#removed = 0;
    }
    freeNow(this.#numbers);
    this.#numbers = numbers;
  }
}
