import type { Result } from '#shared/errors/index.ts';
import type { ApiData, ApiSample } from '../../../main/engine/promql/results.ts';
import type { ApiAnswer } from '../../helpers/prometheus.ts';

/** Relative difference that rounding may make. */
const TOLERANCE = 1e-9;

/**
 * An answer as a flat table, so that two can be compared place by place: every sample under its series and time, and the
 * error, the type and the order as places of their own.
 */
export type Answer = ReadonlyMap<string, string>;

/** A number whose last digits may be a matter of rounding; count_values() makes labels of them. */
const FRACTION = /^-?\d+\.\d+$|^-?\d{12,}$/;

const rounded = (text: string): string =>
  FRACTION.test(text) ? String(Number(Number(text).toPrecision(10))) : text;

const keyOf = (metric: Readonly<Record<string, string>>): string =>
  JSON.stringify(
    Object.entries(metric)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => [name, rounded(value)]),
  );

/** Prometheus leaves the member out when a series has no values. */
type MatrixRow = Extract<ApiData, { resultType: 'matrix' }>['result'][number];

/** What is asked about the order: of a range query's series, and of the values that sort() gives. */
export type Ordered = 'series' | 'values' | 'no';

function tableOf(data: ApiData, ordered: Ordered): Answer {
  const table = new Map<string, string>([['type', data.resultType]]);
  const put = (key: string, [time, value]: ApiSample): void => {
    table.set(`${key} @ ${time.toFixed(3)}`, value);
  };
  switch (data.resultType) {
    case 'scalar':
      put('', data.result);
      break;
    case 'string':
      table.set('text', data.result[1]);
      break;
    case 'vector':
      for (const { metric, value } of data.result) put(keyOf(metric), value);
      if (ordered === 'values')
        for (const [index, { value }] of data.result.entries()) table.set(`value ${index}`, value[1]);
      break;
    case 'matrix':
      for (const { metric, values } of data.result as readonly Partial<MatrixRow>[])
        for (const value of values ?? []) put(keyOf(metric ?? {}), value);
      if (ordered === 'series') table.set('order', data.result.map(({ metric }) => keyOf(metric)).join(' '));
  }
  return table;
}

/** The reference's answer; the text of an error does not count. */
export function theirAnswer(answer: ApiAnswer<ApiData>, ordered: Ordered): Answer {
  return answer.status === 'error' ? new Map([['error', 'yes']]) : tableOf(answer.data, ordered);
}

/** Our answer in the same form. */
export function ourAnswer(answer: Result<ApiData>, ordered: Ordered): Answer {
  return answer.ok ? tableOf(answer.value, ordered) : new Map([['error', 'yes']]);
}

function sameText(a: string | undefined, b: string | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined) return false;
  const x = Number(a.replace('Inf', 'Infinity'));
  const y = Number(b.replace('Inf', 'Infinity'));
  if (Number.isNaN(x) || Number.isNaN(y)) return a === 'NaN' && b === 'NaN';
  return x === y || Math.abs(x - y) <= TOLERANCE * Math.max(Math.abs(x), Math.abs(y));
}

/** The places at which two answers differ. */
export function differingPlaces(theirs: Answer, ours: Answer): readonly string[] {
  const places = new Set([...theirs.keys(), ...ours.keys()]);
  return [...places].filter((place) => !sameText(theirs.get(place), ours.get(place)));
}

/** The places at which two answers of the reference to one question are not the same to the last digit. */
export function varyingPlaces(first: Answer, other: Answer): ReadonlySet<string> {
  const places = new Set([...first.keys(), ...other.keys()]);
  return new Set([...places].filter((place) => first.get(place) !== other.get(place)));
}

/** Whether the difference at a place is of the size of what changed last digits change there. */
export function withinChange(place: string, theirs: Answer, ours: Answer, changed: Answer): boolean {
  const [a, b, c] = [theirs, ours, changed].map((answer) => answer.get(place));
  if (a === c && a !== b) return true;
  const isChanged = (b === undefined) !== (c === undefined);
  return isChanged || Math.abs(Number(a) - Number(b)) <= 10 * Math.abs(Number(c) - Number(b));
}

/** One difference as a sentence. */
export function describePlace(place: string, theirs: Answer, ours: Answer): string {
  return `${place}: Prometheus ${theirs.get(place) ?? 'nothing'}, the console ${ours.get(place) ?? 'nothing'}`;
}
