import { expect, test } from 'vitest';
import { heldList } from '../../../renderer/pages/alerts/firing/held-list.ts';

type Item = { readonly id: string; readonly state: string };
const item = (id: string, state = 'firing'): Item => ({ id, state });
const held = (shown: readonly Item[], fresh: readonly Item[]) => heldList(shown, fresh, ({ id }) => id);

test('what is new waits, what is over stays, what changed changes in place', () => {
  const { items, ended, waiting } = held(
    [item('a'), item('b'), item('c')],
    [item('new'), item('c', 'acked'), item('a')],
  );
  expect(items).toEqual([item('a'), item('b'), item('c', 'acked')]);
  expect([...ended]).toEqual(['b']);
  expect(waiting).toBe(1);
});

test('an unchanged list is as it was', () => {
  const list = [item('a'), item('b')];
  expect(held(list, list)).toEqual({ items: list, ended: new Set(), waiting: 0 });
});
