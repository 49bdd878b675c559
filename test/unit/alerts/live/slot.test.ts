import { describe, expect, test } from 'vitest';
import { groupSlots } from '../../../../main/engine/alerts/live/slot.ts';
import { xxhash64 } from '../../../../main/engine/alerts/live/xxhash64.ts';

describe('XXH64', () => {
  // The published test vectors of seed 0.
  test.each([
    ['', 0xef46db3751d8e999n],
    ['a', 0xd24ec4f1a98c6e5bn],
    ['abc', 0x44bc2cf5ad770999n],
    ['Nobody inspects the spammish repetition', 0xfbcea83c8a378bf1n],
  ])('%j', (text, hash) => {
    expect(xxhash64(Buffer.from(text))).toBe(hash);
  });
});

test('slots of a group come an interval apart, and later than now', () => {
  const slots = groupSlots('/etc/rules.yml', 'hosts', 15_000);
  const first = slots.after(1_700_000_000_000);
  expect(first).toBeGreaterThan(1_700_000_000_000);
  expect(first).toBeLessThanOrEqual(1_700_000_015_000);
  expect(slots.after(first - 1)).toBe(first);
  expect(slots.after(first)).toBe(first + 15_000);
  expect(groupSlots('/etc/rules.yml', 'other', 15_000).after(first)).not.toBe(first + 15_000);
});
