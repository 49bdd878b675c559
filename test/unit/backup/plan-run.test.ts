import { describe, expect, it } from 'vitest';
import type { StoredPoint } from '../../../main/engine/backup/catalogue.ts';
import { isChainWhole, planRun } from '../../../main/engine/backup/plan-run.ts';

const all = new Set(['full', 'incremental', 'differential'] as const);

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
    report: {
      files: 0,
      directories: 0,
      symlinks: 0,
      hardLinks: 0,
      special: 0,
      bytes: 0,
      storedBytes: 0,
      durationMs: 0,
      excluded: 0,
      skipped: [],
      skippedTotal: 0,
    },
  };
}

/** The decision in one line: type and what it builds on. */
function decided(asked: StoredPoint['type'], points: readonly StoredPoint[]): string {
  const plan = planRun(asked, points, all);
  if (!plan.ok) return plan.error.code;
  expect(plan.value.reasons.length).toBeGreaterThan(0);
  for (const reason of plan.value.reasons) expect(reason.zh).not.toBe(reason.en);
  return `${plan.value.type} on ${plan.value.parent?.id ?? '-'} of ${plan.value.base?.id ?? '-'}`;
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
    const plan = planRun('incremental', broken, all);
    expect(plan.ok && plan.value.parent?.id).toBe('p1');
    expect(plan.ok && plan.value.reasons[1]?.en).toContain('p3');
  });

  it('does not loop on a chain that bites its tail', () => {
    const [a, b] = [point(1, 'incremental', 2), point(2, 'incremental', 1)];
    expect(isChainWhole(a, [a, b])).toBe(false);
  });

  it('refuses a type that this version cannot make', () => {
    const plan = planRun('incremental', chain);
    expect(plan.ok ? '' : plan.error.code).toBe('BACKUP_TYPE_UNAVAILABLE');
  });
});
