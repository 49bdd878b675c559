import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Labels, labelsFromRecord } from '#shared/domain/labels.ts';
import { Batch } from '../../../main/engine/remote/batch.ts';
import { backoff, judge } from '../../../main/engine/remote/outcome.ts';
import { decodeSegment, decodeSegmentHead, SegmentBuilder } from '../../../main/engine/remote/segment.ts';
import {
  encodeLabels,
  encodeOne,
  encodeSamples,
  withExternal,
} from '../../../main/engine/remote/write-request.ts';
import { addTimeSeries, protobufFields, type WrittenSeries } from '../../helpers/write-receiver.ts';

const labels = fc
  .dictionary(
    fc.constantFrom('__name__', 'job', '名称', 'le'),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }),
    {
      minKeys: 1,
    },
  )
  .map((record): Labels => labelsFromRecord(record));
const half = fc.integer({ min: 0, max: 0xffff_ffff });
const sample = fc.record({
  series: fc.nat({ max: 5 }),
  time: fc.oneof(
    fc.integer({ min: -1000, max: 1000 }),
    fc.integer({ min: 1.7e12, max: 1.8e12 }),
    fc.integer({ min: -4e15, max: 4e15 }),
  ),
  lo: half,
  hi: half,
});

function keyOf(of: Labels): string {
  const parts: string[] = [];
  for (let i = 0; i < of.length; i += 2) parts.push(`${of[i]}=${of[i + 1]}`);
  return parts.join(',');
}

const bits = (lo: number, hi: number): string => ((BigInt(hi) << 32n) | BigInt(lo)).toString(16);

test('what is coded is what a reader of the specification reads', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(labels, { minLength: 6, maxLength: 6, selector: keyOf }),
      fc.array(sample),
      (all, samples) => {
        const batch = new Batch();
        const wanted: WrittenSeries = new Map();
        for (const { series, time, lo, hi } of samples) {
          const of = all[series] ?? [];
          batch.push(batch.number(of), time, lo, hi);
          wanted.set(keyOf(of), [...(wanted.get(keyOf(of)) ?? []), `${time} ${bits(lo, hi)}`]);
        }
        const got: WrittenSeries = new Map();
        for (const { number, value } of protobufFields(Buffer.from(encodeSamples(batch, encodeLabels)))) {
          expect(number).toBe(1);
          if (Buffer.isBuffer(value)) addTimeSeries(value, got);
        }
        expect(got).toEqual(wanted);
      },
    ),
  );
});

test('a segment gives back what it was given, each series in its order', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(labels, { minLength: 6, maxLength: 6, selector: keyOf }),
      fc.array(sample, { minLength: 1 }),
      (all, samples) => {
        const builder = new SegmentBuilder();
        builder.firstRow = 7;
        const wanted = new Map<string, string[]>();
        samples.forEach(({ series, time, lo, hi }, i) => {
          const of = all[series] ?? [];
          builder.lastRow = 7 + i * 3;
          builder.add(of, builder.lastRow, time, lo, hi);
          wanted.set(keyOf(of), [
            ...(wanted.get(keyOf(of)) ?? []),
            `${builder.lastRow} ${time} ${bits(lo, hi)}`,
          ]);
        });
        const file = builder.encode();
        expect(decodeSegmentHead(file)).toMatchObject({
          firstRow: 7,
          lastRow: builder.lastRow,
          samples: samples.length,
        });
        const segment = decodeSegment(file);
        const got = new Map<string, string[]>();
        segment.owner.forEach((owner, i) => {
          const key = keyOf(segment.series[owner] ?? []);
          const text = `${segment.rows[i]} ${segment.times[i]} ${bits(segment.bits[i * 2] ?? 0, segment.bits[i * 2 + 1] ?? 0)}`;
          got.set(key, [...(got.get(key) ?? []), text]);
        });
        expect(got).toEqual(wanted);
      },
    ),
  );
});

test('a segment with one byte changed is refused, never read wrongly', () => {
  const builder = new SegmentBuilder();
  builder.firstRow = 1;
  for (let i = 0; i < 500; i++) builder.add(['__name__', `m${i % 3}`], i, i * 15_000, i, i * 7);
  const file = builder.encode();
  const good = JSON.stringify(decodeSegment(file));
  const start = file.indexOf(0x0a) + 1;
  let refused = 0;
  for (let at = start; at < file.length; at += 13) {
    const broken = Uint8Array.from(file);
    broken[at] = (broken[at] ?? 0) ^ 0x10;
    let read: string | null = null;
    try {
      read = JSON.stringify(decodeSegment(broken));
    } catch {
      refused++;
    }
    // Some bits mean nothing, such as those of gzip's time stamp; then what is read is the same.
    if (read !== null) expect(read).toBe(good);
  }
  expect(refused).toBeGreaterThan(((file.length - start) / 13) * 0.9);
});

test('one sample for trying an address', () => {
  const got: WrittenSeries = new Map();
  for (const { value } of protobufFields(Buffer.from(encodeOne('try', ['a', 'b'], 1.7e12, 1))))
    if (Buffer.isBuffer(value)) addTimeSeries(value, got);
  expect(got).toEqual(new Map([['__name__=try,a=b', [`${1.7e12} 3ff0000000000000`]]]));
});

test('external labels never replace a label', () => {
  const external = [
    ['a', 'outer'],
    ['z', 'outer'],
  ] as const;
  expect(withExternal(['a', '1', 'b', '2'], external)).toEqual(['a', '1', 'b', '2', 'z', 'outer']);
});

describe('answers', () => {
  const now = Date.UTC(2026, 10, 22);
  test.each([
    [200, null, '', 'taken'],
    [204, null, '', 'taken'],
    [500, null, 'oops', 'later'],
    [503, '7', '', 'later'],
    [429, null, '', 'later'],
    [301, null, '', 'refused'],
    [400, null, 'bad', 'refused'],
    [401, null, '', 'refused'],
    [404, null, '', 'refused'],
    // Prometheus says this with 500, and would say it for ever.
    [500, null, 'too old sample', 'refused'],
  ] as const)('%i %s %s is %s', (status, retryAfter, text, kind) => {
    expect(judge(status, retryAfter, text, now).kind).toBe(kind);
  });

  test('Retry-After in seconds, as a date, and beyond reason', () => {
    const wait = (header: string) => judge(503, header, '', now);
    expect(wait('7')).toEqual({ kind: 'later', waitMs: 7_000 });
    expect(wait(new Date(now + 9_000).toUTCString())).toEqual({ kind: 'later', waitMs: 9_000 });
    expect(wait('999999999')).toEqual({ kind: 'later', waitMs: 600_000 });
    expect(wait('soon')).toEqual({ kind: 'later', waitMs: null });
  });

  test('pauses double to 30 s and are never all alike', () => {
    expect([1, 2, 3, 9, 10, 1_000].map((n) => backoff(n, 1))).toEqual([
      100, 200, 400, 25_600, 30_000, 30_000,
    ]);
    expect(backoff(1, 0)).toBe(50);
  });
});
