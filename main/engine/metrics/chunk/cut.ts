import type { SampleBuffer } from '#shared/domain/samples.ts';
import { encodeChunk } from './encode.ts';
import { MOST_CHUNK_SAMPLES } from './format.ts';

/** A coded chunk and the times of its first and last sample. */
export type TimedChunk = { readonly start: number; readonly end: number; readonly data: Uint8Array };

/** Codes a series' samples, which are in order of time, as the fewest chunks, all about equally long. */
export function cutChunks({ times, bits, length }: SampleBuffer): readonly TimedChunk[] {
  const chunks: TimedChunk[] = [];
  const pieces = Math.ceil(length / MOST_CHUNK_SAMPLES);
  for (let piece = 0; piece < pieces; piece++) {
    const from = Math.floor((piece * length) / pieces);
    const to = Math.floor(((piece + 1) * length) / pieces);
    chunks.push({
      start: times[from] ?? 0,
      end: times[to - 1] ?? 0,
      data: encodeChunk(times.subarray(from, to), bits.subarray(from * 2, to * 2), to - from),
    });
  }
  return chunks;
}
