import type { MetricName } from './name-tree.ts';

/** A way of looking at a metric that fits its type. */
export type Suggestion = {
  readonly id: 'plain' | 'rate' | 'p95' | 'mean';
  readonly expr: string;
};

const WINDOW = '[5m]';

/** What to offer for a metric: as it is, as a rate when it counts, as a quantile when it is a histogram. */
export function suggestions(metric: MetricName): readonly Suggestion[] {
  const { name, type } = metric;
  const plain: Suggestion = { id: 'plain', expr: name };
  const base = name.replace(/_(bucket|sum|count)$/, '');
  switch (type) {
    case 'counter':
      return [{ id: 'rate', expr: `rate(${name}${WINDOW})` }, plain];
    case 'histogram':
    case 'gaugehistogram':
      return [
        { id: 'p95', expr: `histogram_quantile(0.95, sum by (le) (rate(${base}_bucket${WINDOW})))` },
        { id: 'mean', expr: `rate(${base}_sum${WINDOW}) / rate(${base}_count${WINDOW})` },
        { id: 'rate', expr: `rate(${base}_count${WINDOW})` },
        ...(name === base ? [] : [plain]),
      ];
    case 'summary':
      return [
        { id: 'mean', expr: `rate(${base}_sum${WINDOW}) / rate(${base}_count${WINDOW})` },
        { id: 'rate', expr: `rate(${base}_count${WINDOW})` },
        plain,
      ];
    default:
      // Names that end so are counters by convention, also where the exposition did not say it.
      return name.endsWith('_total') ? [{ id: 'rate', expr: `rate(${name}${WINDOW})` }, plain] : [plain];
  }
}
