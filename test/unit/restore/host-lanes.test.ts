import { expect, test } from 'vitest';
import { byDepth, inLanes } from '../../../main/engine/restore/host/lanes.ts';

/** Requests to a host side by side: how many, how heavy, in which order, and what a failure ends. */

/** Work that ends when it is told to. */
function heldWork() {
  const begun: number[] = [];
  const ends = new Map<number, { readonly end: () => void; readonly fail: (why: Error) => void }>();
  return {
    begun,
    work: (n: number): Promise<void> => {
      begun.push(n);
      return new Promise((end, fail) => ends.set(n, { end, fail }));
    },
    end: (n: number) => ends.get(n)?.end(),
    fail: (n: number, why: Error) => ends.get(n)?.fail(why),
  };
}

/** Lets everything happen that waits for nothing more. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('so many items are under way at once, begun in their order, and the next when one has ended', async () => {
  const { begun, work, end } = heldWork();
  const all = inLanes([1, 2, 3, 4], work, { lanes: 2 });
  await settle();
  expect(begun).toEqual([1, 2]);
  end(2);
  await settle();
  expect(begun).toEqual([1, 2, 3]);
  for (const n of [1, 3]) end(n);
  await settle();
  end(4);
  await all;
  expect(begun).toEqual([1, 2, 3, 4]);
});

test('what is under way weighs no more than it may; what is heavier goes alone', async () => {
  const { begun, work, end } = heldWork();
  const all = inLanes([3, 4, 20, 1], work, { weigh: (n) => n, most: 8 });
  await settle();
  expect(begun).toEqual([3, 4]);
  end(3);
  await settle();
  expect(begun).toEqual([3, 4]);
  end(4);
  await settle();
  expect(begun).toEqual([3, 4, 20]);
  end(20);
  await settle();
  expect(begun).toEqual([3, 4, 20, 1]);
  end(1);
  await all;
});

test('after a failure nothing more is begun, and it is told when what was begun has ended', async () => {
  const { begun, work, end, fail } = heldWork();
  let told: unknown = null;
  const all = inLanes([1, 2, 3], work, { lanes: 2 }).catch((thrown: unknown) => {
    told = thrown;
  });
  await settle();
  fail(1, new Error('refused'));
  await settle();
  expect(told).toBeNull();
  end(2);
  await all;
  expect(told).toEqual(new Error('refused'));
  expect(begun).toEqual([1, 2]);
});

test('folders come in groups, one that lies deeper in a later one', () => {
  const at = (target: string): { readonly target: string } => ({ target });
  expect(byDepth([at('/a/b'), at('/a'), at('/c'), at('/a/b/d'), at('/c/e')])).toEqual([
    [at('/a'), at('/c')],
    [at('/a/b'), at('/c/e')],
    [at('/a/b/d')],
  ]);
});
