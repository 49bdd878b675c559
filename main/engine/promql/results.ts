import { type Labels, labelsToRecord } from '#shared/domain/labels.ts';
import type { Bilingual } from '#shared/errors/index.ts';
import { formatSample } from './go-float.ts';
import { type Column, type Steps, timeAt } from './values.ts';

/** Samples of one series; times in UTC milliseconds. */
export type MatrixSeries = {
  readonly labels: Labels;
  readonly times: Float64Array;
  readonly values: Float64Array;
};

/** What the user must know about an answer that is not exact. */
export type Noted = { readonly notes?: readonly Bilingual[] };

/** What an expression is at one time (UTC milliseconds). */
export type InstantResult =
  | { readonly type: 'scalar'; readonly time: number; readonly value: number }
  | { readonly type: 'string'; readonly time: number; readonly text: string }
  | {
      readonly type: 'vector';
      readonly time: number;
      readonly series: readonly { readonly labels: Labels; readonly value: number }[];
    }
  | { readonly type: 'matrix'; readonly time: number; readonly series: readonly MatrixSeries[] };

/** What an expression is over a range, column-wise, in the order of the labels. */
export type RangeResult = { readonly steps: Steps; readonly columns: readonly Column[] };

/** `[unix seconds, "value"]`. */
export type ApiSample = [number, string];

/** The `data` member of Prometheus's query API. */
export type ApiData =
  | { resultType: 'scalar' | 'string'; result: ApiSample }
  | { resultType: 'vector'; result: { metric: Record<string, string>; value: ApiSample }[] }
  | { resultType: 'matrix'; result: { metric: Record<string, string>; values: ApiSample[] }[] };

/** An instant result as Prometheus's `/api/v1/query` gives it. */
export function instantToApi(result: InstantResult): ApiData {
  const seconds = result.time / 1000;
  switch (result.type) {
    case 'scalar':
      return { resultType: 'scalar', result: [seconds, formatSample(result.value)] };
    case 'string':
      return { resultType: 'string', result: [seconds, result.text] };
    case 'vector':
      return {
        resultType: 'vector',
        result: result.series.map(({ labels, value }) => ({
          metric: labelsToRecord(labels),
          value: [seconds, formatSample(value)],
        })),
      };
    case 'matrix':
      return {
        resultType: 'matrix',
        result: result.series.map(({ labels, times, values }) => ({
          metric: labelsToRecord(labels),
          values: Array.from(times, (time, i): ApiSample => [time / 1000, formatSample(values[i] ?? 0)]),
        })),
      };
  }
}

/** A range result as Prometheus's `/api/v1/query_range` gives it. */
export function rangeToApi({ steps, columns }: RangeResult): ApiData {
  const result = columns.map((column) => {
    const values: ApiSample[] = [];
    for (let i = 0; i < steps.count; i++)
      if (column.has[i] === 1) values.push([timeAt(steps, i) / 1000, formatSample(column.values[i] ?? 0)]);
    return { metric: labelsToRecord(column.labels), values };
  });
  return { resultType: 'matrix', result: result.filter(({ values }) => values.length > 0) };
}
