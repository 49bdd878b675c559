import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planRolling, type RollingArchive } from '../../../main/engine/backup/rolling/plan-rolling.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1);

const archives = fc
  .array(
    fc.record({
      bytes: fc.integer({ min: 1, max: 10_000 }),
      ageDays: fc.oneof(fc.constant(null), fc.integer({ min: 0, max: 100 })),
    }),
    { minLength: 1, maxLength: 40 },
  )
  .map((some) =>
    some.map(
      ({ bytes, ageDays }, index): RollingArchive => ({
        id: `a${index}`,
        bytes,
        verifiedAt: ageDays === null ? null : START - ageDays * DAY,
        canBeRead: true,
      }),
    ),
  );

/** Verifies as planned, looking some times a day. @returns archives, and the most bytes of a day */
function live(some: readonly RollingArchive[], coverDays: number, days: number) {
  const now = new Map(some.map((archive) => [archive.id, archive]));
  let most = 0;
  for (let day = 0; day < days; day += 1) {
    let done = 0;
    for (let look = 0; look < 60; look += 1) {
      const at = START + day * DAY + look * 60_000;
      const { next } = planRolling([...now.values()], coverDays, at, done);
      if (next === null) break;
      const archive = now.get(next);
      if (archive === undefined) throw new Error(next);
      now.set(next, { ...archive, verifiedAt: at });
      done += archive.bytes;
    }
    most = Math.max(most, done);
  }
  return { archives: [...now.values()], most };
}

describe('rolling verification', () => {
  it('reads every byte within the cover time, from any beginning, and keeps doing so', () => {
    fc.assert(
      fc.property(
        archives,
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 0, max: 90 }),
        (some, cover, more) => {
          const days = cover + 1 + more;
          const { archives: after } = live(some, cover, days);
          const end = START + days * DAY;
          for (const { verifiedAt } of after) {
            expect(verifiedAt).not.toBeNull();
            // One day of grace: a day's share is read at some time of that day.
            expect(end - (verifiedAt ?? 0)).toBeLessThanOrEqual((cover + 2) * DAY);
          }
          expect(planRolling(after, cover, end, 0).overdue).toEqual([]);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('never reads more in a day than twice its share and one archive', () => {
    fc.assert(
      fc.property(archives, fc.integer({ min: 1, max: 60 }), (some, cover) => {
        const total = some.reduce((sum, { bytes }) => sum + bytes, 0);
        const largest = Math.max(...some.map(({ bytes }) => bytes));
        expect(live(some, cover, 30).most).toBeLessThanOrEqual(2 * Math.ceil(total / cover) + largest);
      }),
      { numRuns: 200 },
    );
  });

  it('takes the one that waits longest, never what cannot be read, and distrusts times to come', () => {
    const archive = (id: string, ageDays: number | null, canBeRead = true): RollingArchive => ({
      id,
      bytes: 10,
      verifiedAt: ageDays === null ? null : START - ageDays * DAY,
      canBeRead,
    });
    const next = (...some: RollingArchive[]) => planRolling(some, 30, START, 0).next;
    expect(next(archive('a', 3), archive('b', 9), archive('c', 5))).toBe('b');
    expect(next(archive('a', 3), archive('b', null), archive('c', 99))).toBe('b');
    expect(next(archive('a', 3), archive('b', 9, false))).toBe('a');
    expect(next(archive('a', 3), archive('b', -5))).toBe('b');
    expect(next(archive('a', 0))).toBeNull();
    expect(planRolling([archive('a', 3)], 30, START, 1_000).next).toBeNull();
  });
});
