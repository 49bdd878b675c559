import { expect, test } from 'vitest';
import { fuzz } from '../conformance/promql/fuzz.ts';

/** Always the same questions, so that a failure is one of the change at hand; `npm run fuzz:promql` asks new ones. */
test('500 random questions are answered as Prometheus 2.42 answers them', async () => {
  const report = await fuzz({ seed: 20_261_122, comparisons: 500 });
  expect(report.differences).toEqual([]);
  expect(report.comparisons).toBe(500);
  // Both kinds of questions, and mostly such as have an answer.
  expect(report.instants).toBeGreaterThan(100);
  expect(report.comparisons - report.instants).toBeGreaterThan(100);
  expect(report.refused).toBeLessThan(200);
});

test('the same seed asks the same', async () => {
  // What Prometheus answers in the order of a map may differ, so only the questions are compared.
  const counts = async (): Promise<readonly number[]> => {
    const { comparisons, refused, instants } = await fuzz({ seed: 7, comparisons: 40 });
    return [comparisons, refused, instants];
  };
  expect(await counts()).toEqual(await counts());
});
