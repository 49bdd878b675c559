import * as z from 'zod';
import { appErrorSchema } from '../errors/app-error.ts';
import { bilingual, id, nothing, request, timestamp } from './define.ts';

export const overwriteSchema = z.enum(['never', 'older', 'always']);
export type Overwrite = z.infer<typeof overwriteSchema>;

/** What will happen to one path: `restore` makes it, `update` replaces what is there, `same` and `skip` leave it. */
export const restoreActionSchema = z.enum(['restore', 'update', 'same', 'skip']);
export type RestoreAction = z.infer<typeof restoreActionSchema>;

export const restoreItemSchema = z.object({
  /** Path inside the archive. */
  path: z.string(),
  /** The real path it will be written to. */
  target: z.string(),
  type: z.string(),
  action: restoreActionSchema,
  size: z.number(),
  reason: z.enum([
    'missing',
    'differs',
    'newer_in_archive',
    'identical',
    'kept_existing',
    'kept_newer',
    'unsafe',
    'unsupported',
  ]),
});
export type RestoreItem = z.infer<typeof restoreItemSchema>;

const actionTotals = z.record(restoreActionSchema, z.object({ files: z.number().int(), bytes: z.number() }));

/** The plan shown is the plan executed: its hash is in the evidence. */
export const restorePlanSchema = z.object({
  id,
  hash: z.string(),
  pointId: id,
  planName: z.string(),
  pointAt: timestamp,
  targetDir: z.string(),
  original: z.boolean(),
  overwrite: overwriteSchema,
  selection: z.array(z.string()),
  totals: actionTotals,
  freeBytes: z.number(),
  neededBytes: z.number(),
  /** The word the operator must type to start. */
  confirmWord: z.string(),
  createdAt: timestamp,
});
export type RestorePlan = z.infer<typeof restorePlanSchema>;

export const evidenceSchema = z.object({
  restoreId: id,
  planHash: z.string(),
  plan: restorePlanSchema,
  operator: z.string(),
  workstation: z.string(),
  consoleVersion: z.string(),
  startedAt: timestamp,
  finishedAt: timestamp,
  durationMs: z.number(),
  interruptions: z.number().int(),
  rtoMs: z.number().nullable(),
  dataAgeMs: z.number(),
  files: z.number().int(),
  bytes: z.number(),
  verified: z.number().int(),
  failures: z.array(z.object({ path: z.string(), error: appErrorSchema })),
  /** What this restore could not bring back and why, in sentences. */
  notes: z.array(bilingual),
  outcome: z.enum(['verified', 'with_failures', 'cancelled', 'failed']),
  /** SHA-256 of the evidence document itself, over its other members as canonical JSON. */
  sha256: z.string(),
});
export type Evidence = z.infer<typeof evidenceSchema>;

export const restoreStateSchema = z.object({
  id,
  plan: restorePlanSchema,
  state: z.enum(['planned', 'running', 'interrupted', 'verifying', 'done', 'failed', 'cancelled']),
  jobId: id.nullable(),
  startedAt: timestamp.nullable(),
  finishedAt: timestamp.nullable(),
  error: appErrorSchema.nullable(),
});
export type RestoreState = z.infer<typeof restoreStateSchema>;

export const restoreRequests = {
  /** Computes the plan as a job (`restore-plan`); the job's result is the plan's id. Nothing is written to the target. */
  'restore.plan': request(
    z.object({
      pointId: id,
      /** Paths (with all below) or globs inside the archive; empty means everything. */
      selection: z.array(z.string().min(1).max(8192)).max(10_000).default([]),
      /** Folder to restore into, or null for the original place. */
      targetDir: z.string().min(1).max(4096).nullable(),
      overwrite: overwriteSchema.default('never'),
    }),
    z.object({ jobId: id }),
  ),
  'restore.plan.get': request(z.object({ planId: id }), restorePlanSchema),
  'restore.plan.items': request(
    z.object({
      planId: id,
      action: restoreActionSchema.optional(),
      offset: z.number().int().min(0).default(0),
      limit: z.number().int().min(1).max(5000).default(500),
    }),
    z.object({ items: z.array(restoreItemSchema), total: z.number().int() }),
  ),
  /** Executes exactly that plan. `confirm` must equal the plan's confirmWord. */
  'restore.start': request(
    z.object({ planId: id, confirm: z.string() }),
    z.object({ restoreId: id, jobId: id }),
  ),
  /** Continues an interrupted restore where it stopped. */
  'restore.resume': request(z.object({ restoreId: id }), z.object({ jobId: id })),
  'restore.list': request(nothing, z.object({ restores: z.array(restoreStateSchema) })),
  'restore.get': request(z.object({ restoreId: id }), restoreStateSchema),
  'restore.evidence': request(z.object({ restoreId: id }), z.object({ evidence: evidenceSchema.nullable() })),
};

export const restoreEvents = {
  'restore.changed': z.object({ restoreId: id }),
};
