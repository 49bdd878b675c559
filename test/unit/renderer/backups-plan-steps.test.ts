import { describe, expect, it } from 'vitest';
import { backupPlanInputSchema } from '#shared/contract/backup.ts';
import { fromCron, nextRuns, toCron } from '../../../renderer/wizards/backup-plan/schedule.ts';
import {
  type BackupPlanDraft,
  type BackupPlanStep,
  emptyBackupPlan,
  issuesOf,
  nextStep,
  previousStep,
  toPlanInput,
  warningsOf,
  withClass,
  withSource,
} from '../../../renderer/wizards/backup-plan/steps.ts';
import { isAbsolutePath, isInside, lastName } from '../../../renderer/wizards/paths.ts';

const NOW = Date.parse('2026-11-22T10:00:00Z');
const good: BackupPlanDraft = { ...withSource(emptyBackupPlan, '/srv/hmtt data'), targetDir: '/mnt/backup' };

describe('the backup plan wizard', () => {
  it('names the plan after its first folder, in letters that a plan may have', () => {
    expect(good.name).toBe('hmtt-data');
    expect(withSource(good, '/etc').name).toBe('hmtt-data');
    expect(withSource(good, '/srv/hmtt data').sources).toHaveLength(1);
    expect(withSource(emptyBackupPlan, '/').name).toBe('');
  });

  it('walks to the end and makes an input that the contract accepts', () => {
    let step: BackupPlanStep = 'what';
    const seen: BackupPlanStep[] = [step];
    while (nextStep(step, good, [], NOW) !== step) {
      step = nextStep(step, good, [], NOW);
      seen.push(step);
    }
    expect(seen).toEqual(['what', 'where', 'objectives', 'schedule', 'confirm', 'done']);
    expect(backupPlanInputSchema.safeParse(toPlanInput(good)).success).toBe(true);
    expect(previousStep('done')).toBe('done');
    expect(previousStep('where')).toBe('what');
  });

  it.each([
    ['what', { name: '' }, 'nameMissing'],
    ['what', { name: '.x' }, 'nameShape'],
    ['what', { name: 'core' }, 'nameTaken'],
    ['what', { sources: [] }, 'sourcesMissing'],
    ['what', { sources: ['srv'] }, 'sourceRelative'],
    ['where', { targetDir: '' }, 'targetMissing'],
    ['where', { targetDir: 'mnt' }, 'targetRelative'],
    ['where', { targetDir: '/srv/hmtt data/backup' }, 'targetInsideSource'],
    ['schedule', { schedule: { kind: 'cron', expression: '* *' } }, 'cronFields'],
    ['schedule', { schedule: { kind: 'cron', expression: '99 * * * *' } }, 'cronWrong'],
    ['schedule', { schedule: { kind: 'cron', expression: '0 0 30 2 *' } }, 'cronNever'],
  ] as const)('stays at %s with %o', (step, change, issue) => {
    const draft = { ...good, ...change } as BackupPlanDraft;
    expect(issuesOf(step, draft, ['core'], NOW)).toContain(issue);
    expect(nextStep(step, draft, ['core'], NOW)).toBe(step);
    expect(issuesOf('confirm', draft, ['core'], NOW)).toContain(issue);
  });

  it('warns when the schedule cannot keep the promise', () => {
    const weekly = { ...good, schedule: { kind: 'weekly', weekday: 0, hour: 3, minute: 0 } } as const;
    expect(warningsOf(weekly, NOW)).toEqual(['rpoShorterThanSchedule']);
    expect(warningsOf(good, NOW)).toEqual([]);
    expect(warningsOf(withClass(good, 'logs'), NOW)).toEqual([]);
    expect(warningsOf({ ...good, schedule: { kind: 'hand' } }, NOW)).toEqual([]);
  });
});

describe('a schedule', () => {
  it.each([
    ['30 1 * * *', { kind: 'daily', hour: 1, minute: 30 }],
    ['5 * * * *', { kind: 'hourly', minute: 5 }],
    ['0 3 * * 7', { kind: 'weekly', weekday: 0, hour: 3, minute: 0 }],
    ['*/5 * * * *', { kind: 'cron', expression: '*/5 * * * *' }],
    ['0 25 * * *', { kind: 'cron', expression: '0 25 * * *' }],
    ['5 * * * 1', { kind: 'cron', expression: '5 * * * 1' }],
    [null, { kind: 'hand' }],
  ] as const)('%s is read as a person says it', (expression, choice) => {
    expect(fromCron(expression)).toEqual(choice);
  });

  it('comes back from a choice', () => {
    expect(toCron(fromCron('30 1 * * *'))).toBe('30 1 * * *');
    expect(toCron(fromCron('0 3 * * 0'))).toBe('0 3 * * 0');
  });

  it('computes the next runs in local time, later than now', () => {
    const runs = nextRuns('30 1 * * *', NOW, 3);
    if (!runs.ok) throw new Error(runs.why);
    expect(runs.times).toHaveLength(3);
    for (const time of runs.times) {
      expect(time).toBeGreaterThan(NOW);
      expect([new Date(time).getHours(), new Date(time).getMinutes()]).toEqual([1, 30]);
    }
  });
});

describe('paths', () => {
  it('are absolute on Linux and Windows', () => {
    expect(['/a', 'C:\\a', 'c:/a', '\\\\server\\share'].every(isAbsolutePath)).toBe(true);
    expect(['a', './a', '~/a', ''].some(isAbsolutePath)).toBe(false);
  });

  it('lie inside a folder by whole names', () => {
    expect(isInside('/srv/data', '/srv/data')).toBe(true);
    expect(isInside('/srv/data/x', '/srv/data/')).toBe(true);
    expect(isInside('/srv/database', '/srv/data')).toBe(false);
    expect(isInside('/x', '/')).toBe(true);
    expect(lastName('/srv/data/')).toBe('data');
  });
});
