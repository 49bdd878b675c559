import { SampleBuffer } from '#shared/domain/samples.ts';
import type { ByteReader, ByteWriter } from '../bytes.ts';
import { decodeChunk } from '../chunk/decode.ts';
import { encodeChunk } from '../chunk/encode.ts';
import { CHUNK_SAMPLES } from '../chunk/format.ts';

/** First byte of a coded column; docs/metrics-format.md, "Block". */
const CODING = { bits: 0, bitsOfBase: 1, delta: 2, secondDelta: 3, ofBase: 4 } as const;
type DecimalCoding = 2 | 3 | 4;

const MOST_DIGITS = 9;
/** Second differences of such whole numbers, in zig-zag form, still fit into an uvarint. */
const MOST_UNITS = 2 ** 49;
const POWERS = Array.from({ length: MOST_DIGITS + 1 }, (_, d) => 10 ** d);

/** Whole units of the numbers and of their base; made once, grown as needed. */
let units = new Float64Array(512);
let baseUnits = new Float64Array(512);
const chunkTimes = Float64Array.from({ length: CHUNK_SAMPLES }, (_, i) => i);
const decoded = new SampleBuffer(CHUNK_SAMPLES);

/** A column that the codec does not know or that does not fit: the block is damaged. */
export class DamagedColumn extends Error {}

/**
 * Codes `count` numbers, bit for bit, in the shortest way there is.
 *
 * @param base numbers beside which these often are small or zero, or null
 */
export function encodeColumn(
  values: Float64Array,
  count: number,
  base: Float64Array | null,
  into: ByteWriter,
): void {
  const digits = decimalDigits(values, count, 0);
  if (digits <= MOST_DIGITS) {
    encodeDecimals(values, count, base, digits, into);
    return;
  }
  let equal = 0;
  if (base !== null) for (let i = 0; i < count; i++) if (Object.is(values[i], base[i])) equal++;
  encodeBits(values, count, equal * 2 > count ? base : null, into);
}

/** The fewest digits, at least `least`, with which all numbers are exact decimals; more than 9 when there are none. */
function decimalDigits(values: Float64Array, count: number, least: number): number {
  let digits = least;
  for (let i = 0; i < count; i++) {
    const value = values[i] ?? 0;
    while (digits <= MOST_DIGITS && !isDecimal(value, digits)) digits++;
    if (digits > MOST_DIGITS) return digits;
  }
  // A small number may have asked for digits that are too many for a large one before it.
  for (let i = 0; i < count; i++) if (!isDecimal(values[i] ?? 0, digits)) return MOST_DIGITS + 1;
  return digits;
}

function isDecimal(value: number, digits: number): boolean {
  const power = POWERS[digits] ?? 1;
  const whole = Math.round(value * power);
  // Whole numbers have no negative zero.
  return whole / power === value && Math.abs(whole) < MOST_UNITS && !Object.is(value, -0);
}

function encodeDecimals(
  values: Float64Array,
  count: number,
  base: Float64Array | null,
  digits: number,
  into: ByteWriter,
): void {
  if (units.length < count) {
    units = new Float64Array(count * 2);
    baseUnits = new Float64Array(count * 2);
  }
  const power = POWERS[digits] ?? 1;
  for (let i = 0; i < count; i++) units[i] = Math.round((values[i] ?? 0) * power);
  let best: DecimalCoding = CODING.delta;
  let size = tokenBytes(count, best);
  const trySecond = tokenBytes(count, CODING.secondDelta);
  if (trySecond < size) {
    best = CODING.secondDelta;
    size = trySecond;
  }
  if (base !== null && fillBaseUnits(base, count, power) && tokenBytes(count, CODING.ofBase) <= size)
    best = CODING.ofBase;
  into.u8(best);
  into.u8(digits);
  writeTokens(count, best, into);
}

/** False when a number of the base is not one that can be counted in whole units. */
function fillBaseUnits(base: Float64Array, count: number, power: number): boolean {
  for (let i = 0; i < count; i++) {
    const whole = Math.round((base[i] ?? 0) * power);
    if (!(Math.abs(whole) < MOST_UNITS)) return false;
    baseUnits[i] = whole;
  }
  return true;
}

function tokenAt(i: number, coding: DecimalCoding): number {
  const unit = units[i] ?? 0;
  if (coding === CODING.ofBase) return unit - (baseUnits[i] ?? 0);
  const before = i > 0 ? (units[i - 1] ?? 0) : 0;
  if (coding === CODING.delta || i < 2) return unit - before;
  return unit - 2 * before + (units[i - 2] ?? 0);
}

function zigZag(value: number): number {
  return value < 0 ? -value * 2 - 1 : value * 2;
}

function uvarintBytes(value: number): number {
  let bytes = 1;
  for (let most = 128; value >= most; most *= 128) bytes++;
  return bytes;
}

function tokenBytes(count: number, coding: DecimalCoding): number {
  let bytes = 0;
  let zeros = 0;
  for (let i = 0; i <= count; i++) {
    const token = i < count ? tokenAt(i, coding) : 1;
    if (token === 0) {
      zeros++;
      continue;
    }
    if (zeros > 0) bytes += 1 + uvarintBytes(zeros - 1);
    zeros = 0;
    if (i < count) bytes += uvarintBytes(zigZag(token));
  }
  return bytes;
}

function writeTokens(count: number, coding: DecimalCoding, into: ByteWriter): void {
  let zeros = 0;
  for (let i = 0; i <= count; i++) {
    const token = i < count ? tokenAt(i, coding) : 1;
    if (token === 0) {
      zeros++;
      continue;
    }
    if (zeros > 0) {
      into.u8(0);
      into.uvarint(zeros - 1);
    }
    zeros = 0;
    if (i < count) into.uvarint(zigZag(token));
  }
}

const halves = new Float64Array(CHUNK_SAMPLES);
const halfBits = new Uint32Array(halves.buffer);

function encodeBits(values: Float64Array, count: number, base: Float64Array | null, into: ByteWriter): void {
  into.u8(base === null ? CODING.bits : CODING.bitsOfBase);
  const bits = new Uint32Array(values.buffer, values.byteOffset, count * 2);
  const baseBits = base === null ? null : new Uint32Array(base.buffer, base.byteOffset, count * 2);
  for (let from = 0; from < count; from += CHUNK_SAMPLES) {
    const length = Math.min(CHUNK_SAMPLES, count - from);
    for (let i = 0; i < length * 2; i++)
      halfBits[i] = ((bits[from * 2 + i] ?? 0) ^ (baseBits?.[from * 2 + i] ?? 0)) >>> 0;
    const chunk = encodeChunk(chunkTimes, halfBits, length);
    into.uvarint(chunk.length);
    into.append(chunk);
  }
}

/**
 * Reads a column of `count` numbers.
 *
 * @throws {DamagedColumn}, {DamagedChunk} or RangeError when the bytes are not what {@link encodeColumn} wrote
 */
export function decodeColumn(
  reader: ByteReader,
  count: number,
  base: Float64Array | null,
  into: Float64Array,
): void {
  const coding = reader.u8();
  if (coding === CODING.bits || coding === CODING.bitsOfBase) {
    decodeBits(reader, count, coding === CODING.bits ? null : base, into);
    return;
  }
  if (coding > CODING.ofBase) throw new DamagedColumn(`unknown coding ${coding}`);
  const digits = reader.u8();
  const power = POWERS[digits];
  if (power === undefined) throw new DamagedColumn(`${digits} digits`);
  readTokens(reader, count, into);
  if (coding === CODING.delta || coding === CODING.secondDelta) addUp(into, count, coding);
  else if (base === null) throw new DamagedColumn('no base');
  else for (let i = 0; i < count; i++) into[i] = Math.round((base[i] ?? 0) * power) + (into[i] ?? 0);
  if (power !== 1) for (let i = 0; i < count; i++) into[i] = (into[i] ?? 0) / power;
}

function addUp(into: Float64Array, count: number, coding: 2 | 3): void {
  let value = 0;
  let delta = 0;
  for (let i = 0; i < count; i++) {
    const token = into[i] ?? 0;
    delta = coding === CODING.secondDelta && i > 1 ? delta + token : token;
    value += delta;
    into[i] = value;
  }
}

/** Reads tokens as numbers; written out by hand, because most of the time of a long query is spent here. */
function readTokens(reader: ByteReader, count: number, into: Float64Array): void {
  const { bytes, end } = reader;
  let { at } = reader;
  for (let i = 0; i < count; ) {
    let byte = bytes[at++] ?? 0;
    let value = byte & 0x7f;
    for (let scale = 128; byte > 0x7f; scale *= 128) {
      byte = bytes[at++] ?? 0;
      value += (byte & 0x7f) * scale;
    }
    if (value > 0) {
      into[i++] = value % 2 === 1 ? -(value + 1) / 2 : value / 2;
      continue;
    }
    reader.at = at;
    const zeros = reader.uvarint() + 1;
    at = reader.at;
    if (zeros > count - i) throw new DamagedColumn('a run of zeros is too long');
    into.fill(0, i, i + zeros);
    i += zeros;
  }
  if (at > end) throw new DamagedColumn('the bytes end too early');
  reader.at = at;
}

function decodeBits(reader: ByteReader, count: number, base: Float64Array | null, into: Float64Array): void {
  const bits = new Uint32Array(into.buffer, into.byteOffset, count * 2);
  const baseBits = base === null ? null : new Uint32Array(base.buffer, base.byteOffset, count * 2);
  for (let from = 0; from < count; from += CHUNK_SAMPLES) {
    const length = Math.min(CHUNK_SAMPLES, count - from);
    decoded.length = 0;
    decodeChunk(reader.take(reader.uvarint()), decoded);
    if (decoded.length !== length) throw new DamagedColumn('a chunk has another length');
    for (let i = 0; i < length * 2; i++)
      bits[from * 2 + i] = ((decoded.bits[i] ?? 0) ^ (baseBits?.[from * 2 + i] ?? 0)) >>> 0;
  }
}
