import { expect, test } from 'vitest';
import { fuzzCase } from './cases.ts';
import { fuzzData } from './data.ts';
import { Random } from './random.ts';
import { shrinkCase, shrinkData } from './shrink.ts';

const START = 1_700_000_000_000;
const data = fuzzData(new Random(3), START);

test('a difference shrinks to the smallest expression that shows it', async () => {
  // As if the console were wrong wherever one metric is rated.
  const isWrong = (text: string): boolean => /rate\(g2?\b/.test(text);
  const arena = {
    compare: async (text: string) =>
      isWrong(text)
        ? ({ kind: 'different', difference: '' } as const)
        : ({ kind: 'same', refused: false } as const),
    close: async () => undefined,
  };
  const shrunk: string[] = [];
  for (let index = 0; shrunk.length < 5; index++) {
    const found = fuzzCase(1, 0, index, START, data);
    if (found.tree === null || !isWrong(found.text) || found.text.length < 60) continue;
    const { text, when } = await shrinkCase(arena, found);
    expect(isWrong(text)).toBe(true);
    expect(text.length).toBeLessThan(40);
    expect(text.length).toBeLessThan(found.text.length);
    expect('time' in when).toBe(true);
    shrunk.push(text);
  }
});

test('data shrink to the series and samples that matter', async () => {
  const wanted = data[7];
  const sample = wanted?.samples[20];
  const small = await shrinkData(data, async (some) =>
    some.some(
      ({ labels, samples }) =>
        JSON.stringify(labels) === JSON.stringify(wanted?.labels) &&
        samples.some(({ time }) => time === sample?.time),
    ),
  );
  expect(small).toHaveLength(1);
  expect(small[0]?.labels).toEqual(wanted?.labels);
  expect(small[0]?.samples.length).toBeLessThan(wanted?.samples.length ?? 0);
  expect(small[0]?.samples).toContainEqual(sample);
});

test('the same numbers make the same case, whatever came before', () => {
  expect(fuzzCase(5, 2, 17, START, data)).toEqual(fuzzCase(5, 2, 17, START, data));
  expect(fuzzCase(5, 2, 17, START, data)).not.toEqual(fuzzCase(6, 2, 17, START, data));
});
