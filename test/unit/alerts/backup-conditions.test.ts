import { describe, expect, it } from 'vitest';
import { appError } from '#shared/errors/index.ts';
import { type BackupHealth, backupProblems } from '../../../main/engine/alerts/backup-conditions.ts';

const NOW = Date.UTC(2026, 10, 22, 3);
const HOUR = 3_600_000;

const calm: BackupHealth = {
  plan: 'core',
  planId: 'p',
  points: 3,
  rpoMs: null,
  lastVerified: NOW - 5 * HOUR,
  dueAt: null,
  pauseMs: null,
  verifyOverdue: null,
  massChange: null,
  refusal: null,
  pruneError: null,
  space: null,
};
const found = (change: Partial<BackupHealth>) => backupProblems({ ...calm, ...change }, NOW);
const conditions = (change: Partial<BackupHealth>) => found(change).map(({ condition }) => condition);

describe('what the alerts say of a plan', () => {
  it('is nothing when all is well', () => {
    expect(found({})).toEqual([]);
    expect(found({ rpoMs: 6 * HOUR, pauseMs: HOUR })).toEqual([]);
    expect(found({ pauseMs: 3 * HOUR })).toEqual([]);
  });

  it('measures staleness by the data of the last verified point: against the promise, else against the schedule', () => {
    const [late] = found({ rpoMs: HOUR });
    expect(late).toMatchObject({ condition: 'backup_stale', severity: 'critical', since: NOW - 4 * HOUR });
    expect(late?.sentence.en).toContain('5 h old, past its RPO of 1h');
    const [missed] = found({ pauseMs: 2 * HOUR });
    expect(missed?.condition).toBe('backup_stale');
    expect(missed?.sentence.zh).toContain('超过两个备份周期（4h）');
    expect(conditions({ rpoMs: HOUR, lastVerified: null })).toEqual(['backup_stale']);
    // A plan without any point is told as one that never ran.
    expect(conditions({ rpoMs: HOUR, lastVerified: null, points: 0 })).toEqual([]);
  });

  it('lets the run that is due have its time before the promise is called broken', () => {
    const day = { rpoMs: 24 * HOUR, lastVerified: NOW - 24.5 * HOUR };
    expect(found({ ...day, dueAt: NOW - 0.5 * HOUR })).toEqual([]);
    // The clocks went back: the run is due in half an hour.
    expect(found({ ...day, dueAt: NOW + 0.5 * HOUR })).toEqual([]);
    expect(conditions({ ...day, dueAt: NOW - 1.1 * HOUR })).toEqual(['backup_stale']);
    expect(conditions({ ...day, dueAt: null })).toEqual(['backup_stale']);
    // The schedule never could keep it.
    expect(conditions({ ...day, dueAt: NOW + 48 * HOUR })).toEqual(['backup_stale']);
    const hourly = { rpoMs: 2 * HOUR, lastVerified: NOW - 2.1 * HOUR, dueAt: NOW - 1.1 * HOUR };
    expect(conditions(hourly)).toEqual(['backup_stale']);
  });

  it('names what hinders retention, verification and the next run', () => {
    const signs = [{ zh: '消失了 150 个文件。', en: '150 files are gone.' }];
    expect(found({ massChange: { pointId: 'x', at: NOW, signs } })[0]).toMatchObject({
      id: 'backup_mass_change:x',
      severity: 'critical',
      since: NOW,
      link: '/backups/core?tab=retention',
    });
    const refusal = appError('RETENTION_CLOCK_BACK', { by: '2d', latest: '2026-11-24T03:00:00Z' });
    expect(found({ refusal })[0]?.sentence.en).toContain('moved back by 2d');
    expect(conditions({ refusal })).toEqual(['retention_refused']);
    expect(conditions({ pruneError: appError('BACKUP_PRUNE_FAILED') })).toEqual(['prune_failed']);
    expect(conditions({ verifyOverdue: { count: 2, coverDays: 30 } })).toEqual(['verify_overdue']);
    const space = { dir: '/t', freeBytes: 1000, needBytes: 5000, reserveBytes: 100 };
    expect(found({ space })[0]?.sentence.en).toContain('1000 B are left at /t');
  });
});
