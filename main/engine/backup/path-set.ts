import { randomInt } from 'node:crypto';

/**
 * A set of paths as 64-bit hashes: 16 to 32 bytes a path instead of the path itself, so that a million of them stay in
 * bounds. Two paths of a million meet by chance once in 10^7 archives. The seed is random, so nobody can make them meet.
 */
export class PathSet {
  readonly #seed = randomInt(2 ** 32);
  #low = new Uint32Array(1 << 10);
  #high = new Uint32Array(1 << 10);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(path: string): boolean {
    const [low, high] = this.#hash(path);
    return this.#find(low, high).found;
  }

  /** @returns false when it was there already */
  add(path: string): boolean {
    if (this.#size * 2 >= this.#low.length) this.#grow();
    const [low, high] = this.#hash(path);
    const { found, slot } = this.#find(low, high);
    if (found) return false;
    this.#put(slot, low, high);
    this.#size += 1;
    return true;
  }

  #put(slot: number, low: number, high: number): void {
    this.#low[slot] = low;
    this.#high[slot] = high;
  }

  #find(low: number, high: number): { readonly found: boolean; readonly slot: number } {
    const mask = this.#low.length - 1;
    for (let slot = low & mask; ; slot = (slot + 1) & mask) {
      if (this.#low[slot] === 0 && this.#high[slot] === 0) return { found: false, slot };
      if (this.#low[slot] === low && this.#high[slot] === high) return { found: true, slot };
    }
  }

  #grow(): void {
    const low = this.#low;
    const high = this.#high;
    this.#low = new Uint32Array(low.length * 2);
    this.#high = new Uint32Array(low.length * 2);
    for (const [index, value] of low.entries()) {
      const other = high[index] ?? 0;
      if (value !== 0 || other !== 0) this.#put(this.#find(value, other).slot, value, other);
    }
  }

  /** Two rounds of MurmurHash3's mixing (Austin Appleby) over UTF-16 code units; zero marks an empty slot. */
  #hash(path: string): readonly [number, number] {
    let a = this.#seed | 0;
    let b = ~this.#seed;
    for (let index = 0; index < path.length; index += 1) {
      const unit = path.charCodeAt(index);
      a = Math.imul(a ^ unit, 0x85ebca6b);
      a ^= a >>> 13;
      b = Math.imul(b ^ unit, 0xc2b2ae35);
      b ^= b >>> 16;
    }
    a = Math.imul(a ^ path.length ^ (b >>> 15), 0xc2b2ae35);
    b = Math.imul(b ^ (a >>> 13), 0x85ebca6b);
    a ^= a >>> 16;
    b ^= b >>> 13;
    return [(a | 1) >>> 0, b >>> 0];
  }
}
