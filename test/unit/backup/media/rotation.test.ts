import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planRotation, type RotatingMedium } from '../../../../main/engine/backup/media/rotation.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 22, 10);

const medium = (label: string, more: Partial<RotatingMedium> = {}): RotatingMedium => ({
  id: label,
  label,
  createdAt: NOW - 100 * DAY,
  lastCopiedAt: null,
  isHere: false,
  ...more,
});
const dueOf = (media: readonly RotatingMedium[], cycle = 7) =>
  planRotation(media, cycle, NOW).map(({ label, dueAt }) => [label, (dueAt - NOW) / DAY]);

describe('the rotation calendar', () => {
  it('asks next for the one that was used longest ago, and for one that was never used first', () => {
    expect(
      dueOf([
        medium('A', { lastCopiedAt: NOW - 3 * DAY }),
        medium('B', { lastCopiedAt: NOW - 17 * DAY }),
        medium('C', { lastCopiedAt: NOW - 10 * DAY }),
        medium('D'),
      ]),
    ).toEqual([
      ['D', 4],
      ['B', 11],
      ['C', 18],
      ['A', 25],
    ]);
  });

  it('takes labels in the order of their numbers', () => {
    expect(dueOf([medium('HMTT-10'), medium('HMTT-9')]).map(([label]) => label)).toEqual([
      'HMTT-9',
      'HMTT-10',
    ]);
  });

  it('calls a medium overdue when its day has passed and it is not here', () => {
    const media = (isHere: boolean) => [medium('A', { lastCopiedAt: NOW - 8 * DAY, isHere })];
    expect(planRotation(media(false), 7, NOW)[0]).toMatchObject({ isOverdue: true });
    expect(planRotation(media(true), 7, NOW)[0]).toMatchObject({ isOverdue: false });
    expect(planRotation(media(false), 8, NOW)[0]).toMatchObject({ isOverdue: false });
  });

  it('does not wait for years when a clock was set back', () => {
    expect(dueOf([medium('A', { lastCopiedAt: NOW + 5_000 * DAY })])).toEqual([['A', 7]]);
  });

  it('asks for a pool that was never used from the day of its first label', () => {
    expect(dueOf([medium('A', { createdAt: NOW - DAY }), medium('B', { createdAt: NOW })])).toEqual([
      ['A', -1],
      ['B', 6],
    ]);
    expect(planRotation([], 7, NOW)).toEqual([]);
  });

  it('names every medium once, a cycle apart, with a reason, whatever the history', () => {
    const any = fc.record({
      createdAt: fc.integer({ min: NOW - 1000 * DAY, max: NOW + DAY }),
      lastCopiedAt: fc.option(fc.integer({ min: NOW - 1000 * DAY, max: NOW + 1000 * DAY })),
      isHere: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 12 }), fc.integer({ min: 1, max: 366 }), (list, cycle) => {
        const media = list.map((more, index) => medium(`M${index}`, more));
        const calendar = planRotation(media, cycle, NOW);
        expect(calendar.map(({ label }) => label).sort()).toEqual(media.map(({ label }) => label).sort());
        for (const [index, entry] of calendar.entries()) {
          expect(entry.dueAt - (calendar[0]?.dueAt ?? 0)).toBe(index * cycle * DAY);
          expect(entry.dueAt).toBeLessThanOrEqual(NOW + list.length * cycle * DAY);
          expect(entry.reason.zh.length * entry.reason.en.length).toBeGreaterThan(0);
        }
      }),
    );
  });
});
