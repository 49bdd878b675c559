import { expect, test } from 'vitest';
import { graceMs, isPastPromise } from '#shared/domain/past-promise.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const MADE = Date.UTC(2026, 10, 22, 1);

/** When, after the newest verified point was made, its plan is first called late; minutes. */
function lateAfter(rpoMs: number, dueAfterMs: number | null): number {
  const promised = { rpoMs, lastVerified: MADE, dueAt: dueAfterMs === null ? null : MADE + dueAfterMs };
  for (let minutes = 0; minutes < 10_000; minutes += 1)
    if (isPastPromise(promised, MADE + minutes * MINUTE + 1)) return minutes;
  throw new Error('never');
}

test('the run that is due has its time: an hour, of a short promise a quarter', () => {
  expect(lateAfter(24 * HOUR, 24 * HOUR)).toBe(25 * 60);
  expect(lateAfter(2 * HOUR, 2 * HOUR)).toBe(150);
  expect(lateAfter(HOUR, HOUR)).toBe(75);
  expect(lateAfter(16 * MINUTE, 16 * MINUTE)).toBe(20);
  expect([graceMs(24 * HOUR), graceMs(4 * HOUR), graceMs(HOUR)]).toEqual([HOUR, HOUR, 15 * MINUTE]);
});

test('a run that was due long ago, or comes too late for the promise, excuses nothing', () => {
  expect(lateAfter(24 * HOUR, 12 * HOUR)).toBe(24 * 60);
  expect(lateAfter(24 * HOUR, 7 * 24 * HOUR)).toBe(24 * 60);
  expect(lateAfter(24 * HOUR, null)).toBe(24 * 60);
  // An hourly schedule cannot keep a promise of a quarter of an hour.
  expect(lateAfter(15 * MINUTE, HOUR)).toBe(15);
  expect(lateAfter(HOUR, 2 * HOUR)).toBe(60);
});

test('the day on which the clocks go back has an hour more', () => {
  expect(lateAfter(24 * HOUR, 25 * HOUR)).toBe(26 * 60);
});
