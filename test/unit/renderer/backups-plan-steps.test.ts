import { describe, expect, it } from 'vitest';
import { backupPlanInputSchema } from '#shared/contract/backup.ts';
import { changedSettings } from '../../../renderer/wizards/backup-plan/changed-settings.ts';
import {
  type BackupPlanDraft,
  draftOf,
  toPlanInput,
  withSource,
} from '../../../renderer/wizards/backup-plan/draft.ts';
import { withPreset } from '../../../renderer/wizards/backup-plan/presets.ts';
import { fromCron, nextRuns, toCron } from '../../../renderer/wizards/backup-plan/schedule.ts';
import {
  backupPlanSteps,
  emptyBackupPlan,
  issuesOf,
  warningsOf,
} from '../../../renderer/wizards/backup-plan/steps.ts';
import { isAbsolutePath, isInside, lastName } from '../../../renderer/wizards/paths.ts';

const NOW = Date.parse('2026-11-22T10:00:00Z');
const good: BackupPlanDraft = { ...withSource(emptyBackupPlan, '/srv/hmtt data'), targetDir: '/mnt/backup' };

const cron = (expression: string) => ({ choice: { kind: 'cron', expression }, type: 'full' }) as const;

describe('the backup plan wizard', () => {
  it('names the plan after its first folder, in letters that a plan may have', () => {
    expect(good.name).toBe('hmtt-data');
    expect(withSource(good, '/etc').name).toBe('hmtt-data');
    expect(withSource(good, '/srv/hmtt data').sources).toHaveLength(1);
    expect(withSource(emptyBackupPlan, '/').name).toBe('');
  });

  it('has nothing against a good draft at any step, and makes an input of it that the contract accepts', () => {
    expect(backupPlanSteps.filter((step) => issuesOf(step, good, [], NOW).length > 0)).toEqual([]);
    expect(backupPlanInputSchema.safeParse(toPlanInput(good)).success).toBe(true);
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
    ['schedule', { schedules: [cron('* *')] }, 'cronWrong'],
    ['schedule', { schedules: [cron('99 * * * *')] }, 'cronWrong'],
    ['schedule', { schedules: [...emptyBackupPlan.schedules, cron('0 0 30 2 *')] }, 'cronNever'],
    [
      'limits',
      { limits: { bytesPerSecond: null, windows: [{ days: [], from: '01:00', to: '02:00' }] } },
      'windowDays',
    ],
    [
      'limits',
      { limits: { bytesPerSecond: null, windows: [{ days: [1], from: '1', to: '02:00' }] } },
      'windowTime',
    ],
  ] as const)('is stopped at %s by %o', (step, change, issue) => {
    const draft = { ...good, ...change } as BackupPlanDraft;
    expect(issuesOf(step, draft, ['core'], NOW)).toContain(issue);
    expect(issuesOf('confirm', draft, ['core'], NOW)).toContain(issue);
  });

  it('warns when the schedules cannot keep the promise together', () => {
    const [full, daily] = good.schedules;
    if (full === undefined || daily === undefined) throw new Error('the preset has two schedules');
    expect(warningsOf({ ...good, schedules: [full] }, NOW)).toEqual(['rpoShorterThanSchedule']);
    expect(warningsOf(good, NOW)).toEqual([]);
    expect(warningsOf(withPreset(good, 'logs'), NOW)).toEqual([]);
    expect(warningsOf({ ...withPreset(good, 'logs'), schedules: [full, daily] }, NOW)).toEqual([
      'rpoShorterThanSchedule',
    ]);
    expect(warningsOf({ ...good, schedules: [] }, NOW)).toEqual([]);
    // A promise of minutes is not kept by an hourly run.
    expect(warningsOf({ ...withPreset(good, 'logs'), rpoMs: 15 * 60_000 }, NOW)).toEqual([
      'rpoShorterThanSchedule',
    ]);
  });

  it('has the presets of the source document', () => {
    const types = (draft: BackupPlanDraft) => toPlanInput(draft).schedules;
    expect(types(emptyBackupPlan)).toEqual([
      { cron: '0 1 * * 0', type: 'full' },
      { cron: '0 1 * * *', type: 'differential' },
    ]);
    expect(types(withPreset(emptyBackupPlan, 'logs'))).toEqual([
      { cron: '0 3 * * 0', type: 'full' },
      { cron: '0 * * * *', type: 'incremental' },
    ]);
  });

  it('changes a plan without touching what it does not show', () => {
    const spec = backupPlanInputSchema.parse({
      name: 'core',
      sources: ['/srv'],
      targetDir: '/backup',
      schedules: [{ cron: '0 0 L * *', type: 'full' }],
      changeDetection: 'content',
      hooks: null,
    });
    expect(toPlanInput(draftOf(spec))).toEqual(spec);
    expect(changedSettings(spec, toPlanInput(draftOf(spec)))).toEqual([]);
    expect(changedSettings(spec, toPlanInput({ ...draftOf(spec), rpoMs: 5 }))).toEqual([
      { name: 'rpoMs', before: null, after: 5 },
    ]);
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
  ] as const)('%s is read as a person says it', (expression, choice) => {
    expect(fromCron(expression)).toEqual(choice);
  });

  it('comes back from a choice', () => {
    expect(toCron(fromCron('30 1 * * *'))).toBe('30 1 * * *');
    expect(toCron(fromCron('0 3 * * 0'))).toBe('0 3 * * 0');
  });

  it('computes the next runs of all schedules in local time, of two at once the stronger', () => {
    // 22 November 2026 is a Sunday.
    const runs = nextRuns(
      [
        { cron: '30 1 * * *', type: 'differential' },
        { cron: '30 1 * * 0', type: 'full' },
        { cron: 'nonsense', type: 'full' },
      ],
      NOW,
      8,
    );
    expect(runs).toHaveLength(8);
    expect(runs.map(({ type }) => type)).toEqual([
      ...Array.from({ length: 6 }, () => 'differential'),
      'full',
      'differential',
    ]);
    for (const { at } of runs) {
      expect(at).toBeGreaterThan(NOW);
      expect([new Date(at).getHours(), new Date(at).getMinutes()]).toEqual([1, 30]);
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
