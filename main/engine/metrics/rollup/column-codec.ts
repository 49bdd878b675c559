import { SampleBuffer } from '#shared/domain/samples.ts';
import { type ByteReader, ByteWriter } from '../bytes.ts';
import { decodeChunk } from '../chunk/decode.ts';
import { encodeChunk } from '../chunk/encode.ts';
import { MOST_CHUNK_SAMPLES } from '../chunk/format.ts';

/** First byte of a coded column; docs/metrics-format.md, "Block". */
const CODING = { chunks: 0, bitsOfBase: 1, tokens: 2, tokensOfBase: 3, unitsOfBase: 4 } as const;
type TokenCoding = typeof CODING.tokens | typeof CODING.tokensOfBase;

const MOST_DIGITS = 9;
/** Differences of such whole numbers, in zig-zag form, fit into an uvarint. */
const MOST_UNITS = 2 ** 47;
const POWERS = Array.from({ length: MOST_DIGITS + 1 }, (_, d) => 10 ** d);
/** Tokens are taken without a look at other codings when a byte holds so many numbers. */
const DENSE = 16;

/** Whole units of the numbers and of their base; made once, grown as needed. */
let units = new Float64Array(512);
let baseUnits = new Float64Array(512);
const chunkTimes = Float64Array.from({ length: MOST_CHUNK_SAMPLES }, (_, i) => i);
const chunkValues = new Float64Array(MOST_CHUNK_SAMPLES);
const chunkBits = new Uint32Array(chunkValues.buffer);
const decoded = new SampleBuffer(MOST_CHUNK_SAMPLES);
const [best, trial] = [new ByteWriter(4096), new ByteWriter(4096)];

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
  best.length = 0;
  const digits = decimalDigits(values, count);
  const power = POWERS[digits] ?? 0;
  const ofBase = power > 0 && fillUnits(values, base, count, power);
  if (power > 0) {
    writeTokens(CODING.tokens, digits, count, best);
    if (ofBase) keepShorter((writer) => writeTokens(CODING.tokensOfBase, digits, count, writer));
  }
  if (power === 0 || best.length * DENSE > count) {
    keepShorter((writer) => writeChunks(CODING.chunks, values, null, count, writer));
    if (ofBase) keepShorter((writer) => writeUnitsOfBase(digits, count, writer));
    else if (base !== null && areMostlyEqual(values, base, count))
      keepShorter((writer) => writeChunks(CODING.bitsOfBase, values, base, count, writer));
  }
  into.append(best.bytes.subarray(0, best.length));
}

/** Tries a coding, and keeps it if it is the first or shorter than the best so far. */
function keepShorter(write: (into: ByteWriter) => void): void {
  trial.length = 0;
  write(trial);
  if (best.length > 0 && best.length <= trial.length) return;
  best.length = 0;
  best.append(trial.bytes.subarray(0, trial.length));
}

function areMostlyEqual(values: Float64Array, base: Float64Array, count: number): boolean {
  let equal = 0;
  for (let i = 0; i < count; i++) if (Object.is(values[i], base[i])) equal++;
  return equal * 2 > count;
}

/** The fewest digits with which all numbers are exact decimals; more than 9 when there are none. */
function decimalDigits(values: Float64Array, count: number): number {
  let digits = 0;
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

/** Sets the whole units of the numbers and of their base; false when the base has none, or is none. */
function fillUnits(values: Float64Array, base: Float64Array | null, count: number, power: number): boolean {
  if (units.length < count) {
    units = new Float64Array(count * 2);
    baseUnits = new Float64Array(count * 2);
  }
  for (let i = 0; i < count; i++) units[i] = Math.round((values[i] ?? 0) * power);
  if (base === null) return false;
  for (let i = 0; i < count; i++) {
    const whole = Math.round((base[i] ?? 0) * power);
    if (!(Math.abs(whole) < MOST_UNITS)) return false;
    baseUnits[i] = whole;
  }
  return true;
}

function writeTokens(coding: TokenCoding, digits: number, count: number, into: ByteWriter): void {
  into.u8(coding);
  into.u8(digits);
  let zeros = 0;
  for (let i = 0; i <= count; i++) {
    const before = coding === CODING.tokensOfBase ? (baseUnits[i] ?? 0) : i > 0 ? (units[i - 1] ?? 0) : 0;
    const token = (units[i] ?? 0) - before;
    if (token === 0 && i < count) {
      zeros++;
      continue;
    }
    if (zeros > 0) {
      into.u8(0);
      into.uvarint(zeros - 1);
    }
    zeros = 0;
    if (i < count) into.uvarint(token < 0 ? -token * 2 - 1 : token * 2);
  }
}

function writeChunk(length: number, into: ByteWriter): void {
  const chunk = encodeChunk(chunkTimes.subarray(0, length), chunkBits, length);
  into.uvarint(chunk.length);
  into.append(chunk);
}

function writeUnitsOfBase(digits: number, count: number, into: ByteWriter): void {
  into.u8(CODING.unitsOfBase);
  into.u8(digits);
  for (let from = 0; from < count; from += MOST_CHUNK_SAMPLES) {
    const length = Math.min(MOST_CHUNK_SAMPLES, count - from);
    for (let i = 0; i < length; i++) chunkValues[i] = (units[from + i] ?? 0) - (baseUnits[from + i] ?? 0);
    writeChunk(length, into);
  }
}

/** The numbers as they are, or their bits XORed with those of the base. */
function writeChunks(
  coding: typeof CODING.chunks | typeof CODING.bitsOfBase,
  values: Float64Array,
  base: Float64Array | null,
  count: number,
  into: ByteWriter,
): void {
  into.u8(coding);
  const bits = new Uint32Array(values.buffer, values.byteOffset, count * 2);
  const baseBits = base === null ? null : new Uint32Array(base.buffer, base.byteOffset, count * 2);
  for (let from = 0; from < count; from += MOST_CHUNK_SAMPLES) {
    const length = Math.min(MOST_CHUNK_SAMPLES, count - from);
    for (let i = 0; i < length * 2; i++)
      chunkBits[i] = ((bits[from * 2 + i] ?? 0) ^ (baseBits?.[from * 2 + i] ?? 0)) >>> 0;
    writeChunk(length, into);
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
  if (coding === CODING.chunks || coding === CODING.bitsOfBase) {
    readChunks(reader, count, into);
    if (coding === CODING.bitsOfBase) undoXor(into, baseOf(base), count);
    return;
  }
  if (coding > CODING.unitsOfBase) throw new DamagedColumn(`unknown coding ${coding}`);
  const digits = reader.u8();
  const power = POWERS[digits];
  if (power === undefined) throw new DamagedColumn(`${digits} digits`);
  if (coding === CODING.unitsOfBase) readChunks(reader, count, into);
  else readTokens(reader, count, into);
  if (coding === CODING.tokens) for (let i = 1; i < count; i++) into[i] = (into[i - 1] ?? 0) + (into[i] ?? 0);
  else {
    const from = baseOf(base);
    for (let i = 0; i < count; i++) into[i] = Math.round((from[i] ?? 0) * power) + (into[i] ?? 0);
  }
  if (power !== 1) for (let i = 0; i < count; i++) into[i] = (into[i] ?? 0) / power;
}

function baseOf(base: Float64Array | null): Float64Array {
  if (base === null) throw new DamagedColumn('no base');
  return base;
}

function undoXor(into: Float64Array, base: Float64Array, count: number): void {
  const bits = new Uint32Array(into.buffer, into.byteOffset, count * 2);
  const baseBits = new Uint32Array(base.buffer, base.byteOffset, count * 2);
  for (let i = 0; i < count * 2; i++) bits[i] = ((bits[i] ?? 0) ^ (baseBits[i] ?? 0)) >>> 0;
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

function readChunks(reader: ByteReader, count: number, into: Float64Array): void {
  const bits = new Uint32Array(into.buffer, into.byteOffset, count * 2);
  for (let from = 0; from < count; from += MOST_CHUNK_SAMPLES) {
    const length = Math.min(MOST_CHUNK_SAMPLES, count - from);
    decoded.length = 0;
    decodeChunk(reader.take(reader.uvarint()), decoded);
    if (decoded.length !== length) throw new DamagedColumn('a chunk has another length');
    bits.set(decoded.bits.subarray(0, length * 2), from * 2);
  }
}
