import { expect, test } from 'vitest';
import { createTurns } from '../../../main/engine/promql/turns.ts';

test('of many queries one computes in each round of the event loop, in order', async () => {
  const rounds: (() => void)[] = [];
  const turns = createTurns((call) => rounds.push(call));
  const computed: string[] = [];
  const query = async (name: string): Promise<void> => {
    for (let turn = 1; turn <= 2; turn++) {
      await turns.next();
      computed.push(name + turn);
    }
  };
  const all = Promise.all(['a', 'b', 'c'].map(query));
  for (let round = 1; round <= 6; round++) {
    expect(rounds).toHaveLength(1);
    rounds.shift()?.();
    await new Promise((resolve) => setTimeout(resolve));
    expect(computed).toHaveLength(round);
  }
  await all;
  expect(computed).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'c2']);
  expect(rounds).toHaveLength(0);
});

test('one query a round may begin at once, when nobody waits', async () => {
  const rounds: (() => void)[] = [];
  const turns = createTurns((call) => rounds.push(call));
  expect(turns.takeNow()).toBe(true);
  expect(turns.takeNow()).toBe(false);
  const waited = turns.next();
  rounds.shift()?.();
  // The round has passed, but somebody waits.
  expect(turns.takeNow()).toBe(false);
  rounds.shift()?.();
  await waited;
  expect(turns.takeNow()).toBe(true);
});
