import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod';
import type { Labels } from '#shared/domain/labels.ts';

/** The samples of some commits in the order of their series; sample i comes from commit `rows[i]`. */
export type Segment = {
  readonly series: readonly Labels[];
  readonly owner: Int32Array;
  readonly rows: Float64Array;
  readonly times: Float64Array;
  readonly bits: Uint32Array;
};

/** What a segment file says of itself in its first line. */
const segmentHeadSchema = z.object({
  version: z.literal(1),
  firstRow: z.int(),
  lastRow: z.int(),
  samples: z.int().min(0).max(50_000_000),
  series: z.int().min(0),
  oldest: z.number(),
  newest: z.number(),
  /** Bytes of the body before compression. */
  bytes: z
    .int()
    .min(0)
    .max(2 ** 31),
});
export type SegmentHead = z.infer<typeof segmentHeadSchema>;

/** Collects samples in the order of their commits and gives them out in that of their series. */
export class SegmentBuilder {
  readonly #series: Labels[] = [];
  readonly #numbers = new Map<Labels, number>();
  readonly #counts: number[] = [];
  #owner = new Int32Array(16_384);
  #rows = new Float64Array(16_384);
  #times = new Float64Array(16_384);
  #lo = new Uint32Array(16_384);
  #hi = new Uint32Array(16_384);
  #length = 0;
  oldest = Number.POSITIVE_INFINITY;
  newest = Number.NEGATIVE_INFINITY;
  firstRow = 0;
  lastRow = 0;

  get length(): number {
    return this.#length;
  }

  add(labels: Labels, row: number, time: number, lo: number, hi: number): void {
    let number = this.#numbers.get(labels);
    if (number === undefined) {
      number = this.#series.push(labels) - 1;
      this.#numbers.set(labels, number);
      this.#counts.push(0);
    }
    this.#counts[number] = (this.#counts[number] ?? 0) + 1;
    if (this.#length === this.#owner.length) this.#grow();
    const at = this.#length++;
    this.#owner[at] = number;
    this.#rows[at] = row;
    this.#times[at] = time;
    this.#lo[at] = lo;
    this.#hi[at] = hi;
    if (time < this.oldest) this.oldest = time;
    if (time > this.newest) this.newest = time;
  }

  /** The file's content: a line of JSON, then the columns, compressed. docs/remote.md describes it. */
  encode(): Uint8Array {
    const { length } = this;
    const counts = Uint32Array.from(this.#counts);
    const next = new Uint32Array(counts.length);
    for (let s = 1; s < counts.length; s++) next[s] = (next[s - 1] ?? 0) + (counts[s - 1] ?? 0);
    const order = new Uint32Array(length);
    for (let i = 0; i < length; i++) {
      const series = this.#owner[i] ?? 0;
      const at = next[series] ?? 0;
      order[at] = i;
      next[series] = at + 1;
    }
    const rows = new Uint32Array(length);
    const times = new Float64Array(length);
    const low = new Uint32Array(length);
    const high = new Uint32Array(length);
    let at = 0;
    for (const count of counts) {
      let [row, time, lo, hi] = [this.firstRow, this.oldest, 0, 0];
      for (const end = at + count; at < end; at++) {
        const i = order[at] ?? 0;
        // Differences to the sample before: mostly the same number again and again, which deflate shrinks to nothing.
        rows[at] = (this.#rows[i] ?? 0) - row;
        times[at] = (this.#times[i] ?? 0) - time;
        low[at] = (this.#lo[i] ?? 0) ^ lo;
        high[at] = (this.#hi[i] ?? 0) ^ hi;
        row = this.#rows[i] ?? 0;
        time = this.#times[i] ?? 0;
        lo = this.#lo[i] ?? 0;
        hi = this.#hi[i] ?? 0;
      }
    }
    const names = Buffer.from(JSON.stringify(this.#series), 'utf8');
    const size = Buffer.alloc(4);
    size.writeUInt32LE(names.length);
    const body = Buffer.concat([
      size,
      names,
      ...[counts, rows, times, low, high].map(({ buffer }) => Buffer.from(buffer)),
    ]);
    const head: SegmentHead = {
      version: 1,
      firstRow: this.firstRow,
      lastRow: this.lastRow,
      samples: length,
      series: this.#series.length,
      oldest: length === 0 ? 0 : this.oldest,
      newest: length === 0 ? 0 : this.newest,
      bytes: body.length,
    };
    return Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`, 'utf8'), gzipSync(body, { level: 1 })]);
  }

  #grow(): void {
    const capacity = this.#owner.length * 2;
    const wider = <T extends Float64Array | Int32Array | Uint32Array>(made: T, old: T): T => {
      made.set(old);
      return made;
    };
    this.#owner = wider(new Int32Array(capacity), this.#owner);
    this.#rows = wider(new Float64Array(capacity), this.#rows);
    this.#times = wider(new Float64Array(capacity), this.#times);
    this.#lo = wider(new Uint32Array(capacity), this.#lo);
    this.#hi = wider(new Uint32Array(capacity), this.#hi);
  }
}

const seriesSchema = z.array(z.array(z.string()));

/** The longest first line. */
export const LONGEST_HEAD = 4096;

/** Reads the first line of a segment file. @throws when it is none */
export function decodeSegmentHead(start: Uint8Array): SegmentHead {
  const end = start.indexOf(0x0a);
  if (end < 0) throw new RangeError('it has no first line');
  return segmentHeadSchema.parse(JSON.parse(Buffer.from(start.subarray(0, end)).toString('utf8')));
}

/** Reads a segment file; the checksum is gzip's own. @throws when it is damaged */
export function decodeSegment(file: Uint8Array): Segment {
  const head = decodeSegmentHead(file);
  const body = gunzipSync(file.subarray(file.indexOf(0x0a) + 1), { maxOutputLength: head.bytes + 1 });
  const namesLength = body.length < 4 ? 0 : body.readUInt32LE(0);
  const columns = 4 + namesLength;
  if (body.length !== head.bytes || body.length !== columns + head.series * 4 + head.samples * 20)
    throw new RangeError('its length is wrong');
  const series = seriesSchema.parse(JSON.parse(body.subarray(4, columns).toString('utf8')));
  if (series.length !== head.series) throw new RangeError('its number of series is wrong');
  let start = columns;
  const take = (bytes: number): ArrayBuffer => {
    const copy = new Uint8Array(bytes);
    copy.set(body.subarray(start, start + bytes));
    start += bytes;
    return copy.buffer;
  };
  const counts = new Uint32Array(take(head.series * 4));
  const rowSteps = new Uint32Array(take(head.samples * 4));
  const times = new Float64Array(take(head.samples * 8));
  const low = new Uint32Array(take(head.samples * 4));
  const high = new Uint32Array(take(head.samples * 4));
  const owner = new Int32Array(head.samples);
  const rows = new Float64Array(head.samples);
  const bits = new Uint32Array(head.samples * 2);
  let at = 0;
  for (let s = 0; s < counts.length; s++) {
    let [row, time, lo, hi] = [head.firstRow, head.oldest, 0, 0];
    for (const end = Math.min(at + (counts[s] ?? 0), head.samples); at < end; at++) {
      row += rowSteps[at] ?? 0;
      time += times[at] ?? 0;
      lo ^= low[at] ?? 0;
      hi ^= high[at] ?? 0;
      owner[at] = s;
      rows[at] = row;
      times[at] = time;
      bits[at * 2] = lo;
      bits[at * 2 + 1] = hi;
    }
  }
  if (at !== head.samples) throw new RangeError('its counts do not fit');
  return { series, owner, rows, times, bits };
}
