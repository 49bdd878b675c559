import { type Labels, labelsFromPairs, METRIC_NAME } from '#shared/domain/labels.ts';
import { unquoteGo } from '../template/quoting.ts';

/** A value of a test's series: a number, nothing at that time, or the end of the series. */
export type TestValue = number | 'none' | 'stale';

const METRIC = /^[a-zA-Z_:][a-zA-Z0-9_:]*/;
const LABEL = /^\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`)\s*(,?)/s;
const NUMBER = String.raw`[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[iI]nf|[nN]a[nN])`;
const REPEAT = new RegExp(`^(${NUMBER})(?:([+-])(${NUMBER.replace('[+-]?', '')}))?x(\\d+)$`);
const SINGLE = new RegExp(`^${NUMBER}$`);
/** A test of a million values is a slip of the key, not a test. */
const MAX_VALUES = 1_000_000;

/** The labels of `name{label="value", …}`, or what is wrong. */
export function readSeries(text: string): Labels | { readonly wrong: string } {
  let rest = text.trim();
  const pairs: [string, string][] = [];
  const name = METRIC.exec(rest)?.[0];
  if (name !== undefined) pairs.push([METRIC_NAME, name]);
  rest = rest.slice(name?.length ?? 0).trim();
  if (rest === '') return name === undefined ? { wrong: 'no series' } : labelsFromPairs(pairs);
  if (!rest.startsWith('{')) return { wrong: `unexpected ${JSON.stringify(rest)}` };
  rest = rest.slice(1);
  for (;;) {
    const found = LABEL.exec(rest);
    if (found === null) break;
    const [whole, label = '', quoted = '', comma] = found;
    const value = unquoteGo(quoted);
    if (value === null) return { wrong: `bad string ${quoted}` };
    if (pairs.some(([known]) => known === label)) return { wrong: `label ${label} occurs twice` };
    pairs.push([label, value]);
    rest = rest.slice(whole.length);
    if (comma === '') break;
  }
  return rest.trim() === '}' ? labelsFromPairs(pairs) : { wrong: `unexpected ${JSON.stringify(rest)}` };
}

/** The values of `1+2x3 _ stale NaN`: at one interval after another (Prometheus's series notation), or what is wrong. */
export function readValues(text: string): readonly TestValue[] | { readonly wrong: string } {
  const values: TestValue[] = [];
  for (const item of text.trim().split(/\s+/)) {
    if (item === '') continue;
    const blanks = /^_x(\d+)$/.exec(item);
    const repeat = REPEAT.exec(item);
    const count = Number(blanks?.[1] ?? repeat?.[4] ?? 1);
    if (values.length + count > MAX_VALUES) return { wrong: `more than ${MAX_VALUES} values` };
    if (item === '_') values.push('none');
    else if (item === 'stale') values.push('stale');
    else if (blanks !== null) for (let n = 0; n < count; n += 1) values.push('none');
    else if (repeat !== null) {
      const [, start = '', sign, step] = repeat;
      const by = step === undefined ? 0 : number(step) * (sign === '-' ? -1 : 1);
      let value = number(start);
      // One more than the number says: the first stands at the beginning.
      for (let n = 0; n <= count; n += 1) {
        values.push(value);
        value += by;
      }
    } else if (SINGLE.test(item)) values.push(number(item));
    else return { wrong: `bad value ${JSON.stringify(item)}` };
  }
  return values;
}

function number(text: string): number {
  const plain = text.toLowerCase();
  if (plain.endsWith('inf'))
    return plain.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return plain.endsWith('nan') ? Number.NaN : Number(text);
}
