import { describe, expect, test } from 'vitest';
import { SampleBuffer, STALE_HI, STALE_LO } from '#shared/domain/samples.ts';
import { chunkCount, decodeChunk } from '../../../main/engine/metrics/chunk/decode.ts';
import { encodeChunk } from '../../../main/engine/metrics/chunk/encode.ts';
import { DamagedChunk } from '../../../main/engine/metrics/chunk/format.ts';
import { encodeXor } from '../../../main/engine/metrics/chunk/xor-encode.ts';
import { crc32c } from '../../../main/engine/metrics/crc32c.ts';
import { halvesOf } from '../../helpers/float-halves.ts';

function samples(pairs: readonly (readonly [number, number])[]): SampleBuffer {
  const buffer = new SampleBuffer(4);
  for (const [time, value] of pairs) buffer.push(time, ...halvesOf(value));
  return buffer;
}

function encode(buffer: SampleBuffer): Uint8Array {
  return encodeChunk(buffer.times, buffer.bits, buffer.length);
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('CRC-32C', () => {
  test('of the standard test text', () => {
    // The check value of CRC-32/ISCSI in the catalogue of parametrised CRC algorithms.
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
  });
});

describe('an XOR chunk', () => {
  test('has these bytes, worked out by hand from docs/metrics-format.md', () => {
    const four = samples([
      [1000, 1],
      [2000, 1],
      [3000, 2],
      [4001, 2],
    ]);
    const coded = encodeXor(four.times, four.bits, four.length);
    // Coding 1, four samples, varint 1000; 1.0; uvarint 1000.
    expect(hex(coded.subarray(0, 5))).toBe('010004d00f');
    expect(hex(coded.subarray(5, 15))).toBe('3ff0000000000000e807');
    const bits = [...coded.subarray(15, -4)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
    const sameValue = '0';
    // Delta of delta 0; a new window of 1 leading zero and 11 bits; 3ff… XOR 400… has 11 ones there.
    const third = `0${'11'}${'00001'}${'001011'}${'1'.repeat(11)}`;
    const fourth = `10${'00000000000001'}`;
    expect(bits.replace(/0+$/, '')).toBe(sameValue + third + fourth);
    expect(hex(coded.subarray(-4))).toBe(
      crc32c(coded, 0, coded.length - 4)
        .toString(16)
        .padStart(8, '0'),
    );
  });

  test('is read as what it was coded from', () => {
    const roots = samples(Array.from({ length: 120 }, (_, i) => [i * 15_000, Math.sqrt(i)] as const));
    expect(encode(roots)).toEqual(encodeXor(roots.times, roots.bits, roots.length));
    const read = new SampleBuffer(1);
    decodeChunk(encode(roots), read);
    expect(read.bits.subarray(0, 240)).toEqual(roots.bits.subarray(0, 240));
  });
});

describe('a decimal chunk', () => {
  test('has these bytes, worked out by hand from docs/metrics-format.md', () => {
    const coded = encode(
      samples([
        [1000, 0.5],
        [2000, 0.7],
        [3000, 0.6],
        [4000, 0.7],
        [5000, 0.7],
      ]),
    );
    // Coding 2, five samples; one decimal place and plain numbers; varint 1000, uvarint 1000; the center 7.
    expect(hex(coded.subarray(0, 9))).toBe(`${'020005'}${'01'}${'d00f'}${'e807'}${'0e'}`);
    const bits = [...coded.subarray(9, -4)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
    // Residuals -2, 0, -1, 0, 0 fold to 3, 0, 1, 0, 0, which are shortest as so many ones and a zero.
    expect(bits).toBe(`${'000000'}${'1110'}${'0'}${'10'}${'0'}${'0'}`.padEnd(16, '0'));
  });

  test('of a constant costs nothing a sample', () => {
    const constant = samples(
      Array.from({ length: 480 }, (_, i) => [1_700_000_000_000 + i * 15_000, 0.1] as const),
    );
    expect(encode(constant).length).toBeLessThan(30);
  });

  test('of a noisy gauge with three places costs under two bytes a sample', () => {
    const noisy = samples(
      Array.from({ length: 480 }, (_, i) => {
        const value = Math.round((50 + 40 * Math.sin(i / 20) + ((i * 40_503) % 100) / 25) * 1000) / 1000;
        return [1_700_000_000_000 + i * 15_000, value] as const;
      }),
    );
    expect(encode(noisy).length / 480).toBeLessThan(2);
  });
});

describe('a chunk', () => {
  test.each([3, 30])('of %i samples keeps the staleness marker and both zeros', (length) => {
    // Three are too few for exceptions, so that one is XOR and the other decimal.
    const buffer = samples(Array.from({ length }, (_, i) => [i, i === 1 ? -0 : 0] as const));
    buffer.push(length, STALE_HI, STALE_LO);
    const coded = encode(buffer);
    expect(coded[0]).toBe(length === 3 ? 1 : 2);
    const read = new SampleBuffer(1);
    decodeChunk(coded, read);
    expect(read.length).toBe(length + 1);
    expect(Object.is(read.values[1], -0)).toBe(true);
    expect([read.isStale(0), read.isStale(length)]).toEqual([false, true]);
  });

  test('appends to what is there', () => {
    const read = samples([[1, 1]]);
    decodeChunk(encode(samples([[2, 2]])), read);
    expect([...read.times.subarray(0, 2)]).toEqual([1, 2]);
  });

  test('knows its number of samples', () => {
    expect(
      chunkCount(
        encode(
          samples([
            [1, 1],
            [2, 2],
            [3, 3],
          ]),
        ),
      ),
    ).toBe(3);
  });

  test.each([
    ['XOR', (i: number): number => Math.sqrt(i)],
    ['decimal', (i: number): number => i / 100],
  ])('(%s) with any single byte flipped is refused', (_name, value) => {
    const coded = encode(samples(Array.from({ length: 40 }, (_, i) => [i * 15_000, value(i)] as const)));
    for (let i = 0; i < coded.length; i++) {
      const damaged = coded.slice();
      damaged[i] = (damaged[i] ?? 0) ^ 0x10;
      const into = samples([[1, 1]]);
      expect(() => decodeChunk(damaged, into)).toThrow(DamagedChunk);
      expect(into.length).toBe(1);
    }
  });

  test.each([0, 3, 8, 12])('cut to %i bytes is refused', (length) => {
    const coded = encode(samples(Array.from({ length: 10 }, (_, i) => [i, i] as const)));
    expect(() => decodeChunk(coded.subarray(0, length), new SampleBuffer())).toThrow(DamagedChunk);
  });

  test('of no samples or too many is a mistake of the caller', () => {
    expect(() => encodeChunk(new Float64Array(200), new Uint32Array(400), 0)).toThrow(RangeError);
    expect(() => encodeChunk(new Float64Array(600), new Uint32Array(1200), 481)).toThrow(RangeError);
  });
});
