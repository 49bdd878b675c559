import type { Result } from '#shared/errors/index.ts';
import type { ApiData, ApiSample } from '../../main/engine/promql/results.ts';
import type { ApiAnswer } from './prometheus.ts';

/** Relative difference that rounding may make. */
const TOLERANCE = 1e-9;

function sameNumber(a: string, b: string): boolean {
  if (a === b) return true;
  const x = Number(a.replace('Inf', 'Infinity'));
  const y = Number(b.replace('Inf', 'Infinity'));
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) && Number.isNaN(y);
  if (x === y) return true;
  return Math.abs(x - y) <= TOLERANCE * Math.max(Math.abs(x), Math.abs(y));
}

type Row = { readonly key: string; readonly values: readonly ApiSample[] };

function rows(data: ApiData): readonly Row[] {
  switch (data.resultType) {
    case 'scalar':
    case 'string':
      return [{ key: '', values: [data.result] }];
    case 'vector':
      return data.result.map(({ metric, value }) => ({ key: keyOf(metric), values: [value] }));
    case 'matrix':
      return data.result.map(({ metric, values }) => ({ key: keyOf(metric), values }));
  }
}

function keyOf(metric: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(metric).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Whether the order of the result is part of the answer. */
function isOrdered(query: string): boolean {
  return /^sort/.test(query);
}

/** What differs between Prometheus's answer and ours, as sentences; none when they are the same. */
export function differences(query: string, theirs: ApiAnswer<ApiData>, ours: Result<ApiData>): string[] {
  if (theirs.status === 'error') return ours.ok ? [`${query}: Prometheus refuses: ${theirs.error}`] : [];
  if (!ours.ok) return [`${query}: only we refuse: ${ours.error.message.en}`];
  const wanted = theirs.data;
  const got = ours.value;
  if (wanted.resultType !== got.resultType) return [`${query}: ${got.resultType}, not ${wanted.resultType}`];
  if (wanted.resultType === 'string')
    return wanted.result[1] === got.result[1] ? [] : [`${query}: ${got.result[1]}, not ${wanted.result[1]}`];
  const left = [...rows(wanted)];
  const right = [...rows(got)];
  if (!isOrdered(query) || wanted.resultType === 'matrix')
    for (const side of [left, right]) side.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  if (left.length !== right.length) {
    const extra = right.filter((row) => !left.some(({ key }) => key === row.key)).map(({ key }) => key);
    const missing = left.filter((row) => !right.some(({ key }) => key === row.key)).map(({ key }) => key);
    return [
      `${query}: ${right.length} series, not ${left.length}; extra ${extra.slice(0, 2)}; missing ${missing.slice(0, 2)}`,
    ];
  }
  for (const [i, row] of left.entries()) {
    const other = right[i];
    if (other === undefined || other.key !== row.key)
      return [`${query}: series ${other?.key}, not ${row.key}`];
    if (other.values.length !== row.values.length)
      return [`${query} ${row.key}: ${other.values.length} values, not ${row.values.length}`];
    for (const [j, [time, value]] of row.values.entries()) {
      const mine = other.values[j];
      if (mine === undefined || Math.abs(mine[0] - time) > 0.0005)
        return [`${query} ${row.key}: time ${mine?.[0]}, not ${time}`];
      if (!sameNumber(mine[1], value)) return [`${query} ${row.key} at ${time}: ${mine[1]}, not ${value}`];
    }
  }
  return [];
}
