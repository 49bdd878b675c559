import { SampleBuffer } from '#shared/domain/samples.ts';
import { decodeChunk } from './chunk/decode.ts';
import { encodeChunk } from './chunk/encode.ts';
import { CHUNK_SAMPLES } from './chunk/format.ts';
import { PackedPieces } from './packed-pieces.ts';

/** Series whose open chunks share one block of memory; a block so large comes from the system untouched. */
const SLAB_SERIES = 4096;
/** The newest samples of an open chunk are plain; as soon as there are more than so many, those before are coded. */
const PLAIN = 24;
const PIECES = CHUNK_SAMPLES / PLAIN - 1;

/**
 * The open chunks of `SLAB_SERIES` series. The plain samples lie row by row: all first ones, then all second ones, …
 *
 * A scrape brings one sample to each of its series, whose slots lie beside each other, so it fills a piece of one row. And
 * the operating system gives memory only to rows that were reached.
 */
type Slab = {
  /** Milliseconds since the chunk's first sample. */
  readonly offsets: Int32Array;
  /** Values as 32-bit halves, low before high. */
  readonly bits: Uint32Array;
  /** Each `PLAIN` samples that came before the plain ones; their times are offsets too. */
  readonly pieces: PackedPieces;
};

/** How many samples of a chunk are in coded pieces, when it has so many. */
const coded = (count: number): number => (count === 0 ? 0 : count - 1 - ((count - 1) % PLAIN));

/**
 * The samples of open chunks by slot; how many each has, the caller knows.
 *
 * An append is two stores. A plain sample takes twelve bytes and a coded one two: full chunks of 120 plain samples would be
 * 360 MB of 250,000 series.
 */
export class OpenChunks {
  readonly #slabs: Slab[] = [];
  readonly #whole = new SampleBuffer(CHUNK_SAMPLES);

  /** Stores sample `index` of a slot's chunk. Samples come in their order. */
  put(slot: number, index: number, offset: number, hi: number, lo: number): void {
    const slab = this.#slabOf(slot);
    const row = index % PLAIN;
    if (row === 0 && index > 0) this.#pack(slab, slot % SLAB_SERIES, index / PLAIN - 1);
    const at = row * SLAB_SERIES + (slot % SLAB_SERIES);
    slab.offsets[at] = offset;
    slab.bits[at * 2] = lo;
    slab.bits[at * 2 + 1] = hi;
  }

  /** Codes the `count` samples of a slot, and forgets them. @param base time of the first one */
  take(slot: number, base: number, count: number): { readonly end: number; readonly data: Uint8Array } {
    const whole = this.#whole;
    whole.length = 0;
    this.read(slot, base, count, Number.NEGATIVE_INFINITY, whole);
    const data = encodeChunk(whole.times, whole.bits, count);
    if (count > PLAIN) this.#slabOf(slot).pieces.drop(slot % SLAB_SERIES);
    return { end: whole.times[count - 1] ?? base, data };
  }

  /** Appends the `count` samples of a slot to `into`; some of those before `from` may be left out. */
  read(slot: number, base: number, count: number, from: number, into: SampleBuffer): void {
    const { offsets, bits, pieces } = this.#slabOf(slot);
    const series = slot % SLAB_SERIES;
    const before = coded(count);
    for (let piece = 0; piece < before / PLAIN; piece++) {
      if (base + pieces.last(series, piece) < from) continue;
      const first = into.length;
      decodeChunk(pieces.get(series, piece), into);
      for (let i = first; i < into.length; i++) into.times[i] = base + (into.times[i] ?? 0);
    }
    into.reserve(count - before);
    for (let i = into.length, at = series; i < into.length + count - before; i++, at += SLAB_SERIES) {
      into.times[i] = base + (offsets[at] ?? 0);
      into.bits[i * 2] = bits[at * 2] ?? 0;
      into.bits[i * 2 + 1] = bits[at * 2 + 1] ?? 0;
    }
    into.length += count - before;
  }

  /** Codes all plain samples of a series. */
  #pack({ offsets, bits, pieces }: Slab, series: number, piece: number): void {
    const whole = this.#whole;
    for (let i = 0, at = series; i < PLAIN; i++, at += SLAB_SERIES) {
      whole.times[i] = offsets[at] ?? 0;
      whole.bits[i * 2] = bits[at * 2] ?? 0;
      whole.bits[i * 2 + 1] = bits[at * 2 + 1] ?? 0;
    }
    const last = offsets[(PLAIN - 1) * SLAB_SERIES + series] ?? 0;
    pieces.add(series, piece, encodeChunk(whole.times, whole.bits, PLAIN), last);
  }

  #slabOf(slot: number): Slab {
    const number = Math.floor(slot / SLAB_SERIES);
    let slab = this.#slabs[number];
    if (slab === undefined) {
      slab = {
        offsets: new Int32Array(SLAB_SERIES * PLAIN),
        bits: new Uint32Array(SLAB_SERIES * PLAIN * 2),
        pieces: new PackedPieces(SLAB_SERIES, PIECES),
      };
      this.#slabs[number] = slab;
    }
    return slab;
  }
}
