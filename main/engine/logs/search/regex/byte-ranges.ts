/** One step of a UTF-8 sequence: any byte of a range. */
export type ByteRange = { readonly from: number; readonly to: number };

/** The last code points that take 1, 2, 3 bytes. */
const LAST_OF_LENGTH = [0x7f, 0x7ff, 0xffff, 0x10ffff] as const;

/**
 * The sequences of byte ranges that are the UTF-8 encodings of a range of code points; surrogates have none. The way of
 * splitting is that of RE2 and of Rust's `utf8-ranges`: first by length, then until only last bytes differ.
 */
export function utf8Sequences(from: number, to: number): readonly (readonly ByteRange[])[] {
  const found: ByteRange[][] = [];
  const split = (low: number, high: number): void => {
    if (low > high) return;
    if (low <= 0xdfff && high >= 0xd800) {
      split(low, 0xd7ff);
      split(0xe000, high);
      return;
    }
    for (const last of LAST_OF_LENGTH) {
      if (low <= last && last < high) {
        split(low, last);
        split(last + 1, high);
        return;
      }
    }
    if (high > 0x7f) {
      for (let bits = 6; bits <= 18; bits += 6) {
        const mask = (1 << bits) - 1;
        if ((low & ~mask) === (high & ~mask)) continue;
        if ((low & mask) !== 0) {
          split(low, low | mask);
          split((low | mask) + 1, high);
          return;
        }
        if ((high & mask) !== mask) {
          split(low, (high & ~mask) - 1);
          split(high & ~mask, high);
          return;
        }
      }
    }
    const first = encode(low);
    const last = encode(high);
    found.push(first.map((byte, index) => ({ from: byte, to: last[index] ?? byte })));
  };
  split(from, to);
  return found;
}

function encode(rune: number): readonly number[] {
  if (rune < 0x80) return [rune];
  if (rune < 0x800) return [0xc0 | (rune >> 6), 0x80 | (rune & 0x3f)];
  if (rune < 0x10000) return [0xe0 | (rune >> 12), 0x80 | ((rune >> 6) & 0x3f), 0x80 | (rune & 0x3f)];
  return [
    0xf0 | (rune >> 18),
    0x80 | ((rune >> 12) & 0x3f),
    0x80 | ((rune >> 6) & 0x3f),
    0x80 | (rune & 0x3f),
  ];
}
