import { expect, test } from 'vitest';
import { earlierBy } from '#shared/domain/host-clock.ts';
import { ok } from '#shared/errors/index.ts';
import { clockHistories } from '../../../main/engine/clock-history.ts';

const SECOND = 1_000;
const never = new AbortController().signal;

test('a time is moved by the offset that was measured around it', () => {
  const points = [0, 60, 120].map((at) => ({ at: at * SECOND, offsetMs: 90 * SECOND }));
  expect(earlierBy(points, 150 * SECOND)).toBe(60 * SECOND);
  expect(earlierBy(points, 90 * SECOND)).toBe(0);
});

test('a clock that drifts is corrected between its measurements', () => {
  // It gains two seconds a second.
  const points = [0, 30, 60].map((at) => ({ at: at * SECOND, offsetMs: at * 2 * SECOND }));
  expect(earlierBy(points, 45 * SECOND)).toBe(15 * SECOND);
  expect(earlierBy(points, 135 * SECOND)).toBe(45 * SECOND);
});

test('a clock that was set, and measurements that are far away, move nothing in between', () => {
  const points = [
    { at: 0, offsetMs: 3_600 * SECOND },
    { at: 60 * SECOND, offsetMs: 0 },
  ];
  expect(earlierBy(points, 70 * SECOND)).toBe(70 * SECOND);
  expect(earlierBy(points, 3_600 * SECOND)).toBe(0);
  expect(earlierBy(points.slice(1), 4 * 3_600 * SECOND)).toBe(4 * 3_600 * SECOND);
});

test('only what is certain counts; a host without offsets, and a store that fails, change nothing', async () => {
  const asked: string[] = [];
  const source = (values: Record<string, number>, error: number) => ({
    columns: async (expr: string, { start }: { readonly start: number }) => {
      asked.push(expr);
      const times = [start, start + 60 * SECOND];
      const series = Object.entries(values).map(([host, value]) => ({
        labels: { host },
        values: times.map(() => (expr.includes('error') ? error : value)),
      }));
      return ok({ times, series, seriesOmitted: 0 });
    },
  });
  const span = { start: 0, end: 60 * SECOND };
  const sure = await clockHistories(source({ a: 90, b: 0.4 }, 0.1), span, 120 * SECOND, ['a', 'b'], never);
  expect([...sure.keys()]).toEqual(['a']);
  expect(asked[0]).toBe('max by (host) (hmtt_host_clock_offset_seconds{host=~"a|b"})');
  expect((await clockHistories(source({ a: 90 }, 89.5), span, 120 * SECOND, null, never)).size).toBe(0);
});
