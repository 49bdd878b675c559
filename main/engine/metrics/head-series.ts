import type { Labels } from '#shared/domain/labels.ts';
import type { SampleBuffer } from '#shared/domain/samples.ts';
import { freeNow } from '../platform/large-buffers.ts';
import { CHUNK_SAMPLES } from './chunk/format.ts';
import { LabelIndex } from './label-index.ts';
import { OpenChunks } from './open-chunks.ts';
import { hashCount, hashTexts, SlotTable, sameTexts } from './slot-table.ts';

/** Receives a chunk that was closed. */
export type ChunkClosed = (slot: number, start: number, end: number, data: Uint8Array) => void;

/** Series that there is room for at first. */
const FIRST_CAPACITY = 256;

/** Series that room is made for at a time; twice as much each time would be 30 MB too many of 300,000. */
const MOST_GROWTH = 32_768;

/** Never a time: what `last` holds for a series without samples. */
const NEVER = Number.NEGATIVE_INFINITY;

/**
 * The series that are being written to, in parallel typed arrays indexed by slot, each with one open chunk of plain
 * samples. A plain open chunk makes an append two stores; it is coded when it is closed, 120 samples at a stroke.
 */
export class HeadSeries {
  /** Number of the series in the head file. */
  ref = new Float64Array(FIRST_CAPACITY);
  /** Time of the newest sample, or -Infinity. */
  last = new Float64Array(FIRST_CAPACITY).fill(NEVER);
  lastBits = new Uint32Array(FIRST_CAPACITY * 2);
  /** Samples in the open chunk, the time of its first, the write-ahead row of its first, and where it must end. */
  count = new Uint8Array(FIRST_CAPACITY);
  base = new Float64Array(FIRST_CAPACITY);
  firstRow = new Float64Array(FIRST_CAPACITY);
  #windowEnd = new Float64Array(FIRST_CAPACITY);
  /** Stamp of the last batch that the series is tracked in (for staleness), and that holds samples of it. */
  tracked = new Uint32Array(FIRST_CAPACITY);
  batched = new Uint32Array(FIRST_CAPACITY);
  /** Newest time of the series in the batch that `batched` names. */
  batchTime = new Float64Array(FIRST_CAPACITY);
  #stamp = 0;

  readonly index: LabelIndex;
  readonly #windowMs: number;
  readonly #closed: ChunkClosed;
  readonly #byLabels = new SlotTable<Labels>({
    hash: hashTexts,
    hashOf: (slot) => hashTexts(this.labels(slot)),
    has: (slot, labels) => sameTexts(this.labels(slot), labels),
  });
  readonly #byRef = new SlotTable<number>({
    hash: hashCount,
    hashOf: (slot) => hashCount(this.ref[slot] ?? -1),
    has: (slot, ref) => this.ref[slot] === ref,
  });
  readonly #open = new OpenChunks();
  readonly #free: number[] = [];
  /** Slots that were ever in use: all below it. */
  #slots = 0;

  constructor(windowMs: number, closed: ChunkClosed) {
    this.#windowMs = windowMs;
    this.#closed = closed;
    this.index = new LabelIndex(() => this.slots());
  }

  /** Series there are. */
  get size(): number {
    return this.#byLabels.size;
  }

  /** A number that marks one batch; never 0. */
  nextStamp(): number {
    this.#stamp = (this.#stamp % 0xffff_fffe) + 1;
    return this.#stamp;
  }

  /** The labels of a slot, as a new array each time. */
  labels(slot: number): Labels {
    return this.index.labels(slot);
  }

  find(labels: Labels): number | undefined {
    return this.#byLabels.find(labels);
  }

  findRef(ref: number): number | undefined {
    return this.#byRef.find(ref);
  }

  *slots(): Iterable<number> {
    for (let slot = 0; slot < this.#slots; slot++) if (this.index.has(slot)) yield slot;
  }

  /** Adds a series that is not there yet. */
  add(labels: Labels, ref: number): number {
    const slot = this.#free.pop() ?? this.#slots++;
    if (slot >= this.ref.length) this.#grow();
    this.index.add(slot, labels);
    this.ref[slot] = ref;
    this.#byLabels.add(slot);
    this.#byRef.add(slot);
    this.last[slot] = NEVER;
    this.count[slot] = 0;
    this.tracked[slot] = 0;
    this.batched[slot] = 0;
    return slot;
  }

  /** Forgets series; their open chunks are lost, so they must be empty. */
  remove(slots: readonly number[]): void {
    for (const slot of slots) {
      this.#byLabels.remove(slot);
      this.#byRef.remove(slot);
      this.ref[slot] = -1;
      this.count[slot] = 0;
      this.#free.push(slot);
    }
    this.index.remove(new Set(slots));
  }

  /** Appends a sample that is newer than `last`. `row` is the write-ahead row that holds it. */
  append(slot: number, time: number, hi: number, lo: number, row: number): void {
    let count = this.count[slot] ?? 0;
    if (count === CHUNK_SAMPLES || (count > 0 && time >= (this.#windowEnd[slot] ?? 0))) {
      this.close(slot);
      count = 0;
    }
    if (count === 0) {
      this.base[slot] = time;
      this.firstRow[slot] = row;
      this.#windowEnd[slot] = (Math.floor(time / this.#windowMs) + 1) * this.#windowMs;
    }
    this.#open.put(slot, count, time - (this.base[slot] ?? 0), hi, lo);
    this.count[slot] = count + 1;
    this.last[slot] = time;
    this.lastBits[slot * 2] = lo;
    this.lastBits[slot * 2 + 1] = hi;
  }

  /** Codes the open chunk, hands it over and begins an empty one. */
  close(slot: number): void {
    const count = this.count[slot] ?? 0;
    if (count === 0) return;
    const base = this.base[slot] ?? 0;
    const { end, data } = this.#open.take(slot, base, count);
    this.count[slot] = 0;
    this.#closed(slot, base, end, data);
  }

  /** Appends the samples of the open chunk to `into`; some of those before `from` may be left out. */
  readOpen(slot: number, from: number, into: SampleBuffer): void {
    const count = this.count[slot] ?? 0;
    if (count > 0) this.#open.read(slot, this.base[slot] ?? 0, count, from, into);
  }

  #grow(): void {
    const capacity = this.ref.length + Math.min(this.ref.length, MOST_GROWTH);
    const wider = (old: Float64Array<ArrayBuffer>, fill = 0): Float64Array<ArrayBuffer> => {
      const grown = new Float64Array(capacity);
      grown.set(old);
      if (fill !== 0) grown.fill(fill, old.length);
      // Growing often leaves much behind, and what is left behind until garbage is collected lies between what is in use.
      freeNow(old);
      return grown;
    };
    this.ref = wider(this.ref);
    this.last = wider(this.last, NEVER);
    this.base = wider(this.base);
    this.firstRow = wider(this.firstRow);
    this.#windowEnd = wider(this.#windowEnd);
    this.batchTime = wider(this.batchTime);
    const halves = (old: Uint32Array<ArrayBuffer>, size: number): Uint32Array<ArrayBuffer> => {
      const grown = new Uint32Array(size);
      grown.set(old);
      freeNow(old);
      return grown;
    };
    this.lastBits = halves(this.lastBits, capacity * 2);
    this.tracked = halves(this.tracked, capacity);
    this.batched = halves(this.batched, capacity);
    const count = new Uint8Array(capacity);
    count.set(this.count);
    this.count = count;
  }
}
