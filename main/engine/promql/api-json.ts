import { jsonPairs, jsonSampleTime, jsonString } from '#shared/units/json-text.ts';
import { formatPlain, formatSample } from './go-float.ts';
import type { InstantResult, MatrixSeries, RangeResult } from './results.ts';
import { type Column, timeAt } from './values.ts';

/**
 * The `data` member of Prometheus's query API as JSON text, in pieces: written from the columns themselves, so that an
 * answer of a million samples is never held as objects, and is under way before it is whole.
 */
export type ApiText = {
  /** Texts that make up the JSON when put behind each other. May be read once. */
  readonly pieces: Iterable<string>;
  /** Whether series were left out because of the limit. */
  readonly truncated: boolean;
};

/** A piece is handed on when it has so many characters. */
const PIECE = 32_768;

/**
 * An instant result as `/api/v1/query` gives it.
 *
 * @param limit the most series of a vector or matrix; 0 for all
 */
export function instantText(result: InstantResult, limit = 0): ApiText {
  switch (result.type) {
    case 'scalar':
      return plain('scalar', `[${result.time / 1000},"${formatPlain(result.value)}"]`);
    case 'string':
      return plain('string', `[${result.time / 1000},${jsonString(result.text)}]`);
    case 'vector': {
      const time = jsonSampleTime(result.time);
      const { series } = result;
      return list('vector', series, limit, function* ({ labels, value }) {
        yield `{"metric":${jsonPairs(labels)},"value":[${time},"${formatSample(value)}"]}`;
      });
    }
    case 'matrix':
      return list('matrix', result.series, limit, matrixText);
  }
}

/** A range result as `/api/v1/query_range` gives it; `limit` as in {@link instantText}. */
export function rangeText({ steps, columns }: RangeResult, limit = 0): ApiText {
  // Every series has the same times, so that each is written out once.
  const heads: string[] = [];
  const headOf = (step: number): string => {
    heads[step] ??= `[${jsonSampleTime(timeAt(steps, step))},"`;
    return heads[step];
  };
  const shown = columns.filter(({ has }) => has.includes(1));
  return list('matrix', shown, limit, ({ labels, values, has }: Column) =>
    samplesText(labels, values, steps.count, headOf, has),
  );
}

function matrixText({ labels, times, values }: MatrixSeries): Iterable<string> {
  return samplesText(labels, values, times.length, (i) => `[${jsonSampleTime(times[i] ?? 0)},"`, null);
}

/** One series with its samples: those where `has` is 1, or all. `headOf` gives `[TIME,"` of a sample. */
function* samplesText(
  labels: readonly string[],
  values: Float64Array,
  count: number,
  headOf: (i: number) => string,
  has: Uint8Array | null,
): Iterable<string> {
  let text = `{"metric":${jsonPairs(labels)},"values":[`;
  let isFirst = true;
  let last = Number.NaN;
  let lastText = '';
  for (let i = 0; i < count; i++) {
    if (has !== null && has[i] !== 1) continue;
    const value = values[i] ?? 0;
    // A value is often as the one before. Of zero there are two kinds, which are equal to each other.
    if (value !== last || value === 0) {
      last = value;
      lastText = `${formatSample(value)}"]`;
    }
    if (!isFirst) text += ',';
    isFirst = false;
    text += headOf(i);
    text += lastText;
    if (text.length < PIECE) continue;
    yield text;
    text = '';
  }
  yield `${text}]}`;
}

function plain(type: string, result: string): ApiText {
  return { pieces: [`{"resultType":"${type}","result":${result}}`], truncated: false };
}

function list<T>(
  type: string,
  items: readonly T[],
  limit: number,
  write: (item: T) => Iterable<string>,
): ApiText {
  const shown = limit > 0 && items.length > limit ? items.slice(0, limit) : items;
  const pieces = function* (): Iterable<string> {
    let text = `{"resultType":"${type}","result":[`;
    let isFirst = true;
    for (const item of shown) {
      if (!isFirst) text += ',';
      isFirst = false;
      for (const part of write(item)) {
        text += part;
        if (text.length < PIECE) continue;
        yield text;
        text = '';
      }
    }
    yield `${text}]}`;
  };
  return { pieces: pieces(), truncated: shown.length < items.length };
}
