import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SampleBuffer } from '#shared/domain/samples.ts';
import { decodeChunk } from '../../../main/engine/metrics/chunk/decode.ts';
import { CHUNK_SAMPLES } from '../../../main/engine/metrics/chunk/format.ts';
import { OpenChunks } from '../../../main/engine/metrics/open-chunks.ts';
import { PackedPieces } from '../../../main/engine/metrics/packed-pieces.ts';

type Sample = { readonly time: number; readonly hi: number; readonly lo: number };
const BASE = 1_700_000_000_000;

const listed = ({ times, bits, length }: SampleBuffer): readonly Sample[] =>
  Array.from({ length }, (_, i) => ({
    time: times[i] ?? 0,
    hi: bits[i * 2 + 1] ?? 0,
    lo: bits[i * 2] ?? 0,
  }));

/** Values of a gauge with three decimals, of a counter, and any bits at all. */
const bits = fc.oneof(
  fc.integer({ min: -100_000, max: 100_000 }).map((n) => {
    const [lo = 0, hi = 0] = new Uint32Array(new Float64Array([n / 1000]).buffer);
    return { hi, lo };
  }),
  fc.record({ hi: fc.nat(0xffff_ffff), lo: fc.nat(0xffff_ffff) }),
);
const step = fc.record({
  // Beside each other, and in another block of memory.
  slot: fc.constantFrom(0, 1, 7, 5_000),
  many: fc.integer({ min: 1, max: 60 }),
  gap: fc.constantFrom(15_000, 1, 1_000),
  value: bits,
  noise: fc.boolean(),
  take: fc.boolean(),
  from: fc.nat(CHUNK_SAMPLES * 15_000),
});

test('open chunks give back every sample bit for bit, in memory and when they are taken', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const chunks = new OpenChunks();
      const model = new Map<number, Sample[]>();
      const into = new SampleBuffer();
      const take = (slot: number, samples: readonly Sample[]): void => {
        const { end, data } = chunks.take(slot, BASE, samples.length);
        into.length = 0;
        decodeChunk(data, into);
        expect(listed(into)).toEqual(samples);
        expect(end).toBe(samples.at(-1)?.time);
        model.set(slot, []);
      };
      for (const { slot, many, gap, value, noise, take: taken, from } of steps) {
        for (let n = 0; n < many; n++) {
          let samples = model.get(slot) ?? [];
          if (samples.length === CHUNK_SAMPLES) {
            take(slot, samples);
            samples = [];
          }
          const offset = samples.length === 0 ? 0 : (samples.at(-1)?.time ?? 0) - BASE + gap;
          const lo = noise ? (value.lo + n * 7_919) >>> 0 : value.lo;
          chunks.put(slot, samples.length, offset, value.hi, lo);
          model.set(slot, [...samples, { time: BASE + offset, hi: value.hi, lo }]);
        }
        const samples = model.get(slot) ?? [];
        into.length = 0;
        chunks.read(slot, BASE, samples.length, BASE + from, into);
        const seen = listed(into);
        // What is left out lies before `from`, and what is there is the end of what was put.
        expect(seen).toEqual(samples.slice(samples.length - seen.length));
        expect(samples.slice(0, samples.length - seen.length).every(({ time }) => time < BASE + from)).toBe(
          true,
        );
        if (taken) take(slot, samples);
      }
      for (const [slot, samples] of model) if (samples.length > 0) take(slot, samples);
    }),
    { numRuns: 100 },
  );
});

test('room for pieces follows what is in it, however often they are dropped and others come', () => {
  const series = 500;
  const pieces = new PackedPieces(series, 4);
  const data = (n: number): Uint8Array => Uint8Array.from({ length: 40 + (n % 30) }, (_, i) => n + i);
  for (let round = 0; round < 50; round++) {
    for (let piece = 0; piece < 4; piece++)
      for (let one = 0; one < series; one++) pieces.add(one, piece, data(round + piece + one), piece);
    for (let one = 0; one < series; one++) {
      for (let piece = 0; piece < 4; piece++) {
        expect(pieces.get(one, piece)).toEqual(data(round + piece + one));
        expect(pieces.last(one, piece)).toBe(piece);
      }
      // Some stay, and are put in the place of others.
      if (one % 3 !== 0) pieces.drop(one);
    }
  }
  // 55 bytes each; half as much again may be free, and as much may be what was dropped last.
  expect(pieces.capacity).toBeLessThan(series * 4 * 55 * 3);
});
