import { describe, expect, test } from 'vitest';
import { scoreOf } from '../../../main/engine/recovery/score.ts';
import { copy } from './facts.ts';

const scored = { plan: 'core', copies: [copy()], isVerified: true, damaged: 0 };
const medium = copy({
  place: 'm1',
  media: 'removable',
  name: 'HMTT-07',
  offline: true,
  location: '归档室',
});

function digits(change: Partial<typeof scored>) {
  const { digits } = scoreOf('core', [{ ...scored, ...change }]);
  return Object.fromEntries(digits.map(({ name, have, reached }) => [name, [have, reached]]));
}

describe('3-2-1-1-0', () => {
  test('one backup on another disk: two copies, one kind, nothing away', () => {
    expect(digits({})).toEqual({
      copies: [2, false],
      media: [1, false],
      offsite: [0, false],
      offline: [0, false],
      errors: [0, true],
    });
  });

  test('a second copy on an absent medium that lies elsewhere reaches all five', () => {
    const score = scoreOf('core', [{ ...scored, copies: [copy(), medium] }]);
    expect(score.reached).toBe(5);
    expect(score.digits.every(({ next }) => next === null)).toBe(true);
    expect(JSON.stringify(score.digits)).toContain('归档室');
  });

  test('a medium of which nobody knows where it lies is not off-site, one that is connected not offline', () => {
    expect(digits({ copies: [copy(), { ...medium, location: '' }] }).offsite).toEqual([0, false]);
    expect(digits({ copies: [copy(), { ...medium, offline: false }] }).offline).toEqual([0, false]);
    expect(digits({ copies: [copy(), { ...medium, offline: false, immutable: true }] }).offline).toEqual([
      1,
      true,
    ]);
  });

  test('two copies in one place, or on the disk of the original, are not two', () => {
    expect(digits({ copies: [copy(), copy({ name: '/backup2' })] }).copies).toEqual([2, false]);
    expect(digits({ copies: [copy({ besideOriginal: true })] }).copies).toEqual([1, false]);
  });

  test('what is damaged or was never read back is an error', () => {
    expect(digits({ damaged: 2 }).errors).toEqual([2, false]);
    expect(digits({ isVerified: false }).errors).toEqual([1, false]);
    const broken = digits({ copies: [copy(), { ...medium, intact: false }] });
    expect(broken.copies).toEqual([2, false]);
    expect(broken.errors).toEqual([1, false]);
  });

  test('a class is as good as its worst plan; without a plan nothing is reached', () => {
    const good = { ...scored, copies: [copy(), medium] };
    const score = scoreOf('core', [good, { ...scored, plan: 'web', copies: [] }]);
    expect(score.reached).toBe(1);
    expect(score.digits[0]?.reasons[0]?.en).toMatch(/^web:/);
    expect(scoreOf('logs', []).reached).toBe(0);
  });
});
