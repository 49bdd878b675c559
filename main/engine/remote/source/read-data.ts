import type { QueryData } from '#shared/contract/metrics.ts';

/**
 * Reads the `data` of a query's answer, checking every value. Written out instead of a schema because an answer may
 * hold a million samples, and a schema makes an object of each.
 */

type ApiSample = [number, string];
type LabelSet = Record<string, string>;

/** Thrown by the readers here; `askApi`'s callers turn it into a refusal of the whole answer. */
export class BadAnswer extends Error {}

const NUMBER = /^[+-]?(?:Inf|NaN|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)$/;

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function list(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new BadAnswer(`${what} is not a list`);
  return value;
}

/** Labels of a series. */
function readLabels(value: unknown): LabelSet {
  if (!isRecord(value)) throw new BadAnswer('the labels of a series are not an object');
  for (const text of Object.values(value))
    if (typeof text !== 'string') throw new BadAnswer('the value of a label is not a text');
  return value as LabelSet;
}

function readSample(value: unknown, text = false): ApiSample {
  if (!Array.isArray(value) || value.length !== 2) throw new BadAnswer('a sample is not a pair');
  const [time, written] = value as [unknown, unknown];
  if (typeof time !== 'number' || !Number.isFinite(time)) throw new BadAnswer('a time is not a number');
  if (typeof written !== 'string') throw new BadAnswer('a value is not a text');
  if (!text && !NUMBER.test(written)) throw new BadAnswer(`"${written.slice(0, 40)}" is not a value`);
  return value as ApiSample;
}

/** The result of a query. @throws BadAnswer */
export function readQueryData(data: unknown): QueryData {
  if (!isRecord(data)) throw new BadAnswer('"data" is not an object');
  const { resultType, result } = data;
  switch (resultType) {
    case 'scalar':
      return { resultType, result: readSample(result) };
    case 'string':
      return { resultType, result: readSample(result, true) };
    case 'vector':
      return {
        resultType,
        result: list(result, '"result"').map((one) => {
          if (!isRecord(one)) throw new BadAnswer('a series is not an object');
          return { metric: readLabels(one.metric), value: readSample(one.value) };
        }),
      };
    case 'matrix':
      return {
        resultType,
        result: list(result, '"result"').map((one) => {
          if (!isRecord(one)) throw new BadAnswer('a series is not an object');
          return {
            metric: readLabels(one.metric),
            values: list(one.values, '"values"').map((sample) => readSample(sample)),
          };
        }),
      };
    default:
      throw new BadAnswer('an unknown "resultType"');
  }
}

/** A sample's value. */
function toNumber(text: string): number {
  if (text.endsWith('Inf')) return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return Number(text);
}

/** A list of texts. @throws BadAnswer */
export function readTexts(data: unknown): string[] {
  return list(data, '"data"').map((text) => {
    if (typeof text !== 'string') throw new BadAnswer('a name is not a text');
    return text;
  });
}

/** A list of label sets. @throws BadAnswer */
export function readLabelSets(data: unknown): LabelSet[] {
  return list(data, '"data"').map(readLabels);
}

/** What the server says about metrics, by name. @throws BadAnswer */
export function readMetadata(data: unknown): Map<string, { type: string; help: string; unit: string }> {
  if (!isRecord(data)) throw new BadAnswer('"data" is not an object');
  const found = new Map<string, { type: string; help: string; unit: string }>();
  for (const [name, entries] of Object.entries(data)) {
    const [first] = list(entries, 'the metadata of a metric');
    if (!isRecord(first)) continue;
    const text = (value: unknown): string => (typeof value === 'string' ? value : '');
    found.set(name, { type: text(first.type), help: text(first.help), unit: text(first.unit) });
  }
  return found;
}

/** Puts series onto the steps of a chart: one column a series, null where there is no sample that can be drawn. */
export function toColumns(
  data: QueryData,
  range: { readonly start: number; readonly end: number; readonly stepMs: number },
  maxSeries: number,
) {
  if (data.resultType !== 'matrix') throw new BadAnswer('a range query that is no matrix');
  const { start, end, stepMs } = range;
  const count = Math.floor((end - start) / stepMs) + 1;
  const shown = data.result.slice(0, maxSeries);
  return {
    times: Array.from({ length: count }, (_, i) => start + i * stepMs),
    series: shown.map(({ metric, values }) => {
      const column = new Array<number | null>(count).fill(null);
      for (const [seconds, text] of values) {
        const at = Math.round((seconds * 1000 - start) / stepMs);
        if (at < 0 || at >= count || Math.abs(start + at * stepMs - seconds * 1000) > 1)
          throw new BadAnswer('a time that is not a step of the range');
        const value = toNumber(text);
        column[at] = Number.isFinite(value) ? value : null;
      }
      return { labels: metric, values: column };
    }),
    seriesOmitted: data.result.length - shown.length,
  };
}
