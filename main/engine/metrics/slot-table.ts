import { freeNow } from '../platform/large-buffers.ts';

const EMPTY = -1;
const FIRST_CAPACITY = 64;

/** What a {@link SlotTable} must know of its keys, which are kept elsewhere. */
export type SlotKeys<K> = {
  /** A 32-bit number that is the same for equal keys. */
  readonly hash: (key: K) => number;
  /** The same number for the key of a slot. */
  readonly hashOf: (slot: number) => number;
  /** Whether a slot has this key. */
  readonly has: (slot: number, key: K) => boolean;
};

/**
 * Finds slots by keys that are kept elsewhere: open addressing with linear probing in one typed array, at most half full.
 * Eight to sixteen bytes a slot, where a Map costs forty and a key of its own.
 */
export class SlotTable<K> {
  readonly #keys: SlotKeys<K>;
  #slots = new Int32Array(FIRST_CAPACITY).fill(EMPTY);
  #size = 0;

  constructor(keys: SlotKeys<K>) {
    this.#keys = keys;
  }

  get size(): number {
    return this.#size;
  }

  find(key: K): number | undefined {
    const mask = this.#slots.length - 1;
    for (let at = this.#keys.hash(key) & mask; ; at = (at + 1) & mask) {
      const slot = this.#slots[at] ?? EMPTY;
      if (slot === EMPTY) return undefined;
      if (this.#keys.has(slot, key)) return slot;
    }
  }

  /** Adds a slot whose key is not there yet; `hashOf` must know it already. */
  add(slot: number): void {
    if ((this.#size + 1) * 2 > this.#slots.length) this.#grow();
    this.#put(slot);
    this.#size++;
  }

  /** Takes a slot out; `hashOf` must still know it. */
  remove(slot: number): void {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let hole = this.#keys.hashOf(slot) & mask;
    while (slots[hole] !== slot) {
      if (slots[hole] === EMPTY) return;
      hole = (hole + 1) & mask;
    }
    this.#size--;
    // What was pushed on by the gone one moves back, so that no chain is cut (Knuth, TAOCP 6.4, algorithm R).
    for (let at = (hole + 1) & mask; slots[at] !== EMPTY; at = (at + 1) & mask) {
      const moved = slots[at] ?? EMPTY;
      const home = this.#keys.hashOf(moved) & mask;
      if (((at - home) & mask) < ((at - hole) & mask)) continue;
      slots[hole] = moved;
      hole = at;
    }
    slots[hole] = EMPTY;
  }

  #put(slot: number): void {
    const mask = this.#slots.length - 1;
    let at = this.#keys.hashOf(slot) & mask;
    while (this.#slots[at] !== EMPTY) at = (at + 1) & mask;
    this.#slots[at] = slot;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Int32Array(old.length * 2).fill(EMPTY);
    for (const slot of old) if (slot !== EMPTY) this.#put(slot);
    freeNow(old);
  }
}

/** The hash of a list of texts (FNV-1a over their UTF-16 units, and a unit that stands for each end). */
export function hashTexts(texts: readonly string[]): number {
  let hash = 0x811c9dc5;
  for (const text of texts) {
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    hash = Math.imul(hash ^ 0xffff, 0x01000193);
  }
  return hash ^ (hash >>> 15);
}

/** The hash of `bytes[from, to)` (FNV-1a). */
export function hashBytes(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5;
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ (bytes[i] ?? 0), 0x01000193);
  return hash ^ (hash >>> 15);
}

/** The hash of a number that counts up, spread over all bits. */
export function hashCount(count: number): number {
  const hash = Math.imul(count % 0x1_0000_0000, 0x9e3779b1);
  return hash ^ (hash >>> 15);
}

/** Whether two lists hold the same texts. */
export function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
