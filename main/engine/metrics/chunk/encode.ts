import { encodeDecimal } from './decimal-encode.ts';
import { MOST_CHUNK_SAMPLES } from './format.ts';
import { encodeXor } from './xor-encode.ts';

/**
 * Codes up to {@link MOST_CHUNK_SAMPLES} samples as one chunk (docs/metrics-format.md, "Chunk").
 *
 * @param times UTC milliseconds, strictly ascending integers below 2^52
 * @param bits the values as 32-bit halves: low of i at 2i, high at 2i+1; 8-byte aligned
 */
export function encodeChunk(times: Float64Array, bits: Uint32Array, count: number): Uint8Array {
  if (count < 1 || count > MOST_CHUNK_SAMPLES) throw new RangeError(`a chunk of ${count} samples`);
  return encodeDecimal(times, bits, count) ?? encodeXor(times, bits, count);
}
