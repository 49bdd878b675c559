import type { SampleBuffer } from '#shared/domain/samples.ts';
import { crc32c } from '../crc32c.ts';
import { beginReading, bitPosition } from './bit-input.ts';
import { decodeDecimal } from './decimal-decode.ts';
import { CHUNK_DECIMAL, CHUNK_FRAME, CHUNK_XOR, DamagedChunk } from './format.ts';
import { decodeXor } from './xor-decode.ts';

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
  const count = chunkCount(chunk);
  const first = into.length;
  into.reserve(count);
  beginReading(chunk, CHUNK_FRAME);
  if (chunk[0] === CHUNK_XOR) decodeXor(count, into);
  else if (chunk[0] === CHUNK_DECIMAL) decodeDecimal(count, into);
  else throw new DamagedChunk(`unknown coding ${chunk[0]}`);
  if (bitPosition() > end * 8) throw new DamagedChunk('the samples end too early');
  into.length = first + count;
}

/** How many samples a chunk holds, without decoding it. */
export function chunkCount(chunk: Uint8Array): number {
  return ((chunk[1] ?? 0) << 8) | (chunk[2] ?? 0);
}
