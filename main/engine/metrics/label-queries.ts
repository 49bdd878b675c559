import { compareLabels, type Labels, labelValue } from '#shared/domain/labels.ts';
import { compareText } from '#shared/domain/text-order.ts';
import type { LabelMatcher } from './matchers.ts';
import type { SeriesStore } from './store.ts';

/** Which series are meant: those that satisfy all matchers of any one selector; none given means every series. */
export type SeriesChoice = {
  readonly selectors: readonly (readonly LabelMatcher[])[];
  /** UTC milliseconds, both inside. */
  readonly from: number;
  readonly to: number;
};

/** The label sets that have a sample in the span, each once, in Prometheus's order. */
export function findSeries(store: SeriesStore, { selectors, from, to }: SeriesChoice): Labels[] {
  const found: Labels[] = [];
  for (const matchers of selectors)
    for (const series of store.select(matchers, from, to))
      if (series.hasSample(from, to)) found.push(series.labels);
  found.sort(compareLabels);
  // Selectors may overlap; equal label sets lie beside each other now.
  return found.filter((labels, i) => i === 0 || compareLabels(labels, found[i - 1] ?? []) !== 0);
}

/** The names of the labels of the chosen series, in order. */
export function findLabelNames(store: SeriesStore, choice: SeriesChoice): string[] {
  const { selectors, from, to } = choice;
  if (selectors.length === 0) return [...store.labelNames(from, to)].sort(compareText);
  const names = new Set<string>();
  for (const labels of findSeries(store, choice))
    for (let i = 0; i < labels.length; i += 2) names.add(labels[i] ?? '');
  return [...names].sort(compareText);
}

/** The values that a label has among the chosen series, in order. */
export function findLabelValues(store: SeriesStore, label: string, choice: SeriesChoice): string[] {
  const { selectors, from, to } = choice;
  if (selectors.length === 0) return [...store.labelValues(label, from, to)].sort(compareText);
  const values = new Set<string>();
  for (const labels of findSeries(store, choice)) values.add(labelValue(labels, label));
  values.delete('');
  return [...values].sort(compareText);
}
