import * as z from 'zod';
import { appErrorSchema } from '../errors/app-error.ts';
import { bilingual, id, timestamp } from './define.ts';
import { appCheckResultSchema, appCheckSchema } from './restore.ts';

/** When and how a backup plan is drilled. */
export const drillPlanSchema = z
  .object({
    plan: z.string().min(1).max(80),
    /** Cron expression in local time; null: by hand only. */
    schedule: z.string().trim().min(1).max(200).nullable(),
    /** A drill older than this is overdue; null: never. */
    everyDays: z.int().min(1).max(3660).nullable(),
    /** Where the scratch folder is made; null: in the console's data folder. */
    scratchDir: z.string().min(1).max(4096).nullable(),
    /** Run in the scratch folder, which it finds in `HMTT_DRILL_DIR`; exit code 0 means that the application works. */
    appCheck: appCheckSchema.nullable(),
  })
  .strict();
export type DrillPlan = z.infer<typeof drillPlanSchema>;

/** A part of what a drill vouches for, as a hash: when it differs later, the stamp is void. */
const fingerprintPartSchema = z.object({
  what: z.enum(['plan', 'runbook', 'environment', 'version']),
  /** Field of the plan, id of the runbook or item, `major`. */
  key: z.string(),
  name: z.string(),
  hash: z.string(),
});
export type FingerprintPart = z.infer<typeof fingerprintPartSchema>;

/** What changed since a drill. */
const driftSchema = z.object({
  what: fingerprintPartSchema.shape.what,
  key: z.string(),
  name: z.string(),
  how: z.enum(['changed', 'added', 'removed']),
});
export type Drift = z.infer<typeof driftSchema>;

/** A dump that was loaded into a scratch server in the course of a drill. */
const drilledDatabaseSchema = z.object({
  source: z.string(),
  database: z.string(),
  kind: z.string(),
  server: z.string(),
  tables: z.int(),
  bytes: z.number(),
  durationMs: z.number(),
  error: appErrorSchema.nullable(),
});
export type DrilledDatabase = z.infer<typeof drilledDatabaseSchema>;

const drillStateSchema = z.enum(['running', 'passed', 'failed', 'cancelled', 'interrupted']);

/** A rehearsed restore, from its first moment to its evidence. */
export const drillSchema = z.object({
  id,
  plan: z.string(),
  dataClass: z.enum(['core', 'logs']),
  pointId: id,
  pointAt: timestamp,
  state: drillStateSchema,
  trigger: z.enum(['hand', 'schedule']),
  by: z.string(),
  jobId: id.nullable(),
  startedAt: timestamp,
  finishedAt: timestamp.nullable(),
  /** From the start until the application check had ended; cleaning up does not count. */
  durationMs: z.number().nullable(),
  rtoMs: z.number().nullable(),
  rpoMs: z.number().nullable(),
  /** How old the newest data were when the drill began. */
  dataAgeMs: z.number(),
  files: z.int(),
  bytes: z.number(),
  /** Files that were read back and had the SHA-256 of the manifest. */
  verified: z.int(),
  failures: z.array(z.object({ path: z.string(), error: appErrorSchema })).max(1000),
  databases: z.array(drilledDatabaseSchema),
  appCheck: appCheckResultSchema.nullable(),
  error: appErrorSchema.nullable(),
  scratchDir: z.string(),
  /** Whether nothing of it is left on the disk. */
  cleaned: z.boolean(),
  fingerprint: z.array(fingerprintPartSchema),
  version: z.string(),
  workstation: z.string(),
  /** SHA-256 over the canonical JSON of all other members, once it has ended. */
  sha256: z.string(),
});
export type Drill = z.infer<typeof drillSchema>;

/** Whether a plan may be called verified. */
export const stampSchema = z.object({
  plan: z.string(),
  state: z.enum(['never', 'valid', 'void', 'overdue', 'failed']),
  drillId: id.nullable(),
  drilledAt: timestamp.nullable(),
  /** When the next drill is due; null: no rule says. */
  dueAt: timestamp.nullable(),
  nextRunAt: timestamp.nullable(),
  drift: z.array(driftSchema),
});
export type Stamp = z.infer<typeof stampSchema>;

/** One digit of 3-2-1-1-0. */
const digitSchema = z.object({
  name: z.enum(['copies', 'media', 'offsite', 'offline', 'errors']),
  target: z.int(),
  have: z.int(),
  reached: z.boolean(),
  /** What counts, or what is missing. */
  reasons: z.array(bilingual),
  /** What to do to gain it; null when it is reached. */
  next: bilingual.nullable(),
});
export type Digit = z.infer<typeof digitSchema>;

/** The live 3-2-1-1-0 score of a class of data: as good as its worst plan. */
export const scoreSchema = z.object({
  dataClass: z.enum(['core', 'logs']),
  plans: z.array(z.string()),
  digits: z.array(digitSchema),
  /** Digits that are reached, 0 to 5. */
  reached: z.int(),
});
export type Score = z.infer<typeof scoreSchema>;

/** Promise against measurement of one backup plan. */
export const measuredSchema = z.object({
  plan: z.string(),
  dataClass: z.enum(['core', 'logs']),
  rpoMs: z.number().nullable(),
  rtoMs: z.number().nullable(),
  /** Where the promise comes from. */
  promisedBy: z.enum(['plan', 'class', 'nobody']),
  /** Age of the last verified restorable point now; null when there is none. */
  rpoNowMs: z.number().nullable(),
  /** The worst of the last 30 days; null when nothing was measured. */
  rpoWorstMs: z.number().nullable(),
  /** The newest drill or whole restore that came to its end; null when there is none. */
  rtoLastMs: z.number().nullable(),
  rtoWorstMs: z.number().nullable(),
  rtoMeasuredAt: timestamp.nullable(),
  rtoMeasuredBy: z.enum(['drill', 'restore']).nullable(),
  rpoState: z.enum(['kept', 'breached', 'unmeasured', 'unpromised']),
  rtoState: z.enum(['kept', 'breached', 'unmeasured', 'unpromised']),
  /** Worst age in each hour, oldest first: for the drawing. */
  history: z.array(z.object({ at: timestamp, worstMs: z.number().nullable() })),
  stamp: stampSchema,
});
export type Measured = z.infer<typeof measuredSchema>;
