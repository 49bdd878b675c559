import type { RemoteSeries } from '../../helpers/remote-write.ts';
import type { Arena } from './arena.ts';
import type { FuzzCase, When } from './cases.ts';
import { render, simpler } from './tree.ts';

/** Attempts that one difference is worth. */
const MOST_ATTEMPTS = 600;

/** A smaller case that still differs, found greedily: the expression first, then the times, then the expression again. */
export async function shrinkCase(arena: Arena, found: FuzzCase): Promise<FuzzCase> {
  let attempts = 0;
  const differs = async (text: string, when: When): Promise<boolean> =>
    ++attempts <= MOST_ATTEMPTS && (await arena.compare(text, when)).kind === 'different';

  let { text, tree, when } = found;
  for (;;) {
    const before = text + JSON.stringify(when);
    if (tree !== null) {
      tree = await firstWhile(tree, simpler, (one) => differs(render(one), when));
      text = render(tree);
    }
    text = tree === null ? await firstWhile(text, shorterTexts, (one) => differs(one, when)) : text;
    when = await firstWhile(when, fewerTimes, (one) => differs(text, one));
    if (text + JSON.stringify(when) === before || attempts > MOST_ATTEMPTS) return { text, tree, when };
  }
}

/** Goes on to the first candidate that holds, until none does. */
async function firstWhile<T>(
  from: T,
  candidates: (one: T) => Iterable<T>,
  holds: (one: T) => Promise<boolean>,
): Promise<T> {
  let best = from;
  search: for (;;) {
    for (const candidate of candidates(best))
      if (await holds(candidate)) {
        best = candidate;
        continue search;
      }
    return best;
  }
}

/** The text with one word, sign or blank less. */
function* shorterTexts(text: string): Generator<string> {
  const pieces = text.match(/\w+|\s+|./gsu) ?? [];
  for (const size of [8, 4, 2, 1])
    for (let at = 0; at + size <= pieces.length; at++) yield pieces.toSpliced(at, size).join('');
}

function* fewerTimes(when: When): Generator<When> {
  if (!('stepMs' in when)) return;
  const { start, end, stepMs } = when;
  const count = Math.floor((end - start) / stepMs) + 1;
  yield { time: start };
  if (count > 1) {
    yield { time: start + (count - 1) * stepMs };
    const half = Math.floor(count / 2);
    yield { start, end: start + (half - 1) * stepMs, stepMs };
    yield { start: start + half * stepMs, end: start + (count - 1) * stepMs, stepMs };
    yield { start: start + stepMs, end: start + (count - 1) * stepMs, stepMs };
    yield { start, end: start + (count - 2) * stepMs, stepMs };
  } else if (end > start) yield { start, end: start, stepMs };
}

/**
 * Fewer series and samples with which a case still differs (delta debugging, Zeller and Hildebrandt 2002, on series and
 * then on runs of samples).
 *
 * @param differs tells with fresh servers, so it is slow; it is asked a few dozen times
 */
export async function shrinkData(
  data: readonly RemoteSeries[],
  differs: (data: readonly RemoteSeries[]) => Promise<boolean>,
): Promise<readonly RemoteSeries[]> {
  let attempts = 0;
  const holds = async (some: readonly RemoteSeries[]): Promise<boolean> =>
    some.length > 0 && ++attempts <= 60 && (await differs(some));
  const series = await fewer(data, holds);
  const [only] = series;
  if (series.length > 3 || only === undefined) return series;
  let result = series;
  for (const [index, one] of series.entries()) {
    const withSamples = (samples: RemoteSeries['samples']): readonly RemoteSeries[] =>
      result.toSpliced(index, 1, { labels: one.labels, samples });
    const samples = await fewer(one.samples, (some) => holds(some.length === 0 ? [] : withSamples(some)));
    result = withSamples(samples);
  }
  return result;
}

/** Leaves out halves, quarters and so on, as long as it still holds. */
async function fewer<T>(
  items: readonly T[],
  holds: (some: readonly T[]) => Promise<boolean>,
): Promise<readonly T[]> {
  let left = items;
  for (let size = Math.ceil(left.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
    for (let at = 0; at < left.length; ) {
      const without = left.toSpliced(at, size);
      if (without.length > 0 && (await holds(without))) left = without;
      else at += size;
    }
  return left;
}
