import type * as z from 'zod';
import { type BackupPlan, type BackupPlanInput, backupPlanInputSchema } from '#shared/contract/backup.ts';
import type { BackupType, Schedule } from '#shared/contract/backup-schedule.ts';
import { lastName } from '../paths.ts';
import { fromCron, type ScheduleChoice, toCron } from './schedule.ts';

/** One schedule as a person chooses it. */
export type ScheduleDraft = { readonly choice: ScheduleChoice; readonly type: BackupType };

/** A plan's settings while they are chosen: what areas add to a plan is in it as it will be saved. */
export type BackupPlanDraft = Omit<Readonly<z.output<typeof backupPlanInputSchema>>, 'schedules'> & {
  readonly schedules: readonly ScheduleDraft[];
};

/** The settings of a plan that exists, to be changed. */
export function draftOf(plan: BackupPlan | BackupPlanInput): BackupPlanDraft {
  const spec = backupPlanInputSchema.parse(plan);
  return {
    ...spec,
    schedules: spec.schedules.map(({ cron, type }) => ({ choice: fromCron(cron), type })),
  };
}

/** The schedules as they are saved. */
export function schedulesOf({ schedules }: Pick<BackupPlanDraft, 'schedules'>): Schedule[] {
  return schedules.map(({ choice, type }) => ({ cron: toCron(choice), type }));
}

/** What the engine is asked to save. */
export function toPlanInput(draft: BackupPlanDraft): z.output<typeof backupPlanInputSchema> {
  return { ...draft, schedules: schedulesOf(draft) };
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
