import type { SampleBuffer } from '#shared/domain/samples.ts';
import { encodeChunk } from './chunk/encode.ts';
import { CHUNK_SAMPLES } from './chunk/format.ts';

/** Series whose open chunks share one block of memory; a block so large comes from the system untouched. */
const SLAB_SERIES = 4096;

/**
 * The open chunks of `SLAB_SERIES` series, row by row: all first samples, then all second ones, …
 *
 * A scrape brings one sample to each of its series, whose slots lie beside each other, so it fills a piece of one row. And
 * the operating system gives memory only to rows that were reached.
 */
type Slab = {
  /** Milliseconds since the chunk's first sample. */
  readonly offsets: Int32Array;
  /** Values as 32-bit halves, low before high. */
  readonly bits: Uint32Array;
};

/** Plain samples of open chunks by slot; which are in use, the caller knows. */
export class OpenChunks {
  readonly #slabs: Slab[] = [];
  readonly #times = new Float64Array(CHUNK_SAMPLES);
  readonly #bits = new Uint32Array(CHUNK_SAMPLES * 2);

  /** Stores sample `index` of a slot's chunk. */
  put(slot: number, index: number, offset: number, hi: number, lo: number): void {
    const slab = this.#slabOf(slot);
    const at = index * SLAB_SERIES + (slot % SLAB_SERIES);
    slab.offsets[at] = offset;
    slab.bits[at * 2] = lo;
    slab.bits[at * 2 + 1] = hi;
  }

  /** Codes the first `count` samples of a slot. @param base time of the first one */
  encode(slot: number, base: number, count: number): { readonly end: number; readonly data: Uint8Array } {
    const { offsets, bits } = this.#slabOf(slot);
    for (let i = 0, at = slot % SLAB_SERIES; i < count; i++, at += SLAB_SERIES) {
      this.#times[i] = base + (offsets[at] ?? 0);
      this.#bits[i * 2] = bits[at * 2] ?? 0;
      this.#bits[i * 2 + 1] = bits[at * 2 + 1] ?? 0;
    }
    const data = encodeChunk(this.#times, this.#bits.subarray(0, count * 2), count);
    return { end: this.#times[count - 1] ?? base, data };
  }

  /** Appends the first `count` samples of a slot to `into`. */
  read(slot: number, base: number, count: number, into: SampleBuffer): void {
    const { offsets, bits } = this.#slabOf(slot);
    into.reserve(count);
    for (let i = into.length, at = slot % SLAB_SERIES; i < into.length + count; i++, at += SLAB_SERIES) {
      into.times[i] = base + (offsets[at] ?? 0);
      into.bits[i * 2] = bits[at * 2] ?? 0;
      into.bits[i * 2 + 1] = bits[at * 2 + 1] ?? 0;
    }
    into.length += count;
  }

  #slabOf(slot: number): Slab {
    const number = Math.floor(slot / SLAB_SERIES);
    let slab = this.#slabs[number];
    if (slab === undefined) {
      slab = {
        offsets: new Int32Array(SLAB_SERIES * CHUNK_SAMPLES),
        bits: new Uint32Array(SLAB_SERIES * CHUNK_SAMPLES * 2),
      };
      this.#slabs[number] = slab;
    }
    return slab;
  }
}
