import { BucketBuffer, columnMask } from '#shared/domain/buckets.ts';
import { labelsKey } from '#shared/domain/labels.ts';
import { type SampleBuffer, STALE_HI, STALE_LO } from '#shared/domain/samples.ts';
import type { SelectorNode } from './ast.ts';
import type { QueryContext } from './context.ts';
import type { RollupSource, SeriesSource } from './source.ts';

const KEPT = columnMask('count', 'firstTime', 'lastTime', 'first', 'last', 'stale');

/**
 * The samples that buckets keep, first and last of each, as a source of samples.
 *
 * @param more how much earlier than it is asked to it reads: windows are widened after their times were settled
 */
export function keptSamples(rollups: RollupSource, resolution: number, more: number): SeriesSource {
  const buffer = new BucketBuffer();
  const up = (time: number): number => Math.ceil(time / resolution) * resolution;
  return {
    select: (matchers, from, to) =>
      rollups.select(matchers, up(from - more), up(to), resolution).map((series) => ({
        labels: series.labels,
        read: (first, last, into) => {
          series.read(up(first - more), up(last), KEPT, buffer);
          readKept(buffer, first - more, last, into);
        },
      })),
  };
}

function readKept(buffer: BucketBuffer, first: number, last: number, into: SampleBuffer): void {
  into.length = 0;
  const value = new Float64Array(1);
  const bits = new Uint32Array(value.buffer);
  const push = (time: number, sample: number): void => {
    value[0] = sample;
    if (time >= first && time <= last) into.push(time, bits[1] ?? 0, bits[0] ?? 0);
  };
  const [counts, firstTimes, lastTimes] = [
    buffer.column('count'),
    buffer.column('firstTime'),
    buffer.column('lastTime'),
  ];
  const [firsts, lasts, stale] = [buffer.column('first'), buffer.column('last'), buffer.column('stale')];
  for (let i = 0; i < buffer.length; i++) {
    const count = counts[i] ?? 0;
    if (count > 0) push(firstTimes[i] ?? 0, firsts[i] ?? 0);
    if (count > 1) push(lastTimes[i] ?? 0, lasts[i] ?? 0);
    // The marker's own time is not kept; it came after the last sample, and no later than the bucket's end.
    const end = buffer.ends[i] ?? 0;
    if (stale[i] === 1 && end <= last && (count === 0 || end > (lastTimes[i] ?? 0)))
      into.push(end, STALE_HI, STALE_LO);
  }
}

/**
 * The source for the samples themselves of [from, to]: where they are gone, those that buckets keep, and a note about it.
 */
export function sourceOfSamples(
  context: QueryContext,
  { matchers }: SelectorNode,
  from: number,
  to: number,
): SeriesSource {
  const { rollups, source } = context;
  const resolution = rollups?.finest(from - 1, to) ?? 0;
  if (rollups === null || resolution === 0) return source;
  context.note(resolution);
  const kept = new Set<string>();
  for (const { start, end } of rollups.lost(from - 1, to))
    for (const { labels } of source.select(matchers, start + 1, end)) kept.add(labelsKey(labels));
  const rough = keptSamples(rollups, resolution, 0);
  return {
    select: (wanted, first, last) => {
      const gone = rough.select(wanted, first, last).filter(({ labels }) => !kept.has(labelsKey(labels)));
      const keys = new Set(gone.map(({ labels }) => labelsKey(labels)));
      return [
        ...source.select(wanted, first, last).filter(({ labels }) => !keys.has(labelsKey(labels))),
        ...gone,
      ];
    },
  };
}
