import type { Work } from './portions.ts';
import type { Aggregator } from './tokens.ts';
import type { Column } from './values.ts';

/** Aggregators that work value by value, without keeping the values. */
export type Folding = Exclude<Aggregator, 'topk' | 'bottomk' | 'quantile' | 'count_values'>;

/**
 * Folds the columns of one group into `into`, whose `has` says afterwards where the group has members.
 *
 * The order of the additions is that of the series, as in Prometheus, so that rounding is the same.
 */
export function* foldGroup(op: Folding, members: readonly Column[], into: Column): Work<void> {
  const { values, has } = into;
  const counts = new Float64Array(values.length);
  const means = op === 'avg' || op === 'stddev' || op === 'stdvar' ? new Float64Array(values.length) : values;
  for (const member of members) {
    yield;
    for (let i = 0; i < values.length; i++) {
      if (member.has[i] !== 1) continue;
      const value = member.values[i] ?? 0;
      const count = (counts[i] ?? 0) + 1;
      counts[i] = count;
      if (has[i] !== 1) {
        has[i] = 1;
        values[i] = firstOf(op, value);
        if (means !== values) means[i] = value;
        continue;
      }
      const held = values[i] ?? 0;
      switch (op) {
        case 'sum':
          values[i] = held + value;
          break;
        case 'count':
          values[i] = count;
          break;
        case 'min':
          if (held > value || Number.isNaN(held)) values[i] = value;
          break;
        case 'max':
          if (held < value || Number.isNaN(held)) values[i] = value;
          break;
        case 'group':
          break;
        case 'avg':
          means[i] = nextMean(means[i] ?? 0, value, count);
          break;
        default: {
          const delta = value - (means[i] ?? 0);
          const mean = (means[i] ?? 0) + delta / count;
          means[i] = mean;
          values[i] = held + delta * (value - mean);
        }
      }
    }
  }
  finish(op, into, means, counts);
}

function firstOf(op: Folding, value: number): number {
  if (op === 'count' || op === 'group') return 1;
  return op === 'stddev' || op === 'stdvar' ? 0 : value;
}

/** Each side is divided before the subtraction, so that large values do not overflow. */
function nextMean(mean: number, value: number, count: number): number {
  if (Math.abs(mean) === Number.POSITIVE_INFINITY) {
    if (Math.abs(value) === Number.POSITIVE_INFINITY && mean > 0 === value > 0) return mean;
    if (Number.isFinite(value)) return mean;
  }
  return mean + (value / count - mean / count);
}

function finish(op: Folding, into: Column, means: Float64Array, counts: Float64Array): void {
  const { values } = into;
  if (op === 'avg') values.set(means);
  if (op === 'stdvar' || op === 'stddev')
    for (let i = 0; i < values.length; i++) {
      const variance = (values[i] ?? 0) / (counts[i] ?? 1);
      values[i] = op === 'stdvar' ? variance : Math.sqrt(variance);
    }
}
