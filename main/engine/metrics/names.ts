import { METRIC_TYPES, type MetricType } from '#shared/domain/metric-types.ts';
import type { SeriesStore } from './store.ts';

/** A metric's name with what its exposition says about it. */
type NamedMetric = { name: string; type: MetricType; help: string; series: number };

/** Endings of the series of a family whose name is without them. */
const FAMILY_ENDINGS = ['_total', '_bucket', '_count', '_sum', '_created', '_info'];

/** The type that an exposition named, or `unknown`. */
export function metricType(text: string): MetricType {
  return METRIC_TYPES.find((type) => type === text) ?? 'unknown';
}

/** Metric names that contain a text, in order, with type, help and number of series. */
export function listNames(
  store: SeriesStore,
  contains: string,
  limit: number,
): { names: NamedMetric[]; total: number } {
  const wanted = contains.toLowerCase();
  const names = [...store.labelValues('__name__')]
    .filter((name) => name.toLowerCase().includes(wanted))
    .sort();
  const shown = names.slice(0, limit).map((name): NamedMetric => {
    const { type = '', help = '' } = store.metadata(name) ?? familyMetadata(store, name) ?? {};
    return { name, type: metricType(type), help, series: store.countSeries(name) };
  });
  return { names: shown, total: names.length };
}

function familyMetadata(store: SeriesStore, name: string): { type: string; help: string } | undefined {
  for (const ending of FAMILY_ENDINGS)
    if (name.endsWith(ending)) {
      const family = store.metadata(name.slice(0, -ending.length));
      if (family !== undefined) return family;
    }
  return undefined;
}
