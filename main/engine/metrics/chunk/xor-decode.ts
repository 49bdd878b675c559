import type { SampleBuffer } from '#shared/domain/samples.ts';
import { readBit, readBits, readUvarint, readVarint } from './bit-input.ts';

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

/** Reads the samples of an XOR chunk into `into` from its end on; there is room for them. */
export function decodeXor(count: number, into: SampleBuffer): void {
  const { times, bits, length: first } = into;
  let time = readVarint();
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
}
