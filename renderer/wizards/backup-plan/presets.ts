import type { BackupPlanDraft, ScheduleDraft } from './draft.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** What a class of data usually gets; the operator may change every part of it. */
export type Preset = Pick<BackupPlanDraft, 'rpoMs' | 'rtoMs' | 'schedules' | 'retention' | 'verifyCoverDays'>;

const weekly = (hour: number): ScheduleDraft => ({
  choice: { kind: 'weekly', weekday: 0, hour, minute: 0 },
  type: 'full',
});

const keepsNothing = {
  keepLast: 0,
  keepHourly: 0,
  keepDaily: 0,
  keepWeekly: 0,
  keepMonthly: 0,
  keepYearly: 0,
  keepWithinMs: null,
  timeZone: null,
  afterRun: true,
};

/**
 * Core business data: a full each week and a differential each day, so that a restore needs two archives. Less important logs: a
 * full each week and an incremental each hour, small and quick. An RPO has room for a run that takes its time.
 */
export const presets: Readonly<Record<BackupPlanDraft['dataClass'], Preset>> = {
  core: {
    rpoMs: DAY,
    rtoMs: 4 * HOUR,
    schedules: [weekly(1), { choice: { kind: 'daily', hour: 1, minute: 0 }, type: 'differential' }],
    retention: { ...keepsNothing, keepDaily: 14, keepWeekly: 8, keepMonthly: 12, minAgeMs: 7 * DAY },
    verifyCoverDays: 30,
  },
  logs: {
    rpoMs: 2 * HOUR,
    rtoMs: DAY,
    schedules: [weekly(3), { choice: { kind: 'hourly', minute: 0 }, type: 'incremental' }],
    retention: {
      ...keepsNothing,
      keepHourly: 48,
      keepDaily: 14,
      keepWeekly: 8,
      keepMonthly: 6,
      minAgeMs: 2 * DAY,
    },
    verifyCoverDays: 30,
  },
};

/** Changes the class and takes over what that class usually gets. */
export function withPreset(draft: BackupPlanDraft, dataClass: BackupPlanDraft['dataClass']): BackupPlanDraft {
  return { ...draft, dataClass, ...presets[dataClass] };
}
