import { backupPlanInputSchema } from '#shared/contract/backup.ts';
import { graceMs } from '#shared/domain/past-promise.ts';
import { cronTimes } from '#shared/domain/schedule/cron-times.ts';
import { isAbsolutePath, isInside } from '../paths.ts';
import { type BackupPlanDraft, draftOf, schedulesOf } from './draft.ts';
import { withPreset } from './presets.ts';
import { nextRuns } from './schedule.ts';

/** The steps in their order. Nothing is saved before `confirm` is left. */
export const backupPlanSteps = [
  'preset',
  'what',
  'where',
  'schedule',
  'protection',
  'limits',
  'confirm',
  'done',
] as const;
export type BackupPlanStep = (typeof backupPlanSteps)[number];

/** The steps of changing a plan: what it is for was said when it was made. */
export const editSteps: readonly BackupPlanStep[] = backupPlanSteps.filter(
  (step) => step !== 'preset' && step !== 'done',
);

/** An empty draft with the preset of core data. */
export const emptyBackupPlan: BackupPlanDraft = withPreset(
  { ...draftOf({ name: 'x', sources: [], targetDir: '/' }), name: '', targetDir: '' },
  'core',
);

/** What stands in the way of going on; a key of the texts. */
export type BackupPlanIssue =
  | 'nameMissing'
  | 'nameShape'
  | 'nameTaken'
  | 'sourcesMissing'
  | 'sourceRelative'
  | 'targetMissing'
  | 'targetRelative'
  | 'targetInsideSource'
  | 'cronWrong'
  | 'cronNever'
  | 'windowDays'
  | 'windowTime'
  | 'rpoShorterThanSchedule';

const nameSchema = backupPlanInputSchema.shape.name;
const windowSchema = backupPlanInputSchema.shape.limits.unwrap().shape.windows.unwrap().element;

/**
 * Says what stands in the way of leaving a step; nothing when it is complete.
 *
 * @param taken names of the plans that exist
 * @param now UTC milliseconds, to see when a schedule comes true
 */
export function issuesOf(
  step: BackupPlanStep,
  draft: BackupPlanDraft,
  taken: readonly string[],
  now: number,
): readonly BackupPlanIssue[] {
  switch (step) {
    case 'what':
      return [...nameIssues(draft.name, taken), ...sourceIssues(draft)];
    case 'where':
      return targetIssues(draft);
    case 'schedule':
      return [...new Set(schedulesOf(draft).flatMap(({ cron }) => scheduleIssues(cron, now)))];
    case 'limits':
      return windowIssues(draft);
    case 'confirm':
      return (['what', 'where', 'schedule', 'limits'] as const).flatMap((earlier) =>
        issuesOf(earlier, draft, taken, now),
      );
    case 'preset':
    case 'protection':
    case 'done':
      return [];
  }
}

function nameIssues(name: string, taken: readonly string[]): readonly BackupPlanIssue[] {
  if (name === '') return ['nameMissing'];
  if (!nameSchema.safeParse(name).success) return ['nameShape'];
  return taken.includes(name) ? ['nameTaken'] : [];
}

function sourceIssues({ sources, databases, remotes }: BackupPlanDraft): readonly BackupPlanIssue[] {
  if (sources.length === 0) return databases.length + remotes.length === 0 ? ['sourcesMissing'] : [];
  return sources.every(isAbsolutePath) ? [] : ['sourceRelative'];
}

function targetIssues(draft: BackupPlanDraft): readonly BackupPlanIssue[] {
  if (draft.targetDir === '') return ['targetMissing'];
  if (!isAbsolutePath(draft.targetDir)) return ['targetRelative'];
  return draft.sources.some((source) => isInside(draft.targetDir, source)) ? ['targetInsideSource'] : [];
}

function scheduleIssues(cron: string, now: number): readonly BackupPlanIssue[] {
  const next = cronTimes(cron, now, 1);
  if (!next.ok) return ['cronWrong'];
  return next.times.length === 0 ? ['cronNever'] : [];
}

function windowIssues({ limits }: BackupPlanDraft): readonly BackupPlanIssue[] {
  if (limits.windows.some(({ days }) => days.length === 0)) return ['windowDays'];
  return limits.windows.every((window) => windowSchema.safeParse(window).success) ? [] : ['windowTime'];
}

/**
 * Warnings that do not stop anybody: the schedules cannot keep the promise.
 *
 * @param now UTC milliseconds
 */
export function warningsOf(draft: BackupPlanDraft, now: number): readonly BackupPlanIssue[] {
  const schedules = schedulesOf(draft);
  if (schedules.length === 0 || draft.rpoMs === null) return [];
  const times = [now, ...nextRuns(schedules, now, 60).map(({ at }) => at)];
  const gaps = times.slice(2).map((time, index) => time - (times[index + 1] ?? time));
  return Math.max(0, ...gaps) > draft.rpoMs + graceMs(draft.rpoMs) ? ['rpoShorterThanSchedule'] : [];
}
