import { crc32c } from '../crc32c.ts';
import { CHUNK_SAMPLES, CHUNK_XOR } from './format.ts';

/** The widest sample: 4 + 64 bits of time, 2 + 5 + 6 + 64 bits of value; and the frame and first sample. */
const out = new Uint8Array(CHUNK_SAMPLES * 19 + 64);
let at = 0;
/** Bits still free in out[at - 1]. */
let free = 0;

function writeBits(value: number, width: number): void {
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

/** A whole byte; only called where the stream stands at a byte's edge. */
function writeByte(value: number): void {
  out[at++] = value;
}

function writeUvarint(value: number): void {
  let rest = value;
  while (rest > 0x7f) {
    const next = Math.floor(rest / 128);
    writeByte(rest - next * 128 + 128);
    rest = next;
  }
  writeByte(rest);
}

function writeDeltaOfDelta(dod: number): void {
  if (dod === 0) writeBits(0, 1);
  else if (dod >= -8191 && dod <= 8192) {
    writeBits(0b10, 2);
    writeBits(dod, 14);
  } else if (dod >= -65535 && dod <= 65536) {
    writeBits(0b110, 3);
    writeBits(dod, 17);
  } else if (dod >= -524287 && dod <= 524288) {
    writeBits(0b1110, 4);
    writeBits(dod, 20);
  } else {
    writeBits(0b1111, 4);
    // Two's complement in two halves: the number may be wider than 32 bits.
    writeBits(Math.floor(dod / 0x1_0000_0000), 32);
    writeBits(dod % 0x1_0000_0000, 32);
  }
}

const NO_WINDOW = 255;
let leading = NO_WINDOW;
let trailing = 0;

/** Writes the `64 - lead - trail` meaningful bits of an XOR. */
function writeMeaningful(hi: number, lo: number, lead: number, trail: number): void {
  const width = 64 - lead - trail;
  let shiftedLo = lo;
  let shiftedHi = hi;
  if (trail >= 32) {
    shiftedLo = hi >>> (trail - 32);
    shiftedHi = 0;
  } else if (trail > 0) {
    shiftedLo = (lo >>> trail) | (hi << (32 - trail));
    shiftedHi = hi >>> trail;
  }
  if (width > 32) writeBits(shiftedHi, width - 32);
  writeBits(shiftedLo, width > 32 ? 32 : width);
}

function trailingZeros(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}

function writeXor(hi: number, lo: number): void {
  if (hi === 0 && lo === 0) {
    writeBits(0, 1);
    return;
  }
  const lead = Math.min(31, hi !== 0 ? Math.clz32(hi) : 32 + Math.clz32(lo));
  const trail = lo !== 0 ? trailingZeros(lo) : 32 + trailingZeros(hi);
  if (leading !== NO_WINDOW && lead >= leading && trail >= trailing) {
    writeBits(0b10, 2);
    writeMeaningful(hi, lo, leading, trailing);
    return;
  }
  leading = lead;
  trailing = trail;
  writeBits(0b11, 2);
  writeBits(lead, 5);
  // 64 meaningful bits do not fit in six bits; they are written as 0, which cannot occur otherwise.
  writeBits((64 - lead - trail) & 63, 6);
  writeMeaningful(hi, lo, lead, trail);
}

/**
 * Codes up to {@link CHUNK_SAMPLES} samples as one chunk (docs/metrics-format.md, "Chunk").
 *
 * The bit stream is that of Prometheus's XOR chunks, which follow Pelkonen et al., "Gorilla", VLDB 2015, with
 * millisecond times.
 *
 * @param times UTC milliseconds, strictly ascending integers below 2^52
 * @param bits the values as 32-bit halves: low of i at 2i, high at 2i+1
 */
export function encodeChunk(times: Float64Array, bits: Uint32Array, count: number): Uint8Array {
  if (count < 1 || count > CHUNK_SAMPLES) throw new RangeError(`a chunk of ${count} samples`);
  at = 0;
  free = 0;
  leading = NO_WINDOW;
  trailing = 0;
  writeByte(CHUNK_XOR);
  writeByte(count >>> 8);
  writeByte(count & 0xff);
  let time = times[0] ?? 0;
  writeUvarint(time < 0 ? -time * 2 - 1 : time * 2);
  let lo = bits[0] ?? 0;
  let hi = bits[1] ?? 0;
  writeBits(hi, 32);
  writeBits(lo, 32);
  let delta = 0;
  for (let i = 1; i < count; i++) {
    const nextTime = times[i] ?? 0;
    const nextDelta = nextTime - time;
    if (i === 1) {
      free = 0;
      writeUvarint(nextDelta);
    } else writeDeltaOfDelta(nextDelta - delta);
    time = nextTime;
    delta = nextDelta;
    const nextLo = bits[i * 2] ?? 0;
    const nextHi = bits[i * 2 + 1] ?? 0;
    writeXor((hi ^ nextHi) >>> 0, (lo ^ nextLo) >>> 0);
    lo = nextLo;
    hi = nextHi;
  }
  const sum = crc32c(out, 0, at);
  free = 0;
  writeByte(sum >>> 24);
  writeByte((sum >>> 16) & 0xff);
  writeByte((sum >>> 8) & 0xff);
  writeByte(sum & 0xff);
  return out.slice(0, at);
}
