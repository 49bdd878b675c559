import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inPortions, sortedInTurns, type Work } from '../../../main/engine/platform/portions.ts';

function finished<T>(work: Work<T>): T {
  for (;;) {
    const portion = work.next();
    if (portion.done === true) return portion.value;
  }
}

describe('portions', () => {
  test('sorting in portions is sorting, and stable', () => {
    const items = fc.array(fc.record({ key: fc.integer({ min: 0, max: 50 }), n: fc.nat() }), {
      maxLength: 5_000,
    });
    fc.assert(
      fc.property(items, (given) => {
        const compare = (a: { key: number }, b: { key: number }) => a.key - b.key;
        expect(finished(sortedInTurns(given, compare))).toEqual([...given].sort(compare));
      }),
      { numRuns: 50 },
    );
    const many = Array.from({ length: 10_000 }, (_, i) => String((i * 7919) % 10_007));
    expect(finished(sortedInTurns(many, (a, b) => (a < b ? -1 : 1)))).toEqual([...many].sort());
  });

  test('long work lets others have their turn, and ends when it is not wanted any more', async () => {
    function* endless(): Work<never> {
      for (;;) yield;
    }
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 30);
    expect(await inPortions(endless(), abort.signal)).toBeNull();
  });
});
