import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunWindow } from '#shared/contract/backup-schedule.ts';
import { throttleOf } from '../../../../main/engine/backup/limits/throttle.ts';
import { TokenBucket } from '../../../../main/engine/backup/limits/token-bucket.ts';
import { windowState } from '../../../../main/engine/backup/limits/windows.ts';

const at = (text: string): number => new Date(text).getTime();
const nights: RunWindow = { days: [1, 2, 3, 4, 5], from: '22:00', to: '05:00' };

describe('a bucket', () => {
  it('lets the burst through and makes who takes more wait', () => {
    const bucket = new TokenBucket(1000, 0);
    expect(bucket.take(500, 0)).toBe(0);
    expect(bucket.take(1000, 0)).toBe(1000);
    expect(bucket.take(0, 1000)).toBe(0);
    // A long rest earns no more than the burst.
    expect(bucket.take(1000, 60_000)).toBe(500);
  });

  it('gives nothing for a clock that stands or goes back', () => {
    const bucket = new TokenBucket(1000, 1000);
    bucket.take(500, 1000);
    expect(bucket.take(100, 500)).toBe(100);
    expect(bucket.take(0, 1100)).toBe(0);
  });
});

describe('a throttle', () => {
  it('keeps the mean rate whatever the size of the pieces', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 100_000, max: 50_000_000 }),
        fc.array(fc.integer({ min: 0, max: 4_000_000 }), { minLength: 1, maxLength: 30 }),
        async (rate, pieces) => {
          let now = 0;
          let longest = 0;
          const throttle = throttleOf(rate, {
            monotonic: () => now,
            sleep: async (ms) => {
              longest = Math.max(longest, ms);
              now += ms;
            },
          });
          for (const piece of pieces) await throttle(piece);
          const total = pieces.reduce((sum, piece) => sum + piece, 0);
          // The burst is half a second; a wait of less than 10 ms is owed.
          const least = total / rate - 0.5 - 0.01;
          expect(now / 1000).toBeGreaterThanOrEqual(least - 1e-6);
          // Waits are whole milliseconds.
          expect(now / 1000).toBeLessThanOrEqual(Math.max(0, total / rate - 0.5) + 0.002);
          expect(longest).toBeLessThanOrEqual(200);
        },
      ),
    );
  });

  it('hears a cancel while it waits', async () => {
    let now = 0;
    const throttle = throttleOf(1024, {
      monotonic: () => now,
      sleep: async (ms) => {
        now += ms;
      },
      between: async () => {
        if (now > 1000) throw new Error('cancelled');
      },
    });
    await expect(throttle(100_000_000)).rejects.toThrow('cancelled');
    expect(now).toBeLessThan(1500);
  });

  it('does nothing without a limit', async () => {
    const throttle = throttleOf(null, {
      monotonic: () => 0,
      sleep: () => Promise.reject(new Error('slept')),
    });
    await throttle(1e12);
  });
});

describe('windows', () => {
  it('are always open when there are none', () => {
    expect(windowState([], 0)).toEqual({ isOpen: true, changesAt: null });
  });

  it.each([
    // 2026-11-20 is a Friday.
    ['2026-11-20T21:59:59', false, '2026-11-20T22:00:00'],
    ['2026-11-20T22:00:00', true, '2026-11-21T05:00:00'],
    ['2026-11-21T04:59:59', true, '2026-11-21T05:00:00'],
    ['2026-11-21T05:00:00', false, '2026-11-23T22:00:00'],
    ['2026-11-22T23:00:00', false, '2026-11-23T22:00:00'],
  ])('reach over midnight: %s', (now, isOpen, changesAt) => {
    expect(windowState([nights], at(now))).toEqual({ isOpen, changesAt: at(changesAt) });
  });

  it('are joined where they touch, and say null when they are never closed', () => {
    const halves: RunWindow[] = [
      { days: [0, 1, 2, 3, 4, 5, 6], from: '00:00', to: '12:00' },
      { days: [0, 1, 2, 3, 4, 5, 6], from: '12:00', to: '24:00' },
    ];
    expect(windowState(halves, at('2026-11-20T11:59:00'))).toEqual({ isOpen: true, changesAt: null });
    expect(windowState([{ days: [5], from: '08:00', to: '08:00' }], at('2026-11-20T09:00:00'))).toEqual({
      isOpen: true,
      changesAt: at('2026-11-21T08:00:00'),
    });
  });

  it('agree with a look at every minute of a week', () => {
    const time = fc
      .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom(0, 15, 30, 59))
      .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);
    const window = fc.record({
      days: fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 7 }),
      from: time,
      to: time,
    });
    fc.assert(
      fc.property(fc.array(window, { minLength: 1, maxLength: 3 }), (windows) => {
        const start = at('2026-11-16T00:00:00');
        const minute = 60_000;
        const isOpen = (now: number): boolean => windowState(windows, now).isOpen;
        for (let now = start; now < start + 7 * 86_400_000; now += 97 * minute) {
          const date = new Date(now);
          const clock = date.toTimeString().slice(0, 5);
          const yesterday = (date.getDay() + 6) % 7;
          const expected = windows.some(({ days, from, to }) =>
            to > from
              ? days.includes(date.getDay()) && clock >= from && clock < to
              : (days.includes(date.getDay()) && clock >= from) || (days.includes(yesterday) && clock < to),
          );
          expect([date.toString(), isOpen(now)]).toEqual([date.toString(), expected]);
          const { changesAt } = windowState(windows, now);
          if (changesAt !== null) {
            expect(isOpen(changesAt)).toBe(!expected);
            expect(isOpen(changesAt - minute)).toBe(expected);
          }
        }
      }),
      { numRuns: 40 },
    );
  });
});
