import { freeNow } from '../platform/large-buffers.ts';
import { hashBytes, SlotTable } from './slot-table.ts';

/** What an entry of the cache is: the series part of a sample line, the same of one that a rule drops, or a whole comment line. */
export const CACHED = { series: 0, comment: 1, dropped: 2 } as const;
type CachedKind = (typeof CACHED)[keyof typeof CACHED];

const NONE = -1;

/** A piece of a body. */
type Piece = { readonly bytes: Uint8Array; readonly from: number; readonly to: number };

/**
 * Remembers the lines of a target's last scrapes, so that a line seen before is recognised by its bytes alone.
 *
 * An exposition lists the same lines in the same order nearly always. Each entry therefore knows which entry followed
 * it last time, and recognising costs one comparison of bytes, without looking for the end of anything. Where the
 * guess fails, the caller parses the line and finds the entry by its text.
 */
export class ScrapeCache {
  #bytes = new Uint8Array(4096);
  #used = 0;
  #start = new Int32Array(64);
  #length = new Int32Array(64);
  #kind = new Uint8Array(64);
  #next = new Int32Array(64);
  #count = 0;
  #first = NONE;
  #previous = NONE;
  readonly #byBytes = new SlotTable<Piece>({
    hash: ({ bytes, from, to }) => hashBytes(bytes, from, to),
    hashOf: (entry) => {
      const start = this.#start[entry] ?? 0;
      return hashBytes(this.#bytes, start, start + this.length(entry));
    },
    has: (entry, { bytes, from, to }) =>
      to - from === this.length(entry) && this.#standsAt(entry, bytes, from),
  });

  /** Of each entry: the series' slot and number in the head, and the scrape that it last occurred in. */
  slot = new Int32Array(64);
  ref = new Float64Array(64);
  seen = new Float64Array(64);

  get size(): number {
    return this.#count;
  }

  kind(entry: number): CachedKind {
    return (this.#kind[entry] ?? CACHED.series) as CachedKind;
  }

  length(entry: number): number {
    return this.#length[entry] ?? 0;
  }

  /** Begins a scrape: the next guess is the entry that came first last time. */
  rewind(): void {
    this.#previous = NONE;
  }

  /** The entry that followed the present one last time, if its bytes stand at `at`; else -1. */
  guess(body: Uint8Array, at: number): number {
    const entry = this.#previous === NONE ? this.#first : (this.#next[this.#previous] ?? NONE);
    if (entry === NONE) return NONE;
    return this.#standsAt(entry, body, at) ? entry : NONE;
  }

  /** The entry with these bytes, or -1. */
  find(body: Uint8Array, from: number, to: number): number {
    return this.#byBytes.find({ bytes: body, from, to }) ?? NONE;
  }

  /** Notes that `entry` comes after the present one, and makes it the present one. */
  follow(entry: number): void {
    if (this.#previous === NONE) this.#first = entry;
    else this.#next[this.#previous] = entry;
    this.#previous = entry;
  }

  add(body: Uint8Array, from: number, to: number, kind: CachedKind): number {
    const entry = this.#count++;
    if (entry >= this.#start.length) this.#grow();
    const length = to - from;
    if (this.#used + length > this.#bytes.length) {
      const bytes = new Uint8Array(Math.max(this.#used + length, Math.ceil(this.#bytes.length * 1.5)));
      bytes.set(this.#bytes.subarray(0, this.#used));
      freeNow(this.#bytes);
      this.#bytes = bytes;
    }
    this.#bytes.set(body.subarray(from, to), this.#used);
    this.#start[entry] = this.#used;
    this.#length[entry] = length;
    this.#kind[entry] = kind;
    this.#next[entry] = NONE;
    this.slot[entry] = NONE;
    this.ref[entry] = NONE;
    this.seen[entry] = NONE;
    this.#used += length;
    this.#byBytes.add(entry);
    return entry;
  }

  /** A cache of only the entries last seen in scrape `since` or later, in their order. */
  without(since: number): ScrapeCache {
    const kept = new ScrapeCache();
    for (let entry = 0; entry < this.#count; entry++) {
      if ((this.seen[entry] ?? NONE) < since) continue;
      const start = this.#start[entry] ?? 0;
      const copy = kept.add(this.#bytes, start, start + this.length(entry), this.kind(entry));
      kept.slot[copy] = this.slot[entry] ?? NONE;
      kept.ref[copy] = this.ref[entry] ?? NONE;
      kept.seen[copy] = this.seen[entry] ?? NONE;
      kept.follow(copy);
    }
    return kept;
  }

  #standsAt(entry: number, body: Uint8Array, at: number): boolean {
    const length = this.#length[entry] ?? 0;
    const start = this.#start[entry] ?? 0;
    const bytes = this.#bytes;
    for (let i = 0; i < length; i++) if (bytes[start + i] !== body[at + i]) return false;
    return true;
  }

  #grow(): void {
    const capacity = this.#start.length * 2;
    const wider = (old: Int32Array): Int32Array<ArrayBuffer> => {
      const grown = new Int32Array(capacity);
      grown.set(old);
      return grown;
    };
    this.#start = wider(this.#start);
    this.#length = wider(this.#length);
    this.#next = wider(this.#next);
    this.slot = wider(this.slot);
    const kind = new Uint8Array(capacity);
    kind.set(this.#kind);
    this.#kind = kind;
    const ref = new Float64Array(capacity);
    ref.set(this.ref);
    this.ref = ref;
    const seen = new Float64Array(capacity);
    seen.set(this.seen);
    this.seen = seen;
  }
}
