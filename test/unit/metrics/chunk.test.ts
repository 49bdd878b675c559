import { describe, expect, test } from 'vitest';
import { SampleBuffer, STALE_HI, STALE_LO } from '#shared/domain/samples.ts';
import { chunkCount, decodeChunk } from '../../../main/engine/metrics/chunk/decode.ts';
import { encodeChunk } from '../../../main/engine/metrics/chunk/encode.ts';
import { DamagedChunk } from '../../../main/engine/metrics/chunk/format.ts';
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

describe('a chunk', () => {
  test('has these bytes, worked out by hand from docs/metrics-format.md', () => {
    const coded = encode(
      samples([
        [1000, 1],
        [2000, 1],
        [3000, 2],
        [4001, 2],
      ]),
    );
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

  test('of a constant costs under 0.5 bytes a sample on the grid', () => {
    const constant = samples(
      Array.from({ length: 120 }, (_, i) => [1_700_000_000_000 + i * 15_000, 42] as const),
    );
    expect(encode(constant).length).toBeLessThan(60);
  });

  test('keeps the staleness marker and both zeros', () => {
    const buffer = samples([
      [1, 0],
      [2, -0],
    ]);
    buffer.push(3, STALE_HI, STALE_LO);
    const read = new SampleBuffer(1);
    decodeChunk(encode(buffer), read);
    expect(read.length).toBe(3);
    expect(Object.is(read.values[1], -0)).toBe(true);
    expect([read.isStale(0), read.isStale(2)]).toEqual([false, true]);
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

  test('with any single byte flipped is refused', () => {
    const coded = encode(samples(Array.from({ length: 40 }, (_, i) => [i * 15_000, Math.sqrt(i)] as const)));
    for (let i = 0; i < coded.length; i++) {
      const damaged = coded.slice();
      damaged[i] = (damaged[i] ?? 0) ^ 0x10;
      const into = samples([[1, 1]]);
      expect(() => decodeChunk(damaged, into)).toThrow(DamagedChunk);
      expect(into.length).toBe(1);
    }
  });

  test.each([0, 3, 8, 20])('cut to %i bytes is refused', (length) => {
    const coded = encode(samples(Array.from({ length: 10 }, (_, i) => [i, i] as const)));
    expect(() => decodeChunk(coded.subarray(0, length), new SampleBuffer())).toThrow(DamagedChunk);
  });

  test('of no samples or too many is a mistake of the caller', () => {
    expect(() => encodeChunk(new Float64Array(200), new Uint32Array(400), 0)).toThrow(RangeError);
    expect(() => encodeChunk(new Float64Array(200), new Uint32Array(400), 121)).toThrow(RangeError);
  });
});
