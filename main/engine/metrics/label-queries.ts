import { compareLabels, type Labels, labelValue } from '#shared/domain/labels.ts';
import { compareText } from '#shared/domain/text-order.ts';
import { sortedInTurns, type Work } from '../platform/portions.ts';
import type { LabelMatcher } from './matchers.ts';
import type { SeriesStore } from './store.ts';

/** Which series are meant: those that satisfy all matchers of any one selector; none given means every series. */
export type SeriesChoice = {
  readonly selectors: readonly (readonly LabelMatcher[])[];
  /** UTC milliseconds, both inside. */
  readonly from: number;
  readonly to: number;
};

/** Series that are looked at before other work may have its turn; one that is read takes some microseconds. */
const STRETCH = 64;

/** The label sets that have a sample in the span, each once, in Prometheus's order. */
export function* findSeries(store: SeriesStore, choice: SeriesChoice): Work<readonly Labels[]> {
  const sorted = yield* sortedInTurns(yield* presentSeries(store, choice), compareLabels);
  // Selectors may overlap; equal label sets lie beside each other now.
  if (choice.selectors.length < 2) return sorted;
  return sorted.filter((labels, i) => i === 0 || compareLabels(labels, sorted[i - 1] ?? []) !== 0);
}

/** The names of the labels of the chosen series, in order. */
export function* findLabelNames(store: SeriesStore, choice: SeriesChoice): Work<readonly string[]> {
  if (choice.selectors.length === 0) return [...store.labelNames(choice.from, choice.to)].sort(compareText);
  const names = new Set<string>();
  for (const labels of yield* presentSeries(store, choice))
    for (let i = 0; i < labels.length; i += 2) names.add(labels[i] ?? '');
  return [...names].sort(compareText);
}

/** The values that a label has among the chosen series, in order. */
export function* findLabelValues(
  store: SeriesStore,
  label: string,
  choice: SeriesChoice,
): Work<readonly string[]> {
  const values =
    choice.selectors.length === 0 ? store.labelValues(label, choice.from, choice.to) : new Set<string>();
  if (choice.selectors.length > 0)
    for (const labels of yield* presentSeries(store, choice)) values.add(labelValue(labels, label));
  values.delete('');
  return yield* sortedInTurns([...values], compareText);
}

/** The label sets that have a sample in the span, in no order; one that several selectors choose may come again. */
function* presentSeries(store: SeriesStore, { selectors, from, to }: SeriesChoice): Work<Labels[]> {
  const found: Labels[] = [];
  for (const matchers of selectors) {
    yield;
    for (const [i, series] of store.select(matchers, from, to).entries()) {
      if (series.hasSample(from, to)) found.push(series.labels);
      if (i % STRETCH === 0) yield;
    }
  }
  return found;
}
