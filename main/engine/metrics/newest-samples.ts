import { type Labels, labelsKey } from '#shared/domain/labels.ts';
import { SampleBuffer } from '#shared/domain/samples.ts';
import type { Work } from '../platform/portions.ts';
import type { SeriesChoice } from './label-queries.ts';
import type { SeriesStore } from './store.ts';

/** A series with its newest sample; the time in UTC milliseconds. */
export type NewestSample = { readonly labels: Labels; readonly time: number; readonly value: number };

/** Series that are read before other work may have its turn. */
const STRETCH = 64;

/** The newest sample in the span of each chosen series; none of a series that ended with a staleness marker. */
export function* newestSamples(
  store: SeriesStore,
  { selectors, from, to }: SeriesChoice,
): Work<readonly NewestSample[]> {
  const found = new Map<string, NewestSample>();
  const samples = new SampleBuffer();
  for (const matchers of selectors) {
    yield;
    for (const [i, { labels, read }] of store.select(matchers, from, to).entries()) {
      read(from, to, samples);
      const last = samples.length - 1;
      if (last >= 0 && !samples.isStale(last))
        found.set(labelsKey(labels), {
          labels,
          time: samples.times[last] ?? 0,
          value: samples.values[last] ?? 0,
        });
      if (i % STRETCH === 0) yield;
    }
  }
  return [...found.values()];
}
