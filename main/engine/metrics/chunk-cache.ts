/** A chunk as it is stored; times in UTC milliseconds. */
export type StoredChunk = { readonly start: number; readonly end: number; readonly data: Uint8Array };

type Entry = { readonly chunks: readonly StoredChunk[]; readonly cost: number };

/** What a chunk costs besides its bytes: the objects that stand for it. */
const CHUNK_COST = 160;
const ENTRY_COST = 200;

/**
 * Keeps chunks that were read lately, so that a page that asks the same again and again does not ask SQLite for each
 * series each time. Bounded in bytes; those not asked for longest go first.
 */
export class ChunkCache {
  readonly #limit: number;
  /** In the order of use, the latest last. */
  readonly #entries = new Map<number, Entry>();
  #cost = 0;

  /** @param limit bytes that it may take, about */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Bytes that it takes, about. */
  get cost(): number {
    return this.#cost;
  }

  get(key: number): readonly StoredChunk[] | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.chunks;
  }

  /** Keeps chunks under a key that has none, and returns them. */
  keep(key: number, chunks: readonly StoredChunk[]): readonly StoredChunk[] {
    // One block for all of them: a block of its own for each costs more than its bytes.
    const block = Buffer.concat(chunks.map(({ data }) => data));
    let at = 0;
    const packed = chunks.map(({ start, end, data }) => {
      const from = at;
      at += data.length;
      return { start, end, data: block.subarray(from, at) };
    });
    const cost = ENTRY_COST + block.length + packed.length * CHUNK_COST;
    this.forget(key);
    this.#entries.set(key, { chunks: packed, cost });
    this.#cost += cost;
    for (const oldest of this.#entries.keys()) {
      if (this.#cost <= this.#limit) break;
      this.forget(oldest);
    }
    return packed;
  }

  forget(key: number): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#cost -= entry.cost;
  }

  clear(): void {
    this.#entries.clear();
    this.#cost = 0;
  }
}
