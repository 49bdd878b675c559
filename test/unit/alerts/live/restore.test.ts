import { describe, expect, test } from 'vitest';
import { restoredActiveAt } from '../../../../main/engine/alerts/live/restore.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** The console is back at this time. */
const AT = 1_700_000_000_000;

describe('since when an alert is active after a restart', () => {
  const seen = (downMs: number, activeMs: number) => ({ time: AT - downMs, value: (AT - activeMs) / 1000 });

  test('one that was firing is firing again', () => {
    expect(restoredActiveAt(AT, 20 * MINUTE, seen(5 * MINUTE, 40 * MINUTE), AT)).toBe(AT - 40 * MINUTE);
  });
  test('one that was pending does not count the time without watching', () => {
    // 10 of 30 minutes were over when the console stopped for 15 minutes.
    const activeAt = restoredActiveAt(AT, 30 * MINUTE, seen(15 * MINUTE, 25 * MINUTE), AT);
    expect(activeAt + 30 * MINUTE - AT).toBe(20 * MINUTE);
  });
  test('little that is left becomes the grace period', () => {
    const activeAt = restoredActiveAt(AT, 30 * MINUTE, seen(MINUTE, 30 * MINUTE), AT);
    expect(activeAt + 30 * MINUTE - AT).toBe(10 * MINUTE);
  });
  test('one that was not known begins anew', () => {
    expect(restoredActiveAt(AT - 15_000, HOUR, null, AT)).toBe(AT - 15_000);
  });
});
