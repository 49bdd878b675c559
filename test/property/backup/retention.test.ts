import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RetentionPolicy, retentionPolicySchema } from '#shared/contract/backup-retention.ts';
import {
  CLOCK_TOLERANCE_MS,
  decideRetention,
  type RetainedPoint,
  type RetentionFacts,
} from '../../../main/engine/backup/retention/policy.ts';
import { hasRule } from '../../../main/engine/backup/retention/rules.ts';

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 10, 22, 3);

/** A run as the generator draws it: how long after the one before, what it made, and what became of it. */
const drawn = fc.record({
  afterHours: fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 3000 })),
  type: fc.constantFrom('full', 'incremental', 'differential'),
  state: fc.constantFrom('complete', 'complete', 'complete', 'complete', 'broken', 'missing'),
  verified: fc.constantFrom(true, true, true, true, false),
  isPartial: fc.constantFrom(false, false, false, false, false, true),
  /** Most clocks are right. */
  forgedBy: fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 0, 0, -40_000),
} as const);

/** Points as runs make them, chained by their types, the last shortly before now. */
const points: fc.Arbitrary<readonly RetainedPoint[]> = fc.array(drawn, { maxLength: 60 }).map((runs) => {
  let total = 0;
  for (const run of runs) total += run.afterHours;
  let at = NOW - (total + 1) * HOUR;
  let full: string | null = null;
  let last: string | null = null;
  return runs.map((run, index): RetainedPoint => {
    at += run.afterHours * HOUR;
    const type = full === null ? 'full' : run.type;
    const id = `p${index}`;
    const parentId = type === 'full' ? null : type === 'differential' ? full : last;
    if (type === 'full') full = id;
    last = id;
    const { state, verified, isPartial } = run;
    return {
      id,
      seq: index + 1,
      parentId,
      type,
      takenAt: at + run.forgedBy * HOUR,
      state,
      verified,
      isPartial,
    };
  });
});

const smallCount = fc.constantFrom(0, 0, 1, 2, 5);
const policies: fc.Arbitrary<RetentionPolicy> = fc
  .record({
    keepLast: smallCount,
    keepHourly: smallCount,
    keepDaily: smallCount,
    keepWeekly: smallCount,
    keepMonthly: smallCount,
    keepYearly: smallCount,
    keepWithinMs: fc.constantFrom(null, null, HOUR, 100 * HOUR),
    minAgeMs: fc.constantFrom(null, null, 5 * HOUR, 500 * HOUR),
    timeZone: fc.constantFrom('UTC', 'Asia/Shanghai', 'Europe/Berlin', 'America/St_Johns'),
  })
  .map((policy) => retentionPolicySchema.parse(policy));

const calm = { timeZone: 'UTC', now: NOW, latestNow: NOW, acceptedSeq: 0, distrusted: new Set<string>() };
const facts: fc.Arbitrary<RetentionFacts> = fc
  .record({
    points,
    policy: policies,
    held: fc.array(fc.integer({ min: 0, max: 59 }), { maxLength: 3 }),
  })
  .map(({ points: some, policy, held }) => ({
    ...calm,
    points: some,
    policy,
    alarms: [],
    guards: held.flatMap((index) => {
      const point = some[index];
      return point === undefined ? [] : [{ pointId: point.id, reason: { zh: '锁定', en: 'held' } }];
    }),
  }));

/** Ids that stay. */
const kept = (some: RetentionFacts): ReadonlySet<string> =>
  new Set(
    decideRetention(some)
      .points.filter(({ keep }) => keep)
      .map(({ pointId }) => pointId),
  );

/** A point and all it builds on; null when a link is unknown. */
function chain(point: RetainedPoint, byId: ReadonlyMap<string, RetainedPoint>): RetainedPoint[] {
  const parent = point.parentId === null ? undefined : byId.get(point.parentId);
  return parent === undefined ? [point] : [point, ...chain(parent, byId)];
}

const isSound = (point: RetainedPoint, byId: ReadonlyMap<string, RetainedPoint>): boolean =>
  chain(point, byId).every((link) => link.state === 'complete' && link.verified) &&
  chain(point, byId).at(-1)?.type === 'full' &&
  !point.isPartial;

describe('retention, whatever points and policy', () => {
  it('decides every point once, in order, with a reason in both languages', () => {
    fc.assert(
      fc.property(facts, (some) => {
        const { points: decided } = decideRetention(some);
        expect(decided.map(({ pointId }) => pointId)).toEqual(some.points.map(({ id }) => id));
        for (const { reasons } of decided) {
          expect(reasons.length).toBeGreaterThan(0);
          for (const reason of reasons) expect(reason.zh).not.toBe(reason.en);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('never removes what a kept point needs, what is held, unverified, not at hand, or too young', () => {
    fc.assert(
      fc.property(facts, (some) => {
        const stays = kept(some);
        const byId = new Map(some.points.map((point) => [point.id, point]));
        for (const point of some.points) {
          if (stays.has(point.id)) for (const link of chain(point, byId)) expect(stays).toContain(link.id);
          if (point.state === 'missing' || (point.state === 'complete' && !point.verified))
            expect(stays).toContain(point.id);
          if (some.policy?.minAgeMs != null && NOW - point.takenAt < some.policy.minAgeMs)
            expect(stays).toContain(point.id);
        }
        for (const { pointId } of some.guards) expect(stays).toContain(pointId);
      }),
      { numRuns: 500 },
    );
  });

  it('never removes the newest point or the newest verified restorable one, nor anything where there is none', () => {
    fc.assert(
      fc.property(facts, (some) => {
        const stays = kept(some);
        const byId = new Map(some.points.map((point) => [point.id, point]));
        const sound = some.points.filter((point) => isSound(point, byId));
        if (sound.length === 0) expect(stays.size).toBe(some.points.length);
        const lastSound = sound.at(-1);
        if (lastSound !== undefined) expect(stays).toContain(lastSound.id);
        const newest = some.points.at(-1);
        if (newest !== undefined) expect(stays).toContain(newest.id);
      }),
      { numRuns: 500 },
    );
  });

  it('never lets a damaged, unverified or forged point push a sound one out', () => {
    fc.assert(
      fc.property(facts, (some) => {
        const byId = new Map(some.points.map((point) => [point.id, point]));
        const sound = some.points.filter((point) => isSound(point, byId));
        const needed = new Set(sound.flatMap((point) => chain(point, byId).map(({ id }) => id)));
        const alone = some.points.filter(({ id }) => needed.has(id));
        const among = kept(some);
        for (const { pointId, keep, reasons } of decideRetention({ ...some, points: alone, guards: [] })
          .points)
          if (
            keep &&
            reasons.some(({ en }) => !en.endsWith('needs it')) &&
            sound.some(({ id }) => id === pointId)
          )
            expect(among).toContain(pointId);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps more, never less, when a rule is raised', () => {
    fc.assert(
      fc.property(facts, fc.constantFrom('keepLast', 'keepDaily', 'keepYearly'), (some, rule) => {
        fc.pre(some.policy !== null && hasRule(some.policy));
        const policy = some.policy as RetentionPolicy;
        const more = kept({ ...some, policy: { ...policy, [rule]: policy[rule] + 1 } });
        for (const id of kept(some)) expect(more).toContain(id);
      }),
      { numRuns: 300 },
    );
  });

  it('does not depend on the order in which points are told', () => {
    fc.assert(
      fc.property(facts, fc.infiniteStream(fc.nat()), (some, noise) => {
        const shuffled = some.points
          .map((point) => ({ point, at: noise.next().value ?? 0 }))
          .sort((a, b) => a.at - b.at)
          .map(({ point }) => point);
        expect([...kept({ ...some, points: shuffled })].sort()).toEqual([...kept(some)].sort());
      }),
      { numRuns: 200 },
    );
  });

  it('removes the same again when nothing changed but what it removed', () => {
    fc.assert(
      fc.property(facts, (some) => {
        // A point in doubt is in doubt as long as the point that it contradicts is there.
        fc.pre(some.points.every(({ takenAt }, index) => takenAt >= (some.points[index - 1]?.takenAt ?? 0)));
        const stays = kept(some);
        const left = some.points.filter(({ id }) => stays.has(id));
        expect(kept({ ...some, points: left }).size).toBe(left.length);
      }),
      { numRuns: 500 },
    );
  });

  it('refuses the whole when the clock moved back, for points from the future, and during a mass change', () => {
    fc.assert(
      fc.property(facts, fc.integer({ min: CLOCK_TOLERANCE_MS + 1, max: 1e11 }), (some, by) => {
        fc.pre(some.points.length > 0 && some.policy !== null && hasRule(some.policy));
        const first = some.points[0] as RetainedPoint;
        const future = some.points.map((point) =>
          point.id === first.id ? { ...point, takenAt: NOW + by } : point,
        );
        const cases: [RetentionFacts, string][] = [
          [{ ...some, latestNow: NOW + by }, 'RETENTION_CLOCK_BACK'],
          [{ ...some, points: future }, 'RETENTION_FUTURE_POINTS'],
          [{ ...some, alarms: [first.id] }, 'RETENTION_MASS_CHANGE'],
        ];
        for (const [case_, code] of cases) {
          expect(decideRetention(case_).refusal?.code).toBe(code);
          expect(kept(case_).size).toBe(some.points.length);
        }
        // What an operator looked at no longer hinders, and stays.
        const looked = { ...some, points: future, distrusted: new Set([first.id]) };
        expect(decideRetention(looked).refusal).toBeNull();
        expect(kept(looked)).toContain(first.id);
      }),
      { numRuns: 200 },
    );
  });
});
