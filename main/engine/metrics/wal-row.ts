import { ByteReader, ByteWriter } from './bytes.ts';
import { crc32c } from './crc32c.ts';

const ROW_VERSION = 1;
const FLAG_OWN_TIMES = 1;

/** The samples of one commit, column-wise. `refs[i]` is the series of sample i. Reused from commit to commit. */
export class SampleBatch {
  refs = new Float64Array(256);
  slots = new Int32Array(256);
  times = new Float64Array(256);
  values = new Float64Array(256);
  bits = new Uint32Array(this.values.buffer);
  length = 0;

  clear(): void {
    this.length = 0;
  }

  #grow(): void {
    const capacity = this.slots.length * 2;
    const refs = new Float64Array(capacity);
    refs.set(this.refs);
    const slots = new Int32Array(capacity);
    slots.set(this.slots);
    const times = new Float64Array(capacity);
    times.set(this.times);
    const values = new Float64Array(capacity);
    const bits = new Uint32Array(values.buffer);
    bits.set(this.bits);
    this.refs = refs;
    this.slots = slots;
    this.times = times;
    this.values = values;
    this.bits = bits;
  }

  /** Appends a sample whose value is an ordinary number or infinity. */
  push(slot: number, ref: number, time: number, value: number): void {
    if (this.length === this.slots.length) this.#grow();
    const at = this.length++;
    this.slots[at] = slot;
    this.refs[at] = ref;
    this.times[at] = time;
    this.values[at] = value;
  }

  /** Appends a sample given as bits, for the kinds of NaN. */
  pushBits(slot: number, ref: number, time: number, hi: number, lo: number): void {
    this.push(slot, ref, time, 0);
    this.bits[this.length * 2 - 2] = lo;
    this.bits[this.length * 2 - 1] = hi;
  }
}

const writer = new ByteWriter(64 * 1024);

/** Codes a batch as one write-ahead row (docs/metrics-format.md, "Write-ahead row"). */
export function encodeRow(batch: SampleBatch): Uint8Array {
  const { length, refs, times } = batch;
  const base = times[0] ?? 0;
  let ownTimes = false;
  for (let i = 1; i < length && !ownTimes; i++) ownTimes = times[i] !== base;
  writer.length = 0;
  writer.u8(ROW_VERSION);
  writer.u8(ownTimes ? FLAG_OWN_TIMES : 0);
  writer.uvarint(length);
  writer.varint(base);
  // A target's series were mostly made together, so their numbers come in long runs.
  let next = 0;
  for (let i = 0; i < length; ) {
    const first = refs[i] ?? 0;
    let run = 1;
    while (i + run < length && refs[i + run] === first + run) run++;
    writer.varint(first - next);
    writer.uvarint(run);
    next = first + run;
    i += run;
  }
  if (ownTimes) for (let i = 0; i < length; i++) writer.varint((times[i] ?? 0) - base);
  writer.append(new Uint8Array(batch.values.buffer, 0, length * 8));
  writer.u32(crc32c(writer.bytes, 0, writer.length));
  return writer.take();
}

/**
 * Reads a write-ahead row into `batch` (refs, times and values; slots are the caller's business).
 *
 * @throws RangeError when the row is damaged or of an unknown version
 */
export function decodeRow(row: Uint8Array, batch: SampleBatch): void {
  const end = row.length - 4;
  if (end < 2 || new ByteReader(row, end).u32() !== crc32c(row, 0, end))
    throw new RangeError('the checksum does not match');
  const reader = new ByteReader(row, 0, end);
  const version = reader.u8();
  if (version !== ROW_VERSION) throw new RangeError(`unknown row version ${version}`);
  const ownTimes = (reader.u8() & FLAG_OWN_TIMES) !== 0;
  const length = reader.uvarint();
  const base = reader.varint();
  batch.clear();
  let next = 0;
  while (batch.length < length) {
    next += reader.varint();
    for (let run = reader.uvarint(); run > 0; run--) batch.push(-1, next++, base, 0);
  }
  if (ownTimes) for (let i = 0; i < length; i++) batch.times[i] = base + reader.varint();
  new Uint8Array(batch.values.buffer).set(reader.take(length * 8));
}
