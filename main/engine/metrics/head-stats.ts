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
  const { index } = head.series;
  const [seriesByMetric, valuesByLabel, bytesByLabel, seriesByPair] = [
    topList(),
    topList(),
    topList(),
    topList(),
  ];
  let labelPairs = 0;
  for (const name of index.names()) {
    let values = 0;
    let bytes = 0;
    for (const value of index.values(name)) {
      values++;
      bytes += Buffer.byteLength(value);
      const series = index.count(name, value);
      seriesByPair.add(series, () => `${name}=${value}`);
      if (name === '__name__') seriesByMetric.add(series, () => value);
    }
    labelPairs += values;
    valuesByLabel.add(values, () => name);
    bytesByLabel.add(bytes, () => name);
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
    seriesByMetric: seriesByMetric.list,
    valuesByLabel: valuesByLabel.list,
    bytesByLabel: bytesByLabel.list,
    seriesByPair: seriesByPair.list,
  };
}

type TopList = {
  /** The largest so far, the largest first; of equal ones in order of name. */
  readonly list: readonly Counted[];
  /** `name` is only asked for when the value may be among the largest: there may be a million of them. */
  readonly add: (value: number, name: () => string) => void;
};

function topList(): TopList {
  const list: Counted[] = [];
  return {
    list,
    add: (value, name) => {
      if (list.length === MOST && value < (list[MOST - 1]?.value ?? 0)) return;
      list.push({ name: name(), value });
      list.sort((a, b) => b.value - a.value || compareText(a.name, b.name));
      list.length = Math.min(list.length, MOST);
    },
  };
}
