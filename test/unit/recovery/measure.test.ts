import { describe, expect, test } from 'vitest';
import { breachesFirst, lastRestorable, measure, takeIn } from '../../../main/engine/recovery/measure.ts';
import { stampOf } from '../../../main/engine/recovery/stamp.ts';
import { drill, plan, point } from './facts.ts';

const stamp = stampOf({ plan: 'core', rule: null, drills: [], covered: [], createdAt: 0, now: 0 });
const facts = {
  plan: plan({ rpoMs: 5_000, rtoMs: 3_000 }),
  objective: null,
  points: [point()],
  history: [],
  drills: [],
  restores: [],
  stamp,
  now: 4_000,
};

describe('promise against measurement', () => {
  test('the age of the last verified restorable point is what would be lost', () => {
    const points = [
      point({ id: 'a', startedAt: 1_000 }),
      point({ id: 'b', startedAt: 2_000, verifiedAt: null }),
      point({ id: 'c', startedAt: 3_000, restorable: false }),
      point({ id: 'd', startedAt: 3_500, plan: 'web' }),
    ];
    expect(lastRestorable(points, 'core')?.id).toBe('a');
    expect(measure({ ...facts, points })).toMatchObject({ rpoNowMs: 3_000, rpoState: 'kept' });
    expect(measure({ ...facts, points, now: 7_000 })).toMatchObject({ rpoState: 'breached' });
  });

  test('no point at all is a breach, not "unmeasured"; a point from the future is of now', () => {
    expect(measure({ ...facts, points: [] })).toMatchObject({ rpoNowMs: null, rpoState: 'breached' });
    expect(measure({ ...facts, now: 500 }).rpoNowMs).toBe(0);
  });

  test('RTO: the newest whole recovery counts; a failed drill and a restore of single files do not', () => {
    expect(measure(facts).rtoState).toBe('unmeasured');
    const drills = [
      drill({ id: 'f', state: 'failed', finishedAt: 30_000, durationMs: 1 }),
      drill({ id: 'p', finishedAt: 20_000, durationMs: 2_000 }),
    ];
    const restores = [
      { id: 'r1', plan: 'core', startedAt: 20_000, finishedAt: 24_000, whole: true },
      { id: 'r2', plan: 'core', startedAt: 30_000, finishedAt: 30_001, whole: false },
    ];
    expect(measure({ ...facts, drills })).toMatchObject({ rtoLastMs: 2_000, rtoState: 'kept' });
    expect(measure({ ...facts, drills, restores })).toMatchObject({
      rtoLastMs: 4_000,
      rtoMeasuredBy: 'restore',
      rtoState: 'breached',
    });
  });

  test('a plan without a promise has that of its class', () => {
    const objective = { dataClass: 'core', rpoMs: 1_000, rtoMs: null, owner: '' } as const;
    expect(measure({ ...facts, plan: plan(), objective })).toMatchObject({
      rpoMs: 1_000,
      promisedBy: 'class',
      rpoState: 'breached',
      rtoState: 'unpromised',
    });
    expect(measure({ ...facts, plan: plan() }).promisedBy).toBe('nobody');
  });

  test('an hour keeps its worst, and "none" is worse than any age', () => {
    expect(takeIn(null, 0, 5)).toEqual({ at: 0, worstMs: 5 });
    expect(takeIn({ at: 0, worstMs: 5 }, 0, 3)).toEqual({ at: 0, worstMs: 5 });
    expect(takeIn({ at: 0, worstMs: 5 }, 0, null)).toEqual({ at: 0, worstMs: null });
    expect(takeIn({ at: 0, worstMs: null }, 0, 9)).toEqual({ at: 0, worstMs: null });
  });

  test('breaches come first', () => {
    const kept = measure({ ...facts, plan: plan({ name: 'a', rpoMs: 9e9 }), points: [point({ plan: 'a' })] });
    const broken = measure({ ...facts, plan: plan({ name: 'z', rpoMs: 1 }), points: [] });
    expect(breachesFirst([kept, broken]).map((one) => one.plan)).toEqual(['z', 'a']);
  });
});
