/** A chunk as it is stored; times in UTC milliseconds. */
export type StoredChunk = { readonly start: number; readonly end: number; readonly data: Uint8Array };

type Entry = { readonly chunks: readonly StoredChunk[]; readonly cost: number };

/** What a chunk costs besides its bytes: the objects that stand for it. */
const CHUNK_COST = 160;
const ENTRY_COST = 200;

/** Entries with what they cost together. */
type Generation = { readonly entries: Map<number, Entry>; cost: number };

const emptyGeneration = (): Generation => ({ entries: new Map(), cost: 0 });

/**
 * Keeps chunks that were read lately, so that a page that asks the same again and again does not ask SQLite for each
 * series each time. Bounded in bytes.
 *
 * There are two generations: what is used comes into the young one, and when that has half the bytes it becomes the old
 * one, whose rest goes. So nothing has to be put in order at each use.
 */
export class ChunkCache {
  readonly #limit: number;
  #young = emptyGeneration();
  #old = emptyGeneration();

  /** @param limit bytes that it may take, about */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Bytes that it takes, about. */
  get cost(): number {
    return this.#young.cost + this.#old.cost;
  }

  get(key: number): readonly StoredChunk[] | undefined {
    const young = this.#young.entries.get(key);
    if (young !== undefined) return young.chunks;
    const old = this.#old.entries.get(key);
    if (old === undefined) return undefined;
    this.forget(key);
    this.#add(key, old);
    return old.chunks;
  }

  /** Keeps chunks under a key, and returns them. */
  keep(key: number, chunks: readonly StoredChunk[]): readonly StoredChunk[] {
    // One block for all of them: a block of its own for each costs more than its bytes.
    const block = Buffer.concat(chunks.map(({ data }) => data));
    let at = 0;
    const packed = chunks.map(({ start, end, data }) => {
      const from = at;
      at += data.length;
      return { start, end, data: block.subarray(from, at) };
    });
    this.forget(key);
    this.#add(key, { chunks: packed, cost: ENTRY_COST + block.length + packed.length * CHUNK_COST });
    return packed;
  }

  forget(key: number): void {
    for (const generation of [this.#young, this.#old]) {
      const entry = generation.entries.get(key);
      if (entry === undefined) continue;
      generation.entries.delete(key);
      generation.cost -= entry.cost;
    }
  }

  clear(): void {
    this.#young = emptyGeneration();
    this.#old = emptyGeneration();
  }

  #add(key: number, entry: Entry): void {
    const most = this.#limit / 2;
    if (entry.cost > most) return;
    if (this.#young.cost + entry.cost > most) {
      this.#old = this.#young;
      this.#young = emptyGeneration();
    }
    this.#young.entries.set(key, entry);
    this.#young.cost += entry.cost;
  }
}
