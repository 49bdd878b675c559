import * as z from 'zod';
import { appErrorSchema } from '../errors/app-error.ts';
import { bilingual, done, id, nothing, request, timestamp } from './define.ts';

/** How far a long job is. `total` is null while it is not known. */
export const jobProgressSchema = z.object({
  /** What the job does at present, e.g. "scanning", "writing". */
  phase: bilingual,
  done: z.number(),
  total: z.number().nullable(),
  unit: z.enum(['bytes', 'files', 'lines', 'series']),
  /** Units a second over the last seconds. */
  rate: z.number(),
  etaMs: z.number().nullable(),
  /** The file or item at hand. */
  current: z.string(),
  filesDone: z.int(),
});
export type JobProgress = z.infer<typeof jobProgressSchema>;

const jobSchema = z.object({
  id,
  kind: z.enum([
    'backup',
    'copy',
    'verify',
    'prune',
    'rebuild',
    'drill',
    'restore-plan',
    'restore',
    'logs-sync',
    'rotate',
    'import',
    'export',
    'report',
  ]),
  title: bilingual,
  state: z.enum(['running', 'paused', 'done', 'failed', 'cancelled']),
  startedAt: timestamp,
  endedAt: timestamp.nullable(),
  progress: jobProgressSchema.nullable(),
  error: appErrorSchema.nullable(),
  /** What the job made: a restore point, a restore, a plan. */
  result: z.object({ kind: z.string(), id }).nullable(),
  /** Where in the app to look at it. */
  link: z.string(),
  canPause: z.boolean(),
});
export type Job = z.infer<typeof jobSchema>;

export const jobsRequests = {
  'jobs.list': request(nothing, z.object({ jobs: z.array(jobSchema) })),
  'jobs.get': request(z.object({ id }), jobSchema),
  'jobs.cancel': request(z.object({ id }), done),
  'jobs.pause': request(z.object({ id }), done),
  'jobs.resume': request(z.object({ id }), done),
};

export const jobsEvents = {
  'jobs.changed': jobSchema,
};
