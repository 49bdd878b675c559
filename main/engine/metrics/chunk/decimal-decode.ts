import type { SampleBuffer } from '#shared/domain/samples.ts';
import {
  bitPosition,
  peekBits,
  readBits,
  readUvarint,
  readVarint,
  readWide,
  skipBits,
  unfold,
} from './bit-input.ts';
import {
  ALL_ZERO,
  BLOCK_RESIDUALS,
  DamagedChunk,
  ESCAPE_BITS,
  ESCAPE_ONES,
  HEAD_EXCEPTIONS,
  HEAD_IRREGULAR,
  HEAD_ORDER_SHIFT,
  HEAD_SCALE,
  MOST_CHUNK_SAMPLES,
  POWERS_OF_TEN,
} from './format.ts';

/** Up to this parameter quotient and remainder lie within one look at 32 bits. */
const NARROW = 16;

/** The last chunk's residuals, of a time or of a value. */
let residuals = new Float64Array(MOST_CHUNK_SAMPLES);

/** Reads `length` residuals, in blocks, into `residuals`. */
function readResiduals(length: number): void {
  if (length > residuals.length) residuals = new Float64Array(length);
  for (let from = 0; from < length; from += BLOCK_RESIDUALS) {
    const to = Math.min(from + BLOCK_RESIDUALS, length);
    const k = readBits(6);
    if (k === ALL_ZERO) residuals.fill(0, from, to);
    else if (k <= NARROW) readNarrow(k, from, to);
    else for (let i = from; i < to; i++) residuals[i] = unfold(readCode(k));
  }
}

function readNarrow(k: number, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    const word = peekBits();
    const quotient = Math.clz32(~word);
    if (quotient >= ESCAPE_ONES) {
      residuals[i] = unfold(readCode(k));
      continue;
    }
    skipBits(quotient + 1 + k);
    // A shift by 32 is a shift by 0, so no remainder is a case of its own.
    const rest = k === 0 ? 0 : (word << (quotient + 1)) >>> (32 - k);
    const z = (quotient << k) | rest;
    residuals[i] = (z >>> 1) ^ -(z & 1);
  }
}

/** One residual in zig-zag form, of any width. */
function readCode(k: number): number {
  const quotient = Math.clz32(~peekBits());
  if (quotient >= ESCAPE_ONES) {
    skipBits(ESCAPE_ONES);
    return readWide(ESCAPE_BITS);
  }
  skipBits(quotient + 1);
  return quotient * 2 ** k + (k === 0 ? 0 : readWide(k));
}

/** Reads the samples of a decimal chunk into `into` from its end on; there is room for them. */
export function decodeDecimal(count: number, into: SampleBuffer): void {
  const { times, values, bits, length: first } = into;
  const head = readBits(8);
  const scale = head & HEAD_SCALE;
  const order = (head >>> HEAD_ORDER_SHIFT) & 3;
  if (order > 2) throw new DamagedChunk(`unknown order of differences ${order}`);
  const start = readVarint();
  let step = count > 1 ? readUvarint() : 0;
  const exceptions = (head & HEAD_EXCEPTIONS) === 0 ? 0 : readUvarint();
  if (exceptions > count) throw new DamagedChunk(`${exceptions} exceptions of ${count} samples`);
  const exceptionsAt = bitPosition();
  for (let i = 0; i < exceptions; i++) {
    readUvarint();
    skipBits(64);
  }
  const center = readVarint();
  let number = order >= 1 ? readVarint() : 0;
  let slope = order === 2 && count > 1 ? readVarint() : 0;
  if ((head & HEAD_IRREGULAR) === 0) for (let i = 0; i < count; i++) times[first + i] = start + i * step;
  else {
    readResiduals(count - 2);
    times[first] = start;
    let time = start + step;
    times[first + 1] = time;
    for (let i = 2; i < count; i++) {
      step += residuals[i - 2] ?? 0;
      time += step;
      times[first + i] = time;
    }
  }
  readResiduals(count - order);
  const power = POWERS_OF_TEN[scale] ?? 1;
  if (order === 0) for (let i = 0; i < count; i++) values[first + i] = ((residuals[i] ?? 0) + center) / power;
  else if (order === 1) {
    values[first] = number / power;
    for (let i = 1; i < count; i++) {
      number += (residuals[i - 1] ?? 0) + center;
      values[first + i] = number / power;
    }
  } else {
    values[first] = number / power;
    number += slope;
    if (count > 1) values[first + 1] = number / power;
    for (let i = 2; i < count; i++) {
      slope += (residuals[i - 2] ?? 0) + center;
      number += slope;
      values[first + i] = number / power;
    }
  }
  if (exceptions > 0) readExceptions(exceptions, exceptionsAt, count, first, bits);
}

/** Puts the values that are not decimal in their places. */
function readExceptions(
  exceptions: number,
  from: number,
  count: number,
  first: number,
  bits: Uint32Array,
): void {
  const end = bitPosition();
  skipBits(from - end);
  let position = 0;
  for (let i = 0; i < exceptions; i++) {
    position += readUvarint();
    if (position >= count) throw new DamagedChunk('an exception lies behind the end');
    const hi = readBits(32);
    bits[(first + position) * 2] = readBits(32);
    bits[(first + position) * 2 + 1] = hi;
  }
  skipBits(end - bitPosition());
}
