import type { QueryRange } from '../../../main/engine/promql/engine.ts';
import type { RemoteSeries } from '../../helpers/remote-write.ts';
import { DATA_SPAN_MS } from './data.ts';
import { expression } from './grammar.ts';
import { mutated } from './mutate.ts';
import { Random } from './random.ts';
import { render, type Tree } from './tree.ts';

/** When an expression is asked: at one time or over a range, UTC milliseconds. */
export type When = { readonly time: number } | QueryRange;

/** One comparison: an expression and when it is asked. `tree` is there unless the text was broken on purpose. */
export type FuzzCase = { readonly text: string; readonly tree: Tree | null; readonly when: When };

/** The case of that number; it depends on nothing else. */
export function fuzzCase(
  seed: number,
  round: number,
  index: number,
  start: number,
  data: readonly RemoteSeries[],
): FuzzCase {
  const random = new Random(seed, round, index);
  const type = random.weighted<'vector' | 'scalar' | 'matrix' | 'string'>([
    [20, () => 'vector'],
    [2, () => 'scalar'],
    [1, () => 'matrix'],
    [0.1, () => 'string'],
  ]);
  const tree = expression({ random, start }, type, random.whole(1, 4));
  const when = random.chance(0.4) ? { time: someTime(random, start, data) } : someRange(random, start, data);
  const text = render(tree);
  return random.chance(0.12) ? { text: mutated(random, text), tree: null, when } : { text, tree, when };
}

/** A time on a sample, beside one, at the edge of its lookback, or anywhere. */
function someTime(random: Random, start: number, data: readonly RemoteSeries[]): number {
  const sample = random.pick(random.pick(data).samples).time;
  return random.weighted([
    [2, () => sample],
    [1, () => sample + random.pick([1, -1, 299_999, 300_000, 300_001, 60_000])],
    [2, () => start + 60_000 * random.whole(0, DATA_SPAN_MS / 60_000)],
    [2, () => start + random.whole(-10_000, DATA_SPAN_MS + 600_000)],
  ]);
}

const STEPS = [15_000, 60_000, 60_000, 30_000, 7_001, 97_001, 300_000, 1_000, 1, 3_599_999];

function someRange(random: Random, start: number, data: readonly RemoteSeries[]): QueryRange {
  const first = someTime(random, start, data);
  const stepMs = random.pick(STEPS);
  const count = random.chance(0.05) ? 1 : random.whole(1, 40);
  return {
    start: first,
    end: first + stepMs * (count - 1) + random.pick([0, 0, Math.floor(stepMs / 2)]),
    stepMs,
  };
}
