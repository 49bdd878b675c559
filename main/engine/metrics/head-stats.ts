import { compareText } from '#shared/domain/text-order.ts';
import type { Head } from './head.ts';

type Counted = { readonly name: string; readonly value: number };

/** What the newest samples are made of, as `/api/v1/status/tsdb` of Prometheus shows it. */
export type HeadStats = {
  readonly series: number;
  readonly labelPairs: number;
  readonly chunks: number;
  /** UTC milliseconds of the oldest and newest sample, or null when there is none. */
  readonly oldest: number | null;
  readonly newest: number | null;
  readonly seriesByMetric: readonly Counted[];
  readonly valuesByLabel: readonly Counted[];
  /** Bytes of all values of a label. */
  readonly bytesByLabel: readonly Counted[];
  readonly seriesByPair: readonly Counted[];
};

const MOST = 10;

/** Counts series, labels and chunks of the head; the lists hold the ten largest of each. */
export function headStats(head: Head): HeadStats {
  const seriesByMetric: Counted[] = [];
  const valuesByLabel: Counted[] = [];
  const bytesByLabel: Counted[] = [];
  const seriesByPair: Counted[] = [];
  let labelPairs = 0;
  for (const name of head.series.index.names()) {
    let values = 0;
    let bytes = 0;
    for (const value of head.series.index.values(name)) {
      values++;
      bytes += Buffer.byteLength(value);
      const series = head.series.index.count(name, value);
      seriesByPair.push({ name: `${name}=${value}`, value: series });
      if (name === '__name__') seriesByMetric.push({ name: value, value: series });
    }
    labelPairs += values;
    valuesByLabel.push({ name, value: values });
    bytesByLabel.push({ name, value: bytes });
  }
  let openChunks = 0;
  for (const slot of head.series.slots()) if ((head.series.count[slot] ?? 0) > 0) openChunks++;
  const newest = head.maxTime;
  const oldest = head.oldestTime();
  return {
    series: head.series.size,
    labelPairs,
    chunks: openChunks + (head.statements.countChunks.get(head.sealedUntil) ?? 0),
    oldest: Number.isFinite(oldest) ? oldest : null,
    newest: Number.isFinite(newest) ? newest : null,
    seriesByMetric: largest(seriesByMetric),
    valuesByLabel: largest(valuesByLabel),
    bytesByLabel: largest(bytesByLabel),
    seriesByPair: largest(seriesByPair),
  };
}

function largest(counted: Counted[]): readonly Counted[] {
  return counted.sort((a, b) => b.value - a.value || compareText(a.name, b.name)).slice(0, MOST);
}
