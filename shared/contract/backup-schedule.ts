import * as z from 'zod';
import { appErrorSchema } from '../errors/app-error.ts';
import { id, timestamp } from './define.ts';

/** Full: everything. Incremental: since the last backup of any type. Differential: since the last full. */
export const backupTypeSchema = z.enum(['full', 'incremental', 'differential']);
export type BackupType = z.infer<typeof backupTypeSchema>;

/** When a plan runs by itself, and what it makes then. */
const scheduleSchema = z.object({
  /** Cron expression (minute hour day month weekday) in the workstation's local time. */
  cron: z.string().trim().min(1).max(200),
  type: backupTypeSchema,
});
export type Schedule = z.infer<typeof scheduleSchema>;

/** All times at which a plan runs by itself; none means by hand only. */
export const schedulesSchema = z.array(scheduleSchema).max(20).default([]);

/** A time of day, `00:00` to `24:00`. */
const timeOfDay = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/);

/**
 * Hours in which scheduled runs may work, in local time. `days` are the days on which the window opens, 0 for Sunday. Where
 * `to` is not after `from` it closes on the next day; equal times mean a whole day.
 */
const runWindowSchema = z.object({
  days: z.array(z.int().min(0).max(6)).min(1).max(7),
  from: timeOfDay,
  to: timeOfDay,
});
export type RunWindow = z.infer<typeof runWindowSchema>;

/** How much a run may take of the machine, and when. */
export const limitsSchema = z
  .object({
    /** Most bytes a second that a run reads or writes, at least 1 KiB; null for no limit. */
    bytesPerSecond: z.int().min(1024).max(1e12).nullable().default(null),
    /** When scheduled runs may work; empty for always. */
    windows: z.array(runWindowSchema).max(50).default([]),
  })
  .default({ bytesPerSecond: null, windows: [] });
export type Limits = z.output<typeof limitsSchema>;

/** Why a run began: by the schedule, by a person, or again after a run that was cut off. */
export const runTriggerSchema = z.enum(['schedule', 'hand', 'again']);
export type RunTrigger = z.infer<typeof runTriggerSchema>;

/** A run, however it ended; one that is done made the point of the same id. */
export const backupRunSchema = z.object({
  pointId: id,
  plan: z.string(),
  type: backupTypeSchema,
  trigger: runTriggerSchema,
  state: z.enum(['running', 'done', 'failed', 'cancelled', 'interrupted']),
  startedAt: timestamp,
  finishedAt: timestamp.nullable(),
  error: appErrorSchema.nullable(),
});
export type BackupRun = z.infer<typeof backupRunSchema>;

/** One change of a plan: which settings, from what to what. The first entry of a plan is its making. */
export const planChangeSchema = z.object({
  at: timestamp,
  /** The account that asked for it, as the operating system calls it. */
  who: z.string(),
  kind: z.enum(['added', 'changed', 'removed']),
  /** Settings by name; values as they stand in the plan. */
  fields: z.array(z.object({ name: z.string(), before: z.unknown(), after: z.unknown() })),
});
export type PlanChange = z.infer<typeof planChangeSchema>;
