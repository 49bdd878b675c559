import type { RemoteSeries } from '../../helpers/remote-write.ts';
import { openArena } from './arena.ts';
import { type FuzzCase, fuzzCase, type When } from './cases.ts';
import { fuzzData } from './data.ts';
import { Random } from './random.ts';
import { shrinkCase, shrinkData } from './shrink.ts';

export type FuzzOptions = {
  readonly seed: number;
  /** Comparisons in all; a round of data has up to 2,000 of them. */
  readonly comparisons: number;
  /** Stops sooner when the time is over. */
  readonly deadline?: number;
  /** Differences after which there is no point in going on. */
  readonly mostDifferences?: number;
  /** Whether the data of a difference are made smaller too; that takes a minute each. */
  readonly shrinkData?: boolean;
  readonly round?: number;
  readonly only?: number;
  readonly log?: (line: string) => void;
};

export type FuzzReport = {
  readonly comparisons: number;
  /** Of these, how many the reference refused. */
  readonly refused: number;
  readonly instants: number;
  /** Comparisons in which the reference contradicted itself where ours differed. */
  readonly explained: readonly string[];
  /** Differences, shrunk, with what is needed to see them again. */
  readonly differences: readonly string[];
  readonly milliseconds: number;
};

const PER_ROUND = 2_000;
const AT_ONCE = 6;

/** Expressions and data at random, each question put to the reference and to the console. */
export async function fuzz(options: FuzzOptions): Promise<FuzzReport> {
  const { seed, deadline = Number.POSITIVE_INFINITY, mostDifferences = 20, log = () => {} } = options;
  const began = performance.now();
  const count = { comparisons: 0, refused: 0, instants: 0 };
  const explained: string[] = [];
  const differences: string[] = [];
  const over = (): boolean =>
    count.comparisons >= options.comparisons ||
    performance.now() > deadline ||
    differences.length >= mostDifferences;

  for (let round = options.round ?? 0; !over(); round++) {
    const random = new Random(seed, round);
    const start = 1_700_000_000_000 + random.whole(0, 20_000) * random.pick([1, 1_000, 60_000]);
    const data = fuzzData(random, start);
    const arena = await openArena(data);
    try {
      let next = options.only ?? 0;
      const last = options.only ?? PER_ROUND - 1;
      const found: { readonly index: number; readonly one: FuzzCase }[] = [];
      const work = async (): Promise<void> => {
        while (next <= last && !over() && found.length < mostDifferences) {
          const index = next++;
          const one = fuzzCase(seed, round, index, start, data);
          count.comparisons++;
          if ('time' in one.when) count.instants++;
          const verdict = await arena.compare(one.text, one.when);
          if (verdict.kind === 'same') count.refused += verdict.refused ? 1 : 0;
          else if (verdict.kind === 'explained') explained.push(`${one.text}: ${verdict.difference}`);
          else found.push({ index, one });
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      for (const { index, one } of found) {
        const small = await shrinkCase(arena, one);
        const verdict = await arena.compare(small.text, small.when);
        const where = verdict.kind === 'same' ? 'not seen again' : verdict.difference;
        const needed = options.shrinkData ? await smallerData(data, small) : '';
        const difference = `${small.text}\n    ${describeWhen(small.when)}\n    ${where}\n    again: --seed ${seed} --case ${round}:${index}${needed}`;
        differences.push(difference);
        log(difference);
      }
    } finally {
      await arena.close();
    }
    if (options.only !== undefined) break;
    const rate = count.comparisons / ((performance.now() - began) / 1000);
    log(
      `round ${round}: ${count.comparisons} comparisons, ${differences.length} differences, ${rate.toFixed(0)}/s`,
    );
  }
  return { ...count, explained, differences, milliseconds: performance.now() - began };
}

function describeWhen(when: When): string {
  return 'stepMs' in when ? `from ${when.start} to ${when.end} step ${when.stepMs} ms` : `at ${when.time}`;
}

async function smallerData(data: readonly RemoteSeries[], { text, when }: FuzzCase): Promise<string> {
  const small = await shrinkData(data, async (some) => {
    const arena = await openArena(some);
    try {
      return (await arena.compare(text, when)).kind === 'different';
    } finally {
      await arena.close();
    }
  });
  return small
    .map(({ labels, samples }) => {
      const shown = samples.slice(0, 12).map(({ time, value }) => `${time}=${value}`);
      return `\n    ${JSON.stringify(labels)} ${samples.length} samples: ${shown.join(' ')}`;
    })
    .join('');
}
