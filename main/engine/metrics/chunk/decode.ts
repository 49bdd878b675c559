import type { SampleBuffer } from '#shared/domain/samples.ts';
import { crc32c } from '../crc32c.ts';
import { CHUNK_FRAME, CHUNK_XOR, DamagedChunk } from './format.ts';

let bytes = new Uint8Array(0);
/** Position in bits. */
let at = 0;

function readBits(width: number): number {
  let value = 0;
  let left = width;
  while (left > 0) {
    const have = 8 - (at & 7);
    const take = left < have ? left : have;
    const part = ((bytes[at >>> 3] ?? 0) >>> (have - take)) & ((1 << take) - 1);
    value = take === 32 ? part : (value << take) | part;
    at += take;
    left -= take;
  }
  return value >>> 0;
}

function readBit(): number {
  const bit = ((bytes[at >>> 3] ?? 0) >>> (7 - (at & 7))) & 1;
  at++;
  return bit;
}

function readUvarint(): number {
  let value = 0;
  let scale = 1;
  for (let i = 0; i < 8; i++) {
    const byte = readBits(8);
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return value;
    scale *= 128;
  }
  throw new DamagedChunk('a number is longer than 53 bits');
}

/** Reads a two's complement number whose range is shifted by one: 2^(width-1) is positive. */
function readSigned(width: number): number {
  const raw = readBits(width);
  return raw > 2 ** (width - 1) ? raw - 2 ** width : raw;
}

function readDeltaOfDelta(): number {
  if (readBit() === 0) return 0;
  if (readBit() === 0) return readSigned(14);
  if (readBit() === 0) return readSigned(17);
  if (readBit() === 0) return readSigned(20);
  const hi = readBits(32) | 0;
  return hi * 0x1_0000_0000 + readBits(32);
}

/**
 * Checks a chunk and appends its samples to `into`, bit for bit.
 *
 * @throws {DamagedChunk} when the checksum or the structure is wrong; `into` is unchanged then
 */
export function decodeChunk(chunk: Uint8Array, into: SampleBuffer): void {
  const end = chunk.length - 4;
  if (end < CHUNK_FRAME) throw new DamagedChunk('the chunk is too short');
  const stored =
    (((chunk[end] ?? 0) << 24) |
      ((chunk[end + 1] ?? 0) << 16) |
      ((chunk[end + 2] ?? 0) << 8) |
      (chunk[end + 3] ?? 0)) >>>
    0;
  if (crc32c(chunk, 0, end) !== stored) throw new DamagedChunk('the checksum does not match');
  if (chunk[0] !== CHUNK_XOR) throw new DamagedChunk(`unknown coding ${chunk[0]}`);
  bytes = chunk as Uint8Array<ArrayBuffer>;
  at = 8;
  const count = readBits(16);
  const first = into.length;
  into.reserve(count);
  const { times, bits } = into;
  const coded = readUvarint();
  let time = coded % 2 === 1 ? -(coded + 1) / 2 : coded / 2;
  let hi = readBits(32);
  let lo = readBits(32);
  let delta = 0;
  let lead = 0;
  let trail = 0;
  for (let i = 0; i < count; i++) {
    if (i === 1) delta = readUvarint();
    else if (i > 1) delta += readDeltaOfDelta();
    if (i > 0) {
      time += delta;
      if (readBit() === 1) {
        if (readBit() === 1) {
          lead = readBits(5);
          const width = readBits(6) || 64;
          trail = 64 - lead - width;
        }
        const width = 64 - lead - trail;
        const upper = width > 32 ? readBits(width - 32) : 0;
        const lower = readBits(width > 32 ? 32 : width);
        if (trail >= 32) hi ^= lower << (trail - 32);
        else if (trail === 0) {
          hi ^= upper;
          lo ^= lower;
        } else {
          hi ^= (upper << trail) | (lower >>> (32 - trail));
          lo ^= lower << trail;
        }
      }
    }
    times[first + i] = time;
    bits[(first + i) * 2] = lo;
    bits[(first + i) * 2 + 1] = hi;
  }
  if (at > end * 8) throw new DamagedChunk('the samples end too early');
  into.length = first + count;
}

/** How many samples a chunk holds, without decoding it. */
export function chunkCount(chunk: Uint8Array): number {
  return ((chunk[1] ?? 0) << 8) | (chunk[2] ?? 0);
}
