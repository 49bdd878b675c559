import { describe, expect, it } from 'vitest';
import { backupPlanInputSchema } from '#shared/contract/backup.ts';
import { complianceOf, type PastRun } from '../../../../main/engine/backup/retention/compliance.ts';
import { longestPause, occurrences } from '../../../../main/engine/backup/retention/occurrences.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = new Date(2026, 10, 22, 12, 30).getTime();

const spec = (schedules: readonly object[]) =>
  backupPlanInputSchema.parse({
    name: 'core',
    sources: ['/srv'],
    targetDir: '/t',
    rpoMs: DAY,
    schedules,
  });
const daily = spec([{ cron: '0 2 * * *', type: 'full' }]);
const made = (startedAt: number): PastRun => ({ startedAt, made: true, failed: false });

describe('compliance', () => {
  it('counts points made against points that the schedule asked for', () => {
    const runs = [1, 2, 3, 5, 6].map((days) => made(NOW - days * DAY));
    const facts = { spec: daily, createdAt: NOW - 90 * DAY, lastVerified: NOW - DAY, now: NOW };
    const failed = { startedAt: NOW - 4 * DAY, made: false, failed: true };
    const { windows, ageMs, overMs, worstGapMs } = complianceOf({ ...facts, runs: [...runs, failed] });
    expect(windows).toMatchObject([
      { days: 7, expected: 7, made: 5, failed: 1 },
      { days: 30, expected: 30, made: 5, failed: 1 },
    ]);
    expect(windows[0]?.ratio).toBeCloseTo(5 / 7);
    expect([ageMs, overMs, worstGapMs]).toEqual([DAY, null, 2 * DAY]);
  });

  it('expects nothing from before the plan was made, and from one that runs by hand', () => {
    const facts = { createdAt: NOW - 2 * DAY, runs: [], lastVerified: null, now: NOW };
    expect(complianceOf({ ...facts, spec: daily }).windows.map(({ expected }) => expected)).toEqual([2, 2]);
    const byHand = complianceOf({ ...facts, spec: spec([]) });
    expect(byHand.windows[0]).toMatchObject({ expected: 0, ratio: null });
    expect([byHand.ageMs, byHand.worstGapMs]).toEqual([null, null]);
  });

  it('tells a broken promise, and never more than the whole', () => {
    const runs = Array.from({ length: 40 }, (_, index) => made(NOW - 2 * DAY - index * HOUR));
    const answer = complianceOf({ spec: daily, createdAt: 0, runs, lastVerified: NOW - 2 * DAY, now: NOW });
    expect(answer.overMs).toBe(DAY);
    expect(answer.windows[0]?.ratio).toBe(1);
  });
});

describe('what schedules ask for', () => {
  const both = spec([
    { cron: '0 3 * * 0', type: 'full' },
    { cron: '0 3 * * *', type: 'differential' },
  ]);

  it('is one run a time, of the strongest type', () => {
    const week = occurrences(both, NOW, NOW + 7 * DAY);
    expect(week).toHaveLength(7);
    expect(week.filter(({ type }) => type === 'full')).toHaveLength(1);
    expect(occurrences(spec([{ cron: '* * * * *', type: 'full' }]), NOW, NOW + HOUR)).toHaveLength(60);
  });

  it('leaves pauses', () => {
    expect(longestPause(both, NOW)).toBe(DAY);
    expect(longestPause(spec([]), NOW)).toBeNull();
    // Sixty times of working days end before any zone changes its clocks, which makes a pause longer.
    expect(longestPause(spec([{ cron: '0 3 * * 1-5', type: 'full' }]), NOW)).toBe(3 * DAY);
  });
});
