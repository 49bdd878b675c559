import { describe, expect, test } from 'vitest';
import { STALE_HI, STALE_LO } from '#shared/domain/samples.ts';
import { decodeRow, encodeRow, SampleBatch } from '../../../main/engine/metrics/wal-row.ts';

function batch(rows: readonly (readonly [ref: number, time: number, value: number])[]): SampleBatch {
  const made = new SampleBatch();
  for (const [ref, time, value] of rows) made.push(0, ref, time, value);
  return made;
}

describe('a write-ahead row', () => {
  test('has these bytes (docs/metrics-format.md)', () => {
    const row = encodeRow(
      batch([
        [7, 1000, 1],
        [8, 1000, 2],
        [3, 1000, -0],
      ]),
    );
    const expected = [
      '01', // version
      '00', // all have the same time
      '03', // three samples
      'd00f', // varint 1000
      '0e02', // first run: varint 7, two refs
      '0b01', // second run: varint 3 - 9, one ref
      '000000000000f03f',
      '0000000000000040',
      '0000000000000080',
    ].join('');
    expect(Buffer.from(row).toString('hex').slice(0, -8)).toBe(expected);
  });

  test('keeps times of their own and the staleness marker', () => {
    const written = batch([
      [1, 5000, 1],
      [2, 4000, 2],
    ]);
    written.pushBits(0, 90_000, 6000, STALE_HI, STALE_LO);
    const read = new SampleBatch();
    decodeRow(encodeRow(written), read);
    expect(read.length).toBe(3);
    expect([...read.refs.subarray(0, 3)]).toEqual([1, 2, 90_000]);
    expect([...read.times.subarray(0, 3)]).toEqual([5000, 4000, 6000]);
    expect([...read.bits.subarray(4, 6)]).toEqual([STALE_LO, STALE_HI]);
  });

  test('holds thousands of samples', () => {
    const written = batch(
      Array.from({ length: 5000 }, (_, i) => [i * 2 + 1, 1_700_000_000_000, i / 3] as const),
    );
    const read = new SampleBatch();
    decodeRow(encodeRow(written), read);
    expect(read.refs.subarray(0, 5000)).toEqual(written.refs.subarray(0, 5000));
    expect(read.values.subarray(0, 5000)).toEqual(written.values.subarray(0, 5000));
  });

  test('with any byte flipped, or of another version, is refused', () => {
    const row = encodeRow(batch([[1, 1000, 1]]));
    for (let i = 0; i < row.length; i++) {
      const damaged = row.slice();
      damaged[i] = (damaged[i] ?? 0) ^ 1;
      expect(() => decodeRow(damaged, new SampleBatch())).toThrow(RangeError);
    }
    expect(() => decodeRow(new Uint8Array(3), new SampleBatch())).toThrow(RangeError);
  });
});
