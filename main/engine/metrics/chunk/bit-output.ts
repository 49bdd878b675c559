import { crc32c } from '../crc32c.ts';
import { MOST_CHUNK_SAMPLES } from './format.ts';

/** The widest sample takes 17 bytes for its time and value and 10 as an exception; and the frame. */
const out = new Uint8Array(MOST_CHUNK_SAMPLES * 32 + 256);
let at = 0;
/** Bits still free in out[at - 1]. */
let free = 0;

/** Begins a chunk. One chunk is coded at a time, so that nothing is allocated but its bytes. */
export function beginChunk(coding: number, count: number): void {
  at = 0;
  free = 0;
  writeByte(coding);
  writeByte(count >>> 8);
  writeByte(count & 0xff);
}

/** The chunk's bytes with their checksum. */
export function finishChunk(): Uint8Array {
  const sum = crc32c(out, 0, at);
  free = 0;
  for (let shift = 24; shift >= 0; shift -= 8) writeByte((sum >>> shift) & 0xff);
  return out.slice(0, at);
}

/** The low `width` bits of `value`, the highest first; at most 32. */
export function writeBits(value: number, width: number): void {
  let left = width;
  while (left > 0) {
    if (free === 0) {
      out[at++] = 0;
      free = 8;
    }
    const take = left < free ? left : free;
    const part = (value >>> (left - take)) & ((1 << take) - 1);
    out[at - 1] = (out[at - 1] ?? 0) | (part << (free - take));
    free -= take;
    left -= take;
  }
}

/** A non-negative integer below 2^53 in `width` bits. */
export function writeWide(value: number, width: number): void {
  if (width > 32) writeBits(Math.floor(value / 0x1_0000_0000), width - 32);
  writeBits((value % 0x1_0000_0000) >>> 0, width > 32 ? 32 : width);
}

/** A whole byte; only called where the stream stands at a byte's edge. */
export function writeByte(value: number): void {
  out[at++] = value;
}

/** LEB128 of a non-negative integer below 2^53; at a byte's edge. */
export function writeUvarint(value: number): void {
  let rest = value;
  while (rest > 0x7f) {
    const next = Math.floor(rest / 128);
    writeByte(rest - next * 128 + 128);
    rest = next;
  }
  writeByte(rest);
}

/** A signed integer in zig-zag form; at a byte's edge. */
export function writeVarint(value: number): void {
  writeUvarint(value < 0 ? -value * 2 - 1 : value * 2);
}
