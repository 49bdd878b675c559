import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatTrailer, parseTrailer, type Trailer } from '../../../main/engine/backup/trailer.ts';

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes));

const trailer: fc.Arbitrary<Trailer> = fc.record({
  kind: fc.constantFrom('archive' as const, 'manifest' as const),
  id: fc.uuid(),
  offset: fc.maxSafeNat(),
  manifestSha256: hash.map((bytes) => bytes.toString('hex')),
  manifestLength: fc.maxSafeNat(),
  tail: fc.array(fc.record({ size: fc.nat(2 ** 32 - 1), length: fc.nat(2 ** 32 - 1), sha256: hash }), {
    maxLength: 30,
  }),
});

const compression = fc.constantFrom('zstd' as const, 'gzip' as const);

describe('a trailer', () => {
  it('is read as it was written, after any bytes', () => {
    fc.assert(
      fc.property(trailer, compression, fc.uint8Array({ maxLength: 300 }), (value, how, before) => {
        const bytes = formatTrailer(value, how);
        const parsed = parseTrailer(Buffer.concat([before, bytes]));
        expect(parsed).toEqual({ trailer: value, compression: how, wholeLength: bytes.length });
      }),
    );
  });

  it('is never read with one bit wrong', () => {
    fc.assert(
      fc.property(trailer, compression, fc.nat(), (value, how, place) => {
        const bytes = formatTrailer(value, how);
        const bit = place % (bytes.length * 8);
        bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(typeof parseTrailer(bytes)).toBe('string');
      }),
      { numRuns: 1000 },
    );
  });

  it('is never read cut short', () => {
    fc.assert(
      fc.property(trailer, compression, fc.nat(), (value, how, cut) => {
        const bytes = formatTrailer(value, how);
        expect(typeof parseTrailer(bytes.subarray(0, cut % bytes.length))).toBe('string');
      }),
    );
  });
});
