import { compareLabels, labelsFromRecord } from '#shared/domain/labels.ts';
import type { RemoteSeries, SampleValue } from '../../helpers/remote-write.ts';
import type { Random } from './random.ts';

/** How long the data of a round is. */
export const DATA_SPAN_MS = 3_600_000;

/** The labels of each metric, for an expression that wants operands that fit together. */
export const METRICS: Readonly<Record<string, readonly string[]>> = {
  c_total: ['instance', 'job', 'mode'],
  g: ['instance', 'job'],
  g2: ['instance', 'job'],
  info: ['instance', 'version'],
  h_bucket: ['instance', 'le'],
  h_count: ['instance'],
  h_sum: ['instance'],
  odd: ['instance', 'kind'],
  odd_bucket: ['shape', 'le'],
  flap: ['instance'],
  sparse: ['instance'],
  steady: ['instance', 'job'],
  extreme: ['kind'],
  text: ['text'],
};

/** Label values that break what is careless: escapes, separators, plane 1, look-alikes of syntax. */
export const ODD_TEXTS: readonly string[] = [
  'é漢',
  '😀',
  '\uff5e',
  'ÿ',
  'a\nb',
  'a"b\\c',
  "it's",
  ' ',
  '0',
  '__name__',
  'a|b',
  '.*',
  '$1',
  'A\tB',
  'e\u0301',
  '\u0000x',
];

type Samples = { time: number; value: SampleValue }[];
type ValueAt = (index: number, count: number) => SampleValue | null;

/** A series' times: on a grid, jittered, or irregular; a few of them missing. */
function timesOf(random: Random, start: number): number[] {
  const interval = random.pick([15_000, 15_000, 30_000, 60_000, 10_000]);
  const jitter = random.pick([0, 0, 3, 400, 4_000]);
  const phase = random.pick([0, 0, 7_123, random.whole(0, interval)]);
  const missing = random.pick([0, 0.02, 0.3]);
  const holes = random.chance(0.4) ? [{ from: random.next(), length: random.pick([0.05, 0.11, 0.3]) }] : [];
  const times: number[] = [];
  for (let at = start + phase; at < start + DATA_SPAN_MS; at += interval) {
    const place = (at - start) / DATA_SPAN_MS;
    if (random.chance(missing) || holes.some(({ from, length }) => place > from && place < from + length))
      continue;
    times.push(at + random.whole(-jitter, jitter));
  }
  return times;
}

/** Grows, now and then restarts from zero, and may stand still. */
function counter(random: Random): ValueAt {
  const most = random.pick([1, 5, 100, 1e6]);
  const digits = random.pick([0, 0, 2]);
  const restarts = random.pick([0, 0.01, 0.1]);
  const still = random.chance(0.1);
  let total = random.pick([0, 0, 12, 4e9]);
  return () => {
    if (random.chance(restarts)) total = 0;
    else if (!still) total += Number((random.next() * most).toFixed(digits));
    return total;
  };
}

function gauge(random: Random): ValueAt {
  const size = random.pick([1, 10, 1e4, 1e9]);
  const digits = random.pick([0, 1, 2, 15]);
  const kinds = random.pick([3, 3, 1_000]);
  return () => Number(((Math.floor(random.next() * kinds) / kinds - 0.3) * size).toFixed(digits));
}

const SPECIAL: readonly SampleValue[] = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  0,
  -0,
  'stale',
];

/** Another series' values with special ones strewn in. */
function strewn(random: Random, inner: ValueAt, probability: number): ValueAt {
  return (index, count) => (random.chance(probability) ? random.pick(SPECIAL) : inner(index, count));
}

/**
 * Series of one round: counters with resets, gaps, NaN, infinities, staleness markers, jitter, histograms good and
 * broken, and label values of every sort.
 *
 * @param start first time, UTC milliseconds
 */
export function fuzzData(random: Random, start: number): readonly RemoteSeries[] {
  const series: RemoteSeries[] = [];
  const add = (labels: Record<string, string>, valueAt: ValueAt, times = timesOf(random, start)): void => {
    const samples: Samples = [];
    for (const [index, time] of times.entries()) {
      const value = valueAt(index, times.length);
      if (value !== null) samples.push({ time, value });
    }
    if (samples.length > 0) series.push({ labels, samples });
  };
  const jobs = ['node', 'web'];
  for (const instance of ['a', 'b', 'c']) {
    const job = random.pick(jobs);
    const shared = timesOf(random, start);
    const times = (): number[] => (random.chance(0.6) ? shared : timesOf(random, start));
    for (const mode of random.some(['idle', 'user', 'sys'], 0.8))
      add({ __name__: 'c_total', instance, job, mode }, counter(random), times());
    add({ __name__: 'g', instance, job }, gauge(random), times());
    add({ __name__: 'g2', instance, job }, gauge(random), times());
    if (random.chance(0.8))
      add({ __name__: 'info', instance, version: random.pick(['1', '2']) }, () => 1, times());
    if (random.chance(0.2)) add({ __name__: 'info', instance, version: '3' }, () => 1);
    add({ __name__: 'odd', instance, kind: 'strewn' }, strewn(random, gauge(random), 0.25), times());
    add({ __name__: 'odd', instance, kind: 'nan' }, () => Number.NaN);
    add({ __name__: 'flap', instance }, (i) => (i % 20 < 13 ? i : i % 20 === 13 ? 'stale' : null), times());
    add({ __name__: 'sparse', instance }, (i) => (i % 18 === 0 ? i : null));
    add({ __name__: 'steady', instance, job }, () => 42, times());
    addHistogram(random, instance, shared, add);
  }
  addOddBuckets(random, add);
  // Nothing below 2.2e-308: of such numbers Go's logarithms are wrong on amd64, see docs/promql.md.
  add({ __name__: 'extreme', kind: 'huge' }, (i) => (i % 3 === 0 ? 1.7e308 : -1.6e308));
  add({ __name__: 'extreme', kind: 'tiny' }, (i) => (i % 4) * 3e-308);
  add({ __name__: 'extreme', kind: 'zeros' }, (i) => (i % 2 === 0 ? 0 : -0));
  add({ __name__: 'extreme', kind: 'large' }, (i) => 2 ** 53 + i);
  for (const text of random.some(ODD_TEXTS, 0.4)) add({ __name__: 'text', text }, gauge(random));
  return primed(series, start);
}

/**
 * Every series with one sample a day before, in the order of the labels. Prometheus goes through series in the order in
 * which it saw them first, and that decides between equal values in topk(); so both sides begin with the same order.
 */
function primed(series: readonly RemoteSeries[], start: number): readonly RemoteSeries[] {
  const sorted = series
    .map(({ labels, samples }) => ({ labels, sorted: labelsFromRecord(labels), samples }))
    .sort((a, b) => compareLabels(a.sorted, b.sorted));
  return sorted.map(({ labels, samples }) => ({
    labels,
    samples: [{ time: start - 86_400_000, value: 1 }, ...samples],
  }));
}

type Add = (labels: Record<string, string>, valueAt: ValueAt, times?: number[]) => void;

function addHistogram(random: Random, instance: string, times: number[], add: Add): void {
  const bounds = ['0.1', '0.5', '1', '2.5', '+Inf'];
  const rows = times.map(() => bounds.map(() => 0));
  const counts = bounds.map(() => 0);
  for (const row of rows) {
    for (let n = random.whole(0, 5); n > 0; n--) {
      const seen = random.next() ** 2 * 4;
      for (const [b, bound] of bounds.entries())
        if (bound === '+Inf' || seen <= Number(bound)) counts[b] = (counts[b] ?? 0) + 1;
    }
    for (const [b, count] of counts.entries()) row[b] = count;
  }
  for (const [b, le] of bounds.entries())
    add({ __name__: 'h_bucket', instance, le }, (i) => rows[i]?.[b] ?? 0, times);
  add({ __name__: 'h_count', instance }, (i) => rows[i]?.at(-1) ?? 0, times);
  add({ __name__: 'h_sum', instance }, (i) => (rows[i]?.at(-1) ?? 0) * 0.7, times);
}

/** Buckets that fall, have no end, equal or unreadable bounds, or odd values. */
function addOddBuckets(random: Random, add: Add): void {
  const bounds = ['-1', '0', '1', '1.0', '2', '2e0', '0x2p1', '+Inf', 'Inf', '-Inf', 'NaN', 'x', '1_0', ''];
  for (const shape of ['p', 'q', 'r'])
    for (const le of random.some(bounds, 0.4))
      add({ __name__: 'odd_bucket', shape, le }, strewn(random, gauge(random), random.pick([0, 0, 0.1])));
}
