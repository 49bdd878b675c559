import { expect, test } from 'vitest';
import { decideSlot, nextSlot, slotOffset, snapToSlot } from '../../../main/engine/collect/grid.ts';

test('targets spread evenly over their interval and keep their place', () => {
  const offsets = Array.from({ length: 600 }, (_, n) => slotOffset(`target-${n}`, 15_000));
  const perSecond = Array.from(
    { length: 15 },
    (_, second) => offsets.filter((ms) => Math.floor(ms / 1000) === second).length,
  );
  // 40 a second on average; a burst would put hundreds into one.
  expect(Math.min(...perSecond)).toBeGreaterThan(20);
  expect(Math.max(...perSecond)).toBeLessThan(65);
  expect(slotOffset('target-7', 15_000)).toBe(offsets[7]);
});

test('the next slot lies after now, at most one interval away, and on the grid', () => {
  for (const now of [0, 1, 4_999, 5_000, 1_700_000_000_123]) {
    const next = nextSlot(now, 15_000, 5_000);
    expect(next).toBeGreaterThan(now);
    expect(next - now).toBeLessThanOrEqual(15_000);
    expect(next % 15_000).toBe(5_000);
  }
});

test('a start within 2 ms of the slot gets the time of the slot', () => {
  expect(snapToSlot(1_000, 1_000)).toBe(1_000);
  expect(snapToSlot(1_002, 1_000)).toBe(1_000);
  expect(snapToSlot(999, 1_000)).toBe(1_000);
  expect(snapToSlot(1_003, 1_000)).toBe(1_003);
});

test('a late scrape runs, a long missed one is skipped, and so is one beyond the interval', () => {
  expect(decideSlot(1_000, 1_500, 15_000)).toBe('wait');
  expect(decideSlot(1_499, 1_500, 15_000)).toBe('run');
  expect(decideSlot(3_000, 1_500, 15_000)).toBe('run');
  expect(decideSlot(6_501, 1_500, 15_000)).toBe('skip');
  // Of a short interval, half is the most.
  expect(decideSlot(2_100, 1_500, 1_000)).toBe('skip');
  // The clock was set back by an hour.
  expect(decideSlot(0, 3_600_000, 15_000)).toBe('skip');
});
