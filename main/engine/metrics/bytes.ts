/** Builds a byte string; grows as needed. Integers may be as large as 2^53. */
export class ByteWriter {
  bytes: Uint8Array;
  length = 0;

  constructor(capacity = 1024) {
    this.bytes = new Uint8Array(capacity);
  }

  reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.length + more, this.bytes.length * 2));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }

  u8(value: number): void {
    this.reserve(1);
    this.bytes[this.length++] = value;
  }

  /** Big-endian. */
  u32(value: number): void {
    this.u8((value >>> 24) & 0xff);
    this.u8((value >>> 16) & 0xff);
    this.u8((value >>> 8) & 0xff);
    this.u8(value & 0xff);
  }

  /** LEB128, least significant group first; `value` is a non-negative integer up to 2^53. */
  uvarint(value: number): void {
    let rest = value;
    this.reserve(8);
    while (rest > 0x7f) {
      // Division instead of shifts, because bit operators would cut the number at 32 bits.
      const next = Math.floor(rest / 128);
      this.bytes[this.length++] = rest - next * 128 + 128;
      rest = next;
    }
    this.bytes[this.length++] = rest;
  }

  /** A signed integer, zig-zag coded: 0, -1, 1, -2, … become 0, 1, 2, 3, … Magnitudes up to 2^52. */
  varint(value: number): void {
    this.uvarint(value < 0 ? -value * 2 - 1 : value * 2);
  }

  append(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** UTF-8 with its length in bytes in front. */
  text(text: string): void {
    const bytes = Buffer.from(text, 'utf8');
    this.uvarint(bytes.length);
    this.append(bytes);
  }

  /** A copy of what was written. */
  take(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }
}

/** Reads what {@link ByteWriter} wrote. Reading past the end throws a RangeError: the caller's bytes are damaged. */
export class ByteReader {
  readonly bytes: Uint8Array;
  at: number;
  readonly end: number;

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  u8(): number {
    const value = this.at < this.end ? this.bytes[this.at] : undefined;
    if (value === undefined) throw new RangeError('the bytes end too early');
    this.at++;
    return value;
  }

  u32(): number {
    return this.u8() * 0x1000000 + ((this.u8() << 16) | (this.u8() << 8) | this.u8());
  }

  uvarint(): number {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < 8; i++) {
      const byte = this.u8();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
    throw new RangeError('a number is longer than 53 bits');
  }

  varint(): number {
    const coded = this.uvarint();
    return coded % 2 === 1 ? -(coded + 1) / 2 : coded / 2;
  }

  take(length: number): Uint8Array {
    if (length > this.end - this.at) throw new RangeError('the bytes end too early');
    const part = this.bytes.subarray(this.at, this.at + length);
    this.at += length;
    return part;
  }

  text(): string {
    const part = this.take(this.uvarint());
    return Buffer.from(part.buffer, part.byteOffset, part.byteLength).toString('utf8');
  }
}
