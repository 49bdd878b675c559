import { expect, test } from 'vitest';
import { problemState } from '../../../renderer/components/problem-state.ts';

test('nothing is called normal before it was looked at; what is known to be wrong is wrong all the same', () => {
  const none = { critical: 0, warning: 0 };
  expect(problemState(null)).toBe('unknown');
  expect(problemState({ problems: none, checkedAt: null })).toBe('unknown');
  expect(problemState({ problems: none, checkedAt: 1 })).toBe('ok');
  expect(problemState({ problems: { critical: 0, warning: 2 }, checkedAt: null })).toBe('warning');
  expect(problemState({ problems: { critical: 1, warning: 2 }, checkedAt: null })).toBe('critical');
});
