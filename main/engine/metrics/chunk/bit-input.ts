import { DamagedChunk } from './format.ts';

let bytes: Uint8Array = new Uint8Array(0);
/** Position in bits. */
let at = 0;

/** Begins to read a chunk at a byte. One chunk is read at a time. */
export function beginReading(chunk: Uint8Array, byte: number): void {
  bytes = chunk;
  at = byte * 8;
}

/** How many bits were read, from the chunk's first byte on. */
export function bitPosition(): number {
  return at;
}

/** Goes on after some bits that were peeked at. */
export function skipBits(width: number): void {
  at += width;
}

/** The next 32 bits as a signed integer, without going on; what lies behind the end is zeros. */
export function peekBits(): number {
  const byte = at >>> 3;
  const shift = at & 7;
  const word =
    ((bytes[byte] ?? 0) << 24) |
    ((bytes[byte + 1] ?? 0) << 16) |
    ((bytes[byte + 2] ?? 0) << 8) |
    (bytes[byte + 3] ?? 0);
  return shift === 0 ? word : (word << shift) | ((bytes[byte + 4] ?? 0) >>> (8 - shift));
}

/** 1 to 32 bits as an unsigned integer. */
export function readBits(width: number): number {
  const value = peekBits() >>> (32 - width);
  at += width;
  return value;
}

export function readBit(): number {
  const bit = ((bytes[at >>> 3] ?? 0) >>> (7 - (at & 7))) & 1;
  at++;
  return bit;
}

/** 1 to 52 bits. */
export function readWide(width: number): number {
  return width > 32 ? readBits(width - 32) * 0x1_0000_0000 + readBits(32) : readBits(width);
}

/** LEB128, at any bit. */
export function readUvarint(): number {
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

/** The inverse of the zig-zag form. */
export function unfold(coded: number): number {
  return coded % 2 === 1 ? -(coded + 1) / 2 : coded / 2;
}

export function readVarint(): number {
  return unfold(readUvarint());
}
