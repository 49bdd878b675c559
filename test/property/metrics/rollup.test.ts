import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ALL_COLUMNS, BUCKET_COLUMNS, BucketBuffer } from '#shared/domain/buckets.ts';
import { NAN_HI, NAN_LO, SampleBuffer, STALE_HI, STALE_LO } from '#shared/domain/samples.ts';
import { ByteReader, ByteWriter } from '../../../main/engine/metrics/bytes.ts';
import { decodeBlock, encodeBlock, isIntact } from '../../../main/engine/metrics/rollup/block.ts';
import { coarsen } from '../../../main/engine/metrics/rollup/coarsen.ts';
import { decodeColumn, encodeColumn } from '../../../main/engine/metrics/rollup/column-codec.ts';
import { condense } from '../../../main/engine/metrics/rollup/condense.ts';
import { halvesOf } from '../../helpers/float-halves.ts';

const FIVE = 300_000;
const HOUR = 3_600_000;
const START = Date.UTC(2027, 0, 10);

const number = fc.oneof(
  fc.double(),
  fc.integer({ min: -5, max: 5 }),
  fc.integer({ min: -1_000_000, max: 1_000_000 }).map((units) => units / 1000),
  fc.constantFrom(
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    0,
    -0,
    2 ** 53,
    1e308,
    5e-324,
  ),
);

/** Columns as series have them: all alike, or hardly changing, or anything. */
const column = fc.oneof(
  fc.array(number, { minLength: 1, maxLength: 300 }),
  fc.tuple(number, fc.nat(400)).map(([value, length]) => Array.from({ length: length + 1 }, () => value)),
  fc
    .tuple(
      fc.integer({ min: -1e6, max: 1e6 }),
      fc.array(fc.integer({ min: -40, max: 900 }), { minLength: 1 }),
    )
    .map(([first, steps]) =>
      steps.map((_, i) => (first + steps.slice(0, i).reduce((a, b) => a + b, 0)) / 100),
    ),
);

test('a column comes back bit for bit, with a base and without', () => {
  fc.assert(
    fc.property(column, fc.boolean(), fc.boolean(), (values, based, alike) => {
      const given = Float64Array.from(values);
      const base = based ? given.map((value, i) => (alike || i % 3 > 0 ? value : i)) : null;
      const writer = new ByteWriter();
      encodeColumn(given, given.length, base, writer);
      const back = new Float64Array(given.length + 3);
      const reader = new ByteReader(writer.take());
      decodeColumn(reader, given.length, base, back);
      expect(reader.at).toBe(reader.end);
      for (const [i, value] of given.entries()) expect(Object.is(back[i], value)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

const sample = fc.tuple(
  fc.oneof(fc.integer({ min: 1, max: 90_000 }), fc.constantFrom(FIVE, HOUR, 15_000, 3 * HOUR)),
  fc.oneof(number, fc.constant('stale' as const)),
);

function samplesOf(steps: readonly (readonly [number, number | 'stale'])[], first: number): SampleBuffer {
  const buffer = new SampleBuffer();
  let time = START + first;
  for (const [step, value] of steps) {
    const [hi, lo] =
      value === 'stale' ? [STALE_HI, STALE_LO] : Number.isNaN(value) ? [NAN_HI, NAN_LO] : halvesOf(value);
    buffer.push(time, hi, lo);
    time += step;
  }
  return buffer;
}

/** Rows of a buffer as plain arrays, sums apart: they are rounded in another order. */
function rows(buffer: BucketBuffer): { readonly plain: unknown[]; readonly sums: number[] } {
  const plain: unknown[] = [];
  for (let i = 0; i < buffer.length; i++) {
    const row = buffer.columns.map((one) => one[i] ?? 0);
    const [count = 0] = row;
    row[7] = 0;
    row[8] = 0;
    plain.push([buffer.ends[i], ...(count === 0 ? [0, row[11]] : row.map((value) => value + 0))]);
  }
  return { plain, sums: [...buffer.column('sum').slice(0, buffer.length)] };
}

test('hours made of five minutes are those made of samples', () => {
  fc.assert(
    fc.property(fc.array(sample, { minLength: 1, maxLength: 200 }), fc.nat(HOUR), (steps, first) => {
      const samples = samplesOf(steps, first);
      const [fine, coarse, direct] = [new BucketBuffer(), new BucketBuffer(), new BucketBuffer()];
      condense(samples, FIVE, fine);
      coarsen(fine, HOUR, coarse);
      condense(samples, HOUR, direct);
      const [a, b] = [rows(coarse), rows(direct)];
      expect(a.plain).toEqual(b.plain);
      const size = Math.max(
        ...Array.from(samples.values.slice(0, samples.length), (value) =>
          Number.isFinite(value) ? Math.abs(value) : 0,
        ),
      );
      for (const [i, sum] of a.sums.entries()) {
        const other = b.sums[i] ?? 0;
        // Numbers that overflow in one order may not in another.
        if (size > 1e305 || Object.is(sum, other)) continue;
        expect(Math.abs(sum - other)).toBeLessThanOrEqual(1e-12 * size * 200);
      }
    }),
    { numRuns: 300 },
  );
});

test('a block comes back, whole or in part, and a flipped bit is found', () => {
  fc.assert(
    fc.property(
      fc.array(sample, { minLength: 1, maxLength: 150 }),
      fc.nat(200),
      fc.nat(200),
      fc.nat(),
      (steps, skip, most, flip) => {
        const buckets = new BucketBuffer();
        condense(samplesOf(steps, 1), FIVE, buckets);
        const grid = { start: START, resolution: FIVE };
        const block = encodeBlock(buckets, grid);
        expect(isIntact(block)).toBe(true);
        const from = START + skip * FIVE;
        const to = from + most * FIVE;
        const back = new BucketBuffer(1);
        decodeBlock(block, grid, from, to, ALL_COLUMNS, back);
        const kept = [...buckets.ends.slice(0, buckets.length).keys()].filter((i) => {
          const end = buckets.ends[i] ?? 0;
          return end >= from && end <= to;
        });
        expect(back.length).toBe(kept.length);
        for (const [at, i] of kept.entries()) {
          expect(back.ends[at]).toBe(buckets.ends[i]);
          for (let c = 0; c < BUCKET_COLUMNS; c++)
            if ((buckets.columns[0]?.[i] ?? 0) > 0)
              expect(Object.is(back.columns[c]?.[at], buckets.columns[c]?.[i])).toBe(true);
        }
        const bit = flip % (block.length * 8);
        block[bit >>> 3] = (block[bit >>> 3] ?? 0) ^ (1 << (bit & 7));
        expect(isIntact(block)).toBe(false);
      },
    ),
    { numRuns: 300 },
  );
});
