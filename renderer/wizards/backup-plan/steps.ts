import type { BackupPlanInput, BackupType } from '#shared/contract/backup.ts';
import { isAbsolutePath, isInside, lastName } from '../paths.ts';
import { nextRuns, type ScheduleChoice, toCron } from './schedule.ts';

/** The steps in their order. Nothing is saved before `confirm` is left. */
export const backupPlanSteps = ['what', 'where', 'objectives', 'schedule', 'confirm', 'done'] as const;
export type BackupPlanStep = (typeof backupPlanSteps)[number];

/** What was chosen so far. */
export type BackupPlanDraft = {
  readonly name: string;
  readonly sources: readonly string[];
  readonly exclude: readonly string[];
  readonly targetDir: string;
  readonly dataClass: 'core' | 'logs';
  readonly rpoMs: number | null;
  readonly rtoMs: number | null;
  readonly schedule: ScheduleChoice;
  /** What scheduled runs make. */
  readonly scheduleType: BackupType;
};

const HOUR = 3_600_000;

/** What a class of data usually promises; the operator may change every figure. */
export const objectivePresets: Readonly<
  Record<BackupPlanDraft['dataClass'], Pick<BackupPlanDraft, 'rpoMs' | 'rtoMs' | 'schedule'>>
> = {
  core: { rpoMs: 24 * HOUR, rtoMs: 4 * HOUR, schedule: { kind: 'daily', hour: 1, minute: 30 } },
  logs: {
    rpoMs: 7 * 24 * HOUR,
    rtoMs: 24 * HOUR,
    schedule: { kind: 'weekly', weekday: 0, hour: 3, minute: 0 },
  },
};

/** An empty draft with the promises of core data. */
export const emptyBackupPlan: BackupPlanDraft = {
  name: '',
  sources: [],
  exclude: [],
  targetDir: '',
  dataClass: 'core',
  scheduleType: 'full',
  ...objectivePresets.core,
};

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
  | 'cronFields'
  | 'cronWrong'
  | 'cronNever'
  | 'rpoShorterThanSchedule';

const NAME_SHAPE = /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,79}$/u;

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
      return [...nameIssues(draft.name, taken), ...sourceIssues(draft.sources)];
    case 'where':
      return targetIssues(draft);
    case 'objectives':
      return [];
    case 'schedule':
      return scheduleIssues(draft, now);
    case 'confirm':
      return backupPlanSteps.slice(0, 4).flatMap((earlier) => issuesOf(earlier, draft, taken, now));
    case 'done':
      return [];
  }
}

function nameIssues(name: string, taken: readonly string[]): readonly BackupPlanIssue[] {
  if (name === '') return ['nameMissing'];
  if (!NAME_SHAPE.test(name)) return ['nameShape'];
  return taken.includes(name) ? ['nameTaken'] : [];
}

function sourceIssues(sources: readonly string[]): readonly BackupPlanIssue[] {
  if (sources.length === 0) return ['sourcesMissing'];
  return sources.every(isAbsolutePath) ? [] : ['sourceRelative'];
}

function targetIssues(draft: BackupPlanDraft): readonly BackupPlanIssue[] {
  if (draft.targetDir === '') return ['targetMissing'];
  if (!isAbsolutePath(draft.targetDir)) return ['targetRelative'];
  return draft.sources.some((source) => isInside(draft.targetDir, source)) ? ['targetInsideSource'] : [];
}

function scheduleIssues(draft: BackupPlanDraft, now: number): readonly BackupPlanIssue[] {
  const expression = toCron(draft.schedule);
  if (expression === null) return [];
  const runs = nextRuns(expression, now, 1);
  if (!runs.ok) return [runs.why === 'fields' ? 'cronFields' : 'cronWrong'];
  return runs.times.length === 0 ? ['cronNever'] : [];
}

/**
 * Warnings that do not stop anybody: the schedule cannot keep the promise.
 *
 * @param now UTC milliseconds
 */
export function warningsOf(draft: BackupPlanDraft, now: number): readonly BackupPlanIssue[] {
  const expression = toCron(draft.schedule);
  if (expression === null || draft.rpoMs === null) return [];
  const runs = nextRuns(expression, now, 8);
  if (!runs.ok) return [];
  const gaps = runs.times.slice(1).map((time, index) => time - (runs.times[index] ?? time));
  // An hour of grace: the clock change in autumn makes one day 25 hours long.
  return Math.max(0, ...gaps) > draft.rpoMs + HOUR ? ['rpoShorterThanSchedule'] : [];
}

/** The step after this one, or itself when something stands in the way or it is the last. */
export function nextStep(
  step: BackupPlanStep,
  draft: BackupPlanDraft,
  taken: readonly string[],
  now: number,
): BackupPlanStep {
  if (issuesOf(step, draft, taken, now).length > 0) return step;
  return backupPlanSteps[backupPlanSteps.indexOf(step) + 1] ?? step;
}

/** The step before this one; a plan that was saved cannot be walked back. */
export function previousStep(step: BackupPlanStep): BackupPlanStep {
  if (step === 'done') return step;
  return backupPlanSteps[backupPlanSteps.indexOf(step) - 1] ?? step;
}

/** Changes the class and takes over what that class usually promises. */
export function withClass(draft: BackupPlanDraft, dataClass: BackupPlanDraft['dataClass']): BackupPlanDraft {
  return { ...draft, dataClass, ...objectivePresets[dataClass] };
}

/** Adds a folder; the first one gives the plan its name when it has none. */
export function withSource(draft: BackupPlanDraft, source: string): BackupPlanDraft {
  const path = source.trim();
  if (path === '' || draft.sources.includes(path)) return draft;
  const suggested = lastName(path)
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^[._-]+/, '');
  return { ...draft, sources: [...draft.sources, path], name: draft.name === '' ? suggested : draft.name };
}

/** What the engine is asked to save. */
export function toPlanInput(draft: BackupPlanDraft): BackupPlanInput {
  return {
    name: draft.name,
    sources: [...draft.sources],
    targetDir: draft.targetDir,
    dataClass: draft.dataClass,
    exclude: [...draft.exclude],
    schedule: toCron(draft.schedule),
    scheduleType: draft.scheduleType,
    rpoMs: draft.rpoMs,
    rtoMs: draft.rtoMs,
  };
}
