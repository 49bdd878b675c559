import { expect, test } from 'vitest';
import { daysUntilFull } from '../../../main/engine/site/disk-forecast.ts';

const HOUR = 3_600_000;
const line = (perHour: number, from: number) =>
  Array.from({ length: 13 }, (_, i) => ({ at: i * HOUR, freeBytes: from - perHour * i }));

test('a disk that loses a gigabyte an hour has its days left told', () => {
  const days = daysUntilFull(line(1e9, 100e9));
  expect(days).toBeCloseTo(88 / 24, 5);
});

test('a disk that gains space, or whose history is too short, has no forecast', () => {
  expect(daysUntilFull(line(-1e9, 100e9))).toBeNull();
  expect(
    daysUntilFull([
      { at: 0, freeBytes: 5 },
      { at: 1_000, freeBytes: 4 },
    ]),
  ).toBeNull();
  expect(daysUntilFull([])).toBeNull();
});

test('a disk that would last longer than the machine has no forecast', () => {
  expect(daysUntilFull(line(1, 100e9))).toBeNull();
});
