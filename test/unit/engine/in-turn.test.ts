import { expect, test } from 'vitest';
import { inTurns } from '../../../main/engine/platform/in-turn.ts';

test('one piece of work at a time, in their order, and a failure stops nothing but itself', async () => {
  const inTurn = inTurns();
  const seen: string[] = [];
  const piece = (name: string, fails = false) =>
    inTurn(async () => {
      seen.push(`${name} begins`);
      await Promise.resolve();
      seen.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    });
  const all = await Promise.allSettled([piece('a'), piece('b', true), piece('c')]);
  expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});

test('queues do not wait for each other', async () => {
  const stuck = inTurns();
  void stuck(() => new Promise(() => undefined));
  expect(await inTurns()(async () => 1)).toBe(1);
});
