import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatBytes } from '../../../shared/units/bytes.ts';
import { formatDuration, parseDuration } from '../../../shared/units/duration.ts';
import { parseTime } from '../../../shared/units/time.ts';

test('durations are read as Prometheus reads them', () => {
  expect(parseDuration('15s')).toBe(15_000);
  expect(parseDuration('1h30m')).toBe(5_400_000);
  expect(parseDuration('2w')).toBe(14 * 86_400_000);
  expect(parseDuration('0')).toBe(0);
  for (const wrong of ['', '15', '1m1h', '1.5h', '-1s', '1s1s', 's', '1 s'])
    expect(parseDuration(wrong), wrong).toBeNull();
});

test('what is formatted is read back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10 ** 12 }), (ms) => {
      expect(parseDuration(formatDuration(ms))).toBe(ms);
    }),
  );
});

test('times may be RFC 3339, unix seconds, or relative to now', () => {
  const now = Date.UTC(2026, 10, 22, 12);
  expect(parseTime('2026-11-22T10:00:00Z', now)).toBe(now - 2 * 3_600_000);
  expect(parseTime('2026-11-22T18:00:00+08:00', now)).toBe(now - 2 * 3_600_000);
  expect(parseTime('1700000000.5', now)).toBe(1_700_000_000_500);
  expect(parseTime('now-2h', now)).toBe(now - 7_200_000);
  expect(parseTime('now', now)).toBe(now);
  for (const wrong of ['', 'yesterday', 'now-', '2026-13-40', '12:00', 'now-5'])
    expect(parseTime(wrong, now), wrong).toBeNull();
});

test('bytes carry binary units', () => {
  expect(formatBytes(0)).toBe('0 B');
  expect(formatBytes(1536)).toBe('1.50 KiB');
  expect(formatBytes(200 * 1024 * 1024)).toBe('200 MiB');
});
