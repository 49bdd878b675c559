import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SampleBuffer } from '#shared/domain/samples.ts';
import { decodeChunk } from '../../../main/engine/metrics/chunk/decode.ts';
import { encodeChunk } from '../../../main/engine/metrics/chunk/encode.ts';
import { MOST_CHUNK_SAMPLES } from '../../../main/engine/metrics/chunk/format.ts';
import { halvesOf } from '../../helpers/float-halves.ts';

/** Any 64 bits, and those that matter: both zeros, infinities, NaN, the staleness marker, neighbours. */
const value = fc.oneof(
  fc.tuple(fc.nat(0xffffffff), fc.nat(0xffffffff)),
  fc.constantFrom<[number, number]>(
    [0, 0],
    [0x80000000, 0],
    [0x7ff00000, 0],
    [0xfff00000, 0],
    [0x7ff80000, 1],
    [0x7ff00000, 2],
    [0x3ff00000, 0],
    [0x3ff00000, 1],
    [0, 1],
    [0xffffffff, 0xffffffff],
  ),
);

/** Decimal fractions, as texts of metrics have them; and now and then anything else. */
const decimal = fc
  .tuple(fc.integer({ min: -1_000_000, max: 1_000_000 }), fc.integer({ min: 0, max: 17 }))
  .map(([number, places]) => halvesOf(Number(`${number}e-${places}`)));
const whole = fc
  .oneof(fc.integer({ min: 0, max: 1000 }), fc.maxSafeInteger())
  .map((number) => halvesOf(number));
const mostlyDecimal = fc.oneof({ arbitrary: decimal, weight: 30 }, { arbitrary: value, weight: 1 });
const mostlyWhole = fc.oneof({ arbitrary: whole, weight: 30 }, { arbitrary: value, weight: 1 });

/** Distances between samples: the grid, jitter, and jumps as wide as 2^44 ms. */
const step = fc.oneof(
  fc.constant(15_000),
  fc.integer({ min: 14_990, max: 15_010 }),
  fc.integer({ min: 1, max: 1_000_000 }),
  fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  fc.maxSafeInteger().map((large) => (Math.abs(large) % 2 ** 44) + 1),
);

const start = fc.oneof(
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  fc.constantFrom(0, -1, 1, 1_700_000_000_000, -(2 ** 50), 2 ** 44),
);

test('every chunk reads back bit for bit', () => {
  const lengths = { minLength: 1, maxLength: MOST_CHUNK_SAMPLES };
  const onGrid = fc.constant(15_000);
  const run = fc.oneof(
    fc.array(fc.tuple(step, value), lengths),
    fc.array(fc.tuple(onGrid, mostlyDecimal), lengths),
    fc.array(fc.tuple(step, mostlyDecimal), lengths),
    fc.array(fc.tuple(onGrid, mostlyWhole), lengths),
  );
  fc.assert(
    fc.property(start, run, (first, rows) => {
      const written = new SampleBuffer(1);
      let time = first;
      for (const [i, [delta, [hi, lo]]] of rows.entries()) {
        if (i > 0) time += delta;
        written.push(time, hi, lo);
      }
      const read = new SampleBuffer(1);
      decodeChunk(encodeChunk(written.times, written.bits, written.length), read);
      expect(read.length).toBe(written.length);
      expect(read.times.subarray(0, read.length)).toEqual(written.times.subarray(0, written.length));
      expect(read.bits.subarray(0, read.length * 2)).toEqual(written.bits.subarray(0, written.length * 2));
    }),
    { numRuns: 2_000 },
  );
});

test('damage never passes unnoticed', () => {
  const written = new SampleBuffer();
  for (let i = 0; i < 120; i++)
    written.push(i * 15_000, Math.imul(i, 7919) >>> 0, Math.imul(i, 104_729) >>> 0);
  const coded = encodeChunk(written.times, written.bits, written.length);
  fc.assert(
    fc.property(
      fc.nat(coded.length - 1),
      fc.integer({ min: 1, max: 255 }),
      fc.nat(coded.length),
      (at, xor, cut) => {
        const damaged = coded.slice();
        damaged[at] = (damaged[at] ?? 0) ^ xor;
        expect(() => decodeChunk(damaged, new SampleBuffer())).toThrow();
        if (cut < coded.length)
          expect(() => decodeChunk(coded.subarray(0, cut), new SampleBuffer())).toThrow();
      },
    ),
  );
});
