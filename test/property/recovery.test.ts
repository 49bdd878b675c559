import fc from 'fast-check';
import { expect, test } from 'vitest';
import { driftBetween } from '../../main/engine/recovery/fingerprint.ts';
import { scoreOf } from '../../main/engine/recovery/score.ts';
import { dueDrills, nextDrill } from '../../main/engine/recovery/stamp.ts';

/** What holds of recovery's decisions whatever the facts are. */

const part = fc.record({
  what: fc.constantFrom('plan', 'runbook', 'environment', 'version' as const),
  key: fc.string({ maxLength: 3 }),
  name: fc.string({ maxLength: 3 }),
  hash: fc.constantFrom('a', 'b', 'c'),
});
const parts = fc.uniqueArray(part, { selector: ({ what, key }) => `${what} ${key}`, maxLength: 12 });

test('a stamp drifts exactly when something differs, and every difference is named once', () => {
  fc.assert(
    fc.property(parts, parts, (then, now) => {
      const key = (one: { what: string; key: string }): string => `${one.what} ${one.key}`;
      const before = new Map(then.map((one) => [key(one), one.hash]));
      const after = new Map(now.map((one) => [key(one), one.hash]));
      const differing = [...new Set([...before.keys(), ...after.keys()])].filter(
        (one) => before.get(one) !== after.get(one),
      );
      expect(driftBetween(then, now).map(key).toSorted()).toEqual(differing.toSorted());
      expect(driftBetween(now, then)).toHaveLength(differing.length);
      expect(driftBetween(then, then)).toEqual([]);
    }),
  );
});

const copy = fc.record({
  place: fc.constantFrom('p1', 'p2', 'p3'),
  media: fc.constantFrom('disk', 'removable', 'network' as const),
  name: fc.constant('n'),
  intact: fc.boolean(),
  besideOriginal: fc.boolean(),
  location: fc.constantFrom('', 'vault'),
  offline: fc.boolean(),
  immutable: fc.boolean(),
});
const scored = fc.record({
  plan: fc.constantFrom('a', 'b'),
  copies: fc.array(copy, { maxLength: 5 }),
  isVerified: fc.boolean(),
  damaged: fc.nat({ max: 3 }),
});

test('another intact copy never lowers a score, another plan never raises one, and what lacks says what to do', () => {
  fc.assert(
    fc.property(fc.array(scored, { minLength: 1, maxLength: 3 }), scored, copy, (plans, more, extra) => {
      const score = scoreOf('core', plans);
      expect(score.reached).toBe(score.digits.filter((digit) => digit.reached).length);
      for (const digit of score.digits) expect(digit.next === null).toBe(digit.reached);
      const better = plans.map((one) => ({ ...one, copies: [...one.copies, { ...extra, intact: true }] }));
      expect(scoreOf('core', better).reached).toBeGreaterThanOrEqual(score.reached);
      expect(scoreOf('core', [...plans, more]).reached).toBeLessThanOrEqual(score.reached);
    }),
  );
});

test('a drill is due exactly when its next time after the last one has come', () => {
  const at = fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 });
  fc.assert(
    fc.property(at, at, (since, now) => {
      const due = dueDrills([{ plan: 'core', schedule: '15 4 * * 1', since }], now).length === 1;
      const next = nextDrill('15 4 * * 1', Math.min(since, now));
      expect(due).toBe(next.ok && next.value !== null && next.value <= now);
      if (since >= now) expect(due).toBe(false);
    }),
    { numRuns: 60 },
  );
});
