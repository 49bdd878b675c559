import { describe, expect, it } from 'vitest';
import { type BackupPlan, backupPlanInputSchema, type RestorePoint } from '#shared/contract/backup.ts';
import { appError } from '#shared/errors/index.ts';
import { assessPlan, assessPlans, isBreach, pointBadge } from '../../../renderer/pages/backups/objective.ts';
import { emptyReport } from '../../helpers/backup-report.ts';

const HOUR = 3_600_000;
const NOW = 100 * HOUR;

function plan(name: string, rpoMs: number | null = 24 * HOUR): BackupPlan {
  return {
    ...backupPlanInputSchema.parse({ name, sources: ['/data'], targetDir: '/backups', rpoMs }),
    id: name,
    createdAt: 0,
    nextRunAt: null,
    nextRunType: null,
    points: 0,
    lastPointAt: null,
    lastVerifiedAt: null,
    lastError: null,
  };
}

function point(planName: string, hoursAgo: number, more: Partial<RestorePoint> = {}): RestorePoint {
  const startedAt = NOW - hoursAgo * HOUR;
  return {
    id: `${planName}-${hoursAgo}`,
    plan: planName,
    type: 'full',
    parentId: null,
    startedAt,
    finishedAt: startedAt + 60_000,
    archivePath: '/backups/x',
    state: 'complete',
    verifiedAt: startedAt + 120_000,
    verifyError: null,
    report: { ...emptyReport, files: 1, bytes: 1, storedBytes: 1, durationMs: 60_000 },
    ...more,
  };
}

describe('a plan against its promise', () => {
  it('is kept by a young verified point', () => {
    expect(assessPlan(plan('a'), [point('a', 2)], NOW)).toMatchObject({
      state: 'ok',
      ageMs: 2 * HOUR,
      overMs: null,
    });
  });

  it('is kept while the run that is due has its time, and by nobody else', () => {
    const often = { ...plan('a', HOUR / 2), schedules: [{ cron: '*/30 * * * *', type: 'full' as const }] };
    // Made at 98:36, due at 99:00, promised by 99:06; a quarter of half an hour is left to the run.
    const points = [point('a', 1.4)];
    const endOfGrace = NOW - HOUR + HOUR / 8;
    expect(assessPlan(often, points, endOfGrace)).toMatchObject({ state: 'ok', overMs: null });
    expect(assessPlan(often, points, endOfGrace + 1)).toMatchObject({ state: 'late', overMs: 90_001 });
    expect(assessPlan(plan('a', HOUR / 2), points, endOfGrace)).toMatchObject({ state: 'late' });
    // Made at 98:27: the run of 98:30 had its time long before the promise was over.
    const early = [point('a', 1.55)];
    expect(assessPlan(often, early, NOW - HOUR)).toMatchObject({ state: 'late' });
  });

  it('is late by the age of the newest verified point, not of the newest run', () => {
    const points = [point('a', 1, { verifiedAt: null }), point('a', 30)];
    expect(assessPlan(plan('a'), points, NOW)).toMatchObject({
      state: 'late',
      ageMs: 30 * HOUR,
      overMs: 6 * HOUR,
      verifiedPoint: { id: 'a-30' },
    });
  });

  it('is never kept without a point, whatever other plans have', () => {
    expect(assessPlan(plan('a'), [point('b', 1)], NOW)).toMatchObject({ state: 'never', ageMs: null });
  });

  it('is broken when the newest point is damaged or gone, even when an older one is good', () => {
    const damaged = point('a', 1, { state: 'broken', verifyError: appError('INTERNAL', { what: 'hash' }) });
    expect(assessPlan(plan('a'), [point('a', 5), damaged], NOW)).toMatchObject({
      state: 'broken',
      verifiedPoint: { id: 'a-5' },
    });
    expect(assessPlan(plan('a'), [point('a', 1, { state: 'missing' })], NOW).state).toBe('broken');
  });

  it('is not called kept when nothing was verified, nor when nothing was promised', () => {
    expect(assessPlan(plan('a'), [point('a', 1, { verifiedAt: null })], NOW).state).toBe('unverified');
    expect(assessPlan(plan('a', null), [point('a', 1)], NOW).state).toBe('none');
    expect(isBreach('none')).toBe(false);
    expect(isBreach('unverified')).toBe(true);
  });

  it('is sorted with the worst breach first', () => {
    const plans = ['ok', 'late-little', 'late-much', 'never', 'broken'].map((name) => plan(name));
    const points = [
      point('ok', 1),
      point('late-little', 25),
      point('late-much', 90),
      point('broken', 1, { state: 'broken' }),
    ];
    expect(assessPlans(plans, points, NOW).map((assessed) => assessed.plan.name)).toEqual([
      'broken',
      'never',
      'late-much',
      'late-little',
      'ok',
    ]);
  });

  it('calls a point good only after verification', () => {
    expect(pointBadge(point('a', 1))).toBe('verified');
    expect(pointBadge(point('a', 1, { verifiedAt: null }))).toBe('unverified');
    expect(pointBadge(point('a', 1, { state: 'missing' }))).toBe('missing');
    expect(pointBadge(point('a', 1, { verifyError: appError('INTERNAL', { what: 'x' }) }))).toBe('broken');
  });
});
