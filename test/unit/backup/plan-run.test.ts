import { describe, expect, it } from 'vitest';
import type { StoredPoint } from '../../../main/engine/backup/catalogue.ts';
import { isChainWhole, standings } from '../../../main/engine/backup/chain.ts';
import { MAX_CHAIN, planRun } from '../../../main/engine/backup/plan-run.ts';
import { emptyReport } from '../../helpers/backup-report.ts';

function point(
  seq: number,
  type: StoredPoint['type'],
  parent: number | null,
  state: StoredPoint['state'] = 'complete',
): StoredPoint {
  return {
    seq,
    id: `p${seq}`,
    plan: 'x',
    type,
    parentId: parent === null ? null : `p${parent}`,
    baseId: parent === null ? null : 'p1',
    // The clock ran backwards; the order in which points were seen did not.
    startedAt: 1000 - seq,
    finishedAt: 1000 - seq,
    archivePath: `/t/p${seq}.tar.zst`,
    archiveBytes: 1,
    manifestSha256: 'f'.repeat(64),
    state,
    verifiedAt: null,
    verifyError: null,
    report: emptyReport,
  };
}

/** The decision in one line: type and what it builds on. */
function decided(asked: StoredPoint['type'], points: readonly StoredPoint[]): string {
  const plan = planRun(asked, points);
  expect(plan.reasons.length).toBeGreaterThan(0);
  for (const reason of plan.reasons) expect(reason.zh).not.toBe(reason.en);
  return `${plan.type} on ${plan.parent?.id ?? '-'} of ${plan.base?.id ?? '-'}`;
}

describe('planning a run', () => {
  const chain = [point(1, 'full', null), point(2, 'incremental', 1), point(3, 'incremental', 2)];

  it('builds an incremental on the last point of any type, a differential on the last full', () => {
    expect(decided('incremental', chain)).toBe('incremental on p3 of p1');
    expect(decided('differential', chain)).toBe('differential on p1 of p1');
    expect(decided('incremental', [...chain, point(4, 'differential', 1)])).toBe('incremental on p4 of p1');
    expect(decided('full', chain)).toBe('full on - of -');
  });

  it('makes a full when there is nothing to build on', () => {
    expect(decided('incremental', [])).toBe('full on - of -');
    expect(decided('differential', [point(1, 'full', null, 'broken')])).toBe('full on - of -');
    expect(decided('incremental', [point(1, 'full', null, 'missing'), point(2, 'incremental', 1)])).toBe(
      'full on - of -',
    );
  });

  it('passes over what a broken link makes useless, and says so', () => {
    const broken = [point(1, 'full', null), point(2, 'incremental', 1, 'broken'), point(3, 'incremental', 2)];
    const plan = planRun('incremental', broken);
    expect(plan.parent?.id).toBe('p1');
    expect(plan.reasons[1]?.en).toContain('p3');
  });

  it('does not loop on a chain that bites its tail', () => {
    const [a, b] = [point(1, 'incremental', 2), point(2, 'incremental', 1)];
    expect(isChainWhole(a, [a, b])).toBe(false);
  });

  it('makes a full when the chain has become too long', () => {
    const long = Array.from({ length: MAX_CHAIN }, (_, index) =>
      index === 0 ? point(1, 'full', null) : point(index + 1, 'incremental', index),
    );
    expect(decided('incremental', long.slice(0, -1))).toBe(`incremental on p${MAX_CHAIN - 1} of p1`);
    expect(decided('incremental', long)).toBe('full on - of -');
    expect(decided('differential', long)).toBe('differential on p1 of p1');
  });
});

describe('a chain', () => {
  const points = [
    point(1, 'full', null),
    point(2, 'incremental', 1, 'missing'),
    point(3, 'incremental', 2),
    point(4, 'differential', 1),
  ];

  it('tells what each point reads, what breaks it, and how many need it', () => {
    expect(standings(points)).toEqual([
      { length: 1, brokenBy: null, neededBy: 3 },
      { length: 2, brokenBy: 'p2', neededBy: 1 },
      { length: 3, brokenBy: 'p2', neededBy: 0 },
      { length: 2, brokenBy: null, neededBy: 0 },
    ]);
  });
});
