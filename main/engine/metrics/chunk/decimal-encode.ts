import {
  beginChunk,
  finishChunk,
  writeBits,
  writeByte,
  writeUvarint,
  writeVarint,
  writeWide,
} from './bit-output.ts';
import {
  ALL_ZERO,
  BLOCK_RESIDUALS,
  CHUNK_DECIMAL,
  ESCAPE_BITS,
  ESCAPE_ONES,
  HEAD_EXCEPTIONS,
  HEAD_IRREGULAR,
  HEAD_ORDER_SHIFT,
  MOST_CHUNK_SAMPLES,
  MOST_SCALE,
  POWERS_OF_TEN,
} from './format.ts';

/** Numbers below this keep all sums of their second differences exact. */
const NUMBER_BOUND = 2 ** 48;
/** Second differences of times below this fit into an escape. */
const TIME_BOUND = 2 ** 50;
/** Differences looked at to find their middle. */
const SAMPLED = 15;

const numbers = new Float64Array(MOST_CHUNK_SAMPLES);
const exceptions = new Int32Array(MOST_CHUNK_SAMPLES);
let exceptionCount = 0;
/** Zig-zag forms of residuals. */
const residuals = new Float64Array(MOST_CHUNK_SAMPLES);
const sampled = new Float64Array(SAMPLED);
/** The numbers, their differences, and the differences of these; of order p from p on. */
const differences = [numbers, new Float64Array(MOST_CHUNK_SAMPLES), new Float64Array(MOST_CHUNK_SAMPLES)];

/** The whole number that gives exactly `value` when divided by `power`, or NaN. */
function numberOf(value: number, power: number): number {
  const number = Math.round(value * power);
  if (number / power !== value || Math.abs(number) >= NUMBER_BOUND) return Number.NaN;
  return Object.is(value, -0) ? Number.NaN : number;
}

/** Finds the scale and fills `numbers` and `exceptions`. @returns the scale, or -1 when too few values are decimal */
function toNumbers(values: Float64Array, count: number): number {
  const most = count >>> 3;
  let scale = 0;
  let power = 1;
  exceptionCount = 0;
  for (let i = 0; i < count; i++) {
    const value = values[i] ?? 0;
    const number = numberOf(value, power);
    if (!Number.isNaN(number)) {
      numbers[i] = number;
      continue;
    }
    const needed = scaleOf(value, scale + 1);
    if (needed <= MOST_SCALE) {
      // Rare: nearly always the first values tell. All before are gone through again.
      scale = needed;
      power = POWERS_OF_TEN[scale] ?? 1;
      exceptionCount = 0;
      i = -1;
      continue;
    }
    if (exceptionCount === most) return -1;
    numbers[i] = i === 0 ? 0 : (numbers[i - 1] ?? 0);
    exceptions[exceptionCount++] = i;
  }
  return scale;
}

/** The least scale from `from` on that fits a value; above {@link MOST_SCALE} when none does. */
function scaleOf(value: number, from: number): number {
  let scale = from;
  while (scale <= MOST_SCALE && Number.isNaN(numberOf(value, POWERS_OF_TEN[scale] ?? 1))) scale++;
  return scale;
}

/** Fills `differences` from `numbers`. */
function difference(count: number): void {
  for (let order = 1; order <= 2; order++) {
    const of = differences[order - 1] ?? numbers;
    const into = differences[order] ?? numbers;
    for (let i = order; i < count; i++) into[i] = (of[i] ?? 0) - (of[i - 1] ?? 0);
  }
}

/** About the median of the differences; a mean would follow a counter's reset. */
function middle(order: number, count: number): number {
  const of = differences[order] ?? numbers;
  const there = count - order;
  if (there <= 0) return 0;
  const taken = Math.min(SAMPLED, there);
  for (let i = 0; i < taken; i++) {
    const value = of[order + Math.floor((i * there) / taken)] ?? 0;
    // Sorted by insertion: of so few the built-in sort would cost more than all the rest of a chunk.
    let at = i;
    for (; at > 0 && (sampled[at - 1] ?? 0) > value; at--) sampled[at] = sampled[at - 1] ?? 0;
    sampled[at] = value;
  }
  return sampled[taken >>> 1] ?? 0;
}

function bitLength(value: number): number {
  return value < 0x1_0000_0000 ? 32 - Math.clz32(value) : 64 - Math.clz32(value / 0x1_0000_0000);
}

function folded(value: number): number {
  return value < 0 ? -value * 2 - 1 : value * 2;
}

/** Bits that the residuals take about, with Rice codes. */
function costOf(order: number, center: number, count: number): number {
  const of = differences[order] ?? numbers;
  let cost = 0;
  for (let i = order; i < count; i++) cost += bitLength(Math.abs((of[i] ?? 0) - center));
  return cost;
}

/** The parameter that codes residuals [from, to) in the fewest bits. */
function bestParameter(from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += residuals[i] ?? 0;
  if (sum === 0) return ALL_ZERO;
  // More than the mean is never best; less is, when few large residuals make the mean.
  const top = Math.min(51, bitLength(Math.floor(sum / (to - from))) + 1);
  let best = top;
  let least = Number.POSITIVE_INFINITY;
  for (let k = top; k >= 0; k--) {
    const cost = sum < 0x8000_0000 ? costOfNarrow(k, from, to) : costOfWide(k, from, to);
    if (cost < least) {
      least = cost;
      best = k;
    } else if (cost > least * 2) break;
  }
  return best;
}

/** Bits of residuals [from, to), all below 2^31, with the parameter `k`. */
function costOfNarrow(k: number, from: number, to: number): number {
  let cost = (to - from) * (1 + k);
  for (let i = from; i < to; i++) {
    const quotient = (residuals[i] ?? 0) >>> k;
    cost += quotient < ESCAPE_ONES ? quotient : ESCAPE_ONES + ESCAPE_BITS - 1 - k;
  }
  return cost;
}

function costOfWide(k: number, from: number, to: number): number {
  const unit = 2 ** k;
  let cost = (to - from) * (1 + k);
  for (let i = from; i < to; i++) {
    const quotient = Math.floor((residuals[i] ?? 0) / unit);
    cost += quotient < ESCAPE_ONES ? quotient : ESCAPE_ONES + ESCAPE_BITS - 1 - k;
  }
  return cost;
}

/** Writes `residuals[0, length)` in blocks. */
function writeResiduals(length: number): void {
  for (let from = 0; from < length; from += BLOCK_RESIDUALS) {
    const to = Math.min(from + BLOCK_RESIDUALS, length);
    const k = bestParameter(from, to);
    writeBits(k, 6);
    if (k === ALL_ZERO) continue;
    const unit = 2 ** k;
    for (let i = from; i < to; i++) {
      const z = residuals[i] ?? 0;
      const quotient = Math.floor(z / unit);
      if (quotient >= ESCAPE_ONES) {
        writeBits(0xffff, ESCAPE_ONES);
        writeWide(z, ESCAPE_BITS);
        continue;
      }
      // So many ones and a zero.
      writeBits(2 ** (quotient + 1) - 2, quotient + 1);
      writeWide(z - quotient * unit, k);
    }
  }
}

/** @returns whether all times lie equally far apart, or null when their distances are too wild for this coding */
function areRegular(times: Float64Array, count: number): boolean | null {
  let regular = true;
  for (let i = 2; i < count; i++) {
    const second = (times[i] ?? 0) - 2 * (times[i - 1] ?? 0) + (times[i - 2] ?? 0);
    if (second !== 0) regular = false;
    if (Math.abs(second) >= TIME_BOUND) return null;
  }
  return regular;
}

/**
 * Codes samples as a decimal chunk (docs/metrics-format.md, "Decimal chunk"): values as whole numbers and a power of ten,
 * differences of them as Rice codes (Golomb 1966, Rice 1979), as lossless audio coders do.
 *
 * @returns null when too few values are decimal fractions
 */
export function encodeDecimal(times: Float64Array, bits: Uint32Array, count: number): Uint8Array | null {
  const regular = areRegular(times, count);
  if (regular === null) return null;
  const scale = toNumbers(new Float64Array(bits.buffer, bits.byteOffset, count), count);
  if (scale < 0) return null;
  difference(count);
  let order = 0;
  let center = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let candidate = 0; candidate <= 2; candidate++) {
    const around = middle(candidate, count);
    const cost = costOf(candidate, around, count);
    if (cost >= least) continue;
    least = cost;
    order = candidate;
    center = around;
  }
  beginChunk(CHUNK_DECIMAL, count);
  writeByte(
    scale |
      (order << HEAD_ORDER_SHIFT) |
      (regular ? 0 : HEAD_IRREGULAR) |
      (exceptionCount > 0 ? HEAD_EXCEPTIONS : 0),
  );
  writeVarint(times[0] ?? 0);
  if (count > 1) writeUvarint((times[1] ?? 0) - (times[0] ?? 0));
  if (exceptionCount > 0) writeExceptions(bits);
  writeVarint(center);
  if (order >= 1) writeVarint(numbers[0] ?? 0);
  if (order === 2 && count > 1) writeVarint((numbers[1] ?? 0) - (numbers[0] ?? 0));
  if (!regular) {
    for (let i = 2; i < count; i++)
      residuals[i - 2] = folded((times[i] ?? 0) - 2 * (times[i - 1] ?? 0) + (times[i - 2] ?? 0));
    writeResiduals(count - 2);
  }
  const of = differences[order] ?? numbers;
  for (let i = order; i < count; i++) residuals[i - order] = folded((of[i] ?? 0) - center);
  writeResiduals(count - order);
  return finishChunk();
}

function writeExceptions(bits: Uint32Array): void {
  writeUvarint(exceptionCount);
  let previous = 0;
  for (let i = 0; i < exceptionCount; i++) {
    const position = exceptions[i] ?? 0;
    writeUvarint(position - previous);
    writeBits(bits[position * 2 + 1] ?? 0, 32);
    writeBits(bits[position * 2] ?? 0, 32);
    previous = position;
  }
}
