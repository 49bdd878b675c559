import { beginChunk, finishChunk, writeBits, writeUvarint, writeVarint } from './bit-output.ts';
import { CHUNK_XOR } from './format.ts';

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
 * Codes samples as an XOR chunk (docs/metrics-format.md, "XOR chunk"): the bit stream is that of Prometheus's chunks, which
 * follow Pelkonen et al., "Gorilla", VLDB 2015, with millisecond times. Takes any values.
 */
export function encodeXor(times: Float64Array, bits: Uint32Array, count: number): Uint8Array {
  leading = NO_WINDOW;
  trailing = 0;
  beginChunk(CHUNK_XOR, count);
  let time = times[0] ?? 0;
  writeVarint(time);
  let lo = bits[0] ?? 0;
  let hi = bits[1] ?? 0;
  writeBits(hi, 32);
  writeBits(lo, 32);
  let delta = 0;
  for (let i = 1; i < count; i++) {
    const nextTime = times[i] ?? 0;
    const nextDelta = nextTime - time;
    if (i === 1) writeUvarint(nextDelta);
    else writeDeltaOfDelta(nextDelta - delta);
    time = nextTime;
    delta = nextDelta;
    const nextLo = bits[i * 2] ?? 0;
    const nextHi = bits[i * 2 + 1] ?? 0;
    writeXor((hi ^ nextHi) >>> 0, (lo ^ nextLo) >>> 0);
    lo = nextLo;
    hi = nextHi;
  }
  return finishChunk();
}
