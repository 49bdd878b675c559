import { type Labels, labelsKey } from '#shared/domain/labels.ts';
import { evaluationFails } from './failure.ts';
import type { Work } from './portions.ts';

/** The times at which an expression is evaluated: start, start + step, …; UTC milliseconds. */
export type Steps = {
  readonly start: number;
  readonly step: number;
  readonly count: number;
  /**
   * Where the evaluated span ends, if that is behind the last step. Subqueries inside go on until there, as in
   * Prometheus; what they meet there can only be a mistake, which then is one.
   */
  readonly end?: number;
};

/** The time of one step. */
export function timeAt(steps: Steps, index: number): number {
  return steps.start + index * steps.step;
}

/** The time of the last step. */
export function lastTime(steps: Steps): number {
  return timeAt(steps, steps.count - 1);
}

/** One series of a result, column-wise: `values[i]` is its value at step i where `has[i]` is 1. */
export type Column = { readonly labels: Labels; readonly values: Float64Array; readonly has: Uint8Array };

/** An empty column for `steps` values. */
export function newColumn(labels: Labels, steps: number): Column {
  return { labels, values: new Float64Array(steps), has: new Uint8Array(steps) };
}

/** The same values under other labels. */
export function relabelled(column: Column, labels: Labels): Column {
  return { labels, values: column.values, has: column.has };
}

/** Whether a column has a value at any step. */
export function hasAny(column: Column): boolean {
  return column.has.includes(1);
}

/** Samples of one series for range functions: `times` in milliseconds ascending, staleness markers left out. */
export type Samples = {
  readonly times: Float64Array;
  readonly values: Float64Array;
  readonly length: number;
};

/** What an expression evaluates to over all steps. */
export type Value =
  | { readonly type: 'scalar'; readonly values: Float64Array }
  | { readonly type: 'vector'; readonly columns: readonly Column[] }
  | { readonly type: 'string'; readonly text: string };

/**
 * Merges columns with equal labels, as they arise when an operation takes labels away. Such columns may complement each
 * other over time, but not have a value at the same step.
 */
export function* mergeEqual(columns: readonly Column[]): Work<readonly Column[]> {
  const merged = new Map<string, Column>();
  let clashed = false;
  for (const column of columns) {
    yield;
    const key = labelsKey(column.labels);
    const there = merged.get(key);
    if (there === undefined) {
      merged.set(key, column);
      continue;
    }
    clashed = true;
    const both = newColumn(column.labels, column.values.length);
    both.values.set(there.values);
    both.has.set(there.has);
    for (let i = 0; i < column.has.length; i++) {
      if (column.has[i] !== 1) continue;
      if (both.has[i] === 1) evaluationFails('SAME_LABELS');
      both.values[i] = column.values[i] ?? 0;
      both.has[i] = 1;
    }
    merged.set(key, both);
  }
  return clashed ? [...merged.values()] : columns;
}

/** Refuses columns with equal labels, whether or not they have values at the same steps. */
export function* refuseEqual(columns: readonly Column[]): Work<readonly Column[]> {
  const seen = new Set<string>();
  for (const { labels } of columns) {
    yield;
    const key = labelsKey(labels);
    if (seen.has(key)) evaluationFails('SAME_LABELS');
    seen.add(key);
  }
  return columns;
}
