import type { QueryData } from '#shared/contract/metrics.ts';
import { fullName } from '../../../charts/series-names.ts';

/** One value of an instant query. */
export type InstantRow = {
  readonly key: string;
  readonly labels: string;
  /** UTC milliseconds of the value. */
  readonly time: number;
  /** As the engine writes it, with all digits. */
  readonly text: string;
  /** Null for a text that is no number. */
  readonly value: number | null;
};

/** A number as Prometheus writes it. */
function numberOf(text: string): number | null {
  if (text === 'NaN') return Number.NaN;
  if (text === '+Inf') return Number.POSITIVE_INFINITY;
  if (text === '-Inf') return Number.NEGATIVE_INFINITY;
  return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : null;
}

/** The values of an instant query, one a row; a range vector gives one row a sample. */
export function instantRows(data: QueryData): readonly InstantRow[] {
  const row = (labels: string, [seconds, text]: readonly [number, string], key: string): InstantRow => ({
    key,
    labels,
    time: Math.round(seconds * 1000),
    text,
    value: data.resultType === 'string' ? null : numberOf(text),
  });
  switch (data.resultType) {
    case 'scalar':
    case 'string':
      return [row('', data.result, 'only')];
    case 'vector':
      return data.result.map(({ metric, value }) => row(fullName(metric), value, fullName(metric)));
    case 'matrix':
      return data.result.flatMap(({ metric, values }) => {
        const name = fullName(metric);
        return values.map((value) => row(name, value, `${name} ${value[0]}`));
      });
  }
}
