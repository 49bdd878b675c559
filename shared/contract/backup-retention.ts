import * as z from 'zod';
import { appErrorSchema } from '../errors/app-error.ts';
import { bilingual, done, id, nothing, request, timestamp, timeZoneName } from './define.ts';

const planName = z.string().min(1).max(80);
const who = z.string().trim().min(1).max(200);
const why = z.string().trim().min(1).max(2000);
const count = z.int().min(0).max(10_000);
const lengthMs = z
  .int()
  .positive()
  .max(100 * 366 * 86_400_000);

/**
 * Which restore points a plan keeps. A point that any rule keeps stays; a policy without a rule keeps everything.
 * The counting rules mean what they mean to `restic forget`: of each of the last n hours (days, …) that have points, the
 * newest point.
 */
export const retentionPolicySchema = z.object({
  keepLast: count.default(0),
  keepHourly: count.default(0),
  keepDaily: count.default(0),
  keepWeekly: count.default(0),
  keepMonthly: count.default(0),
  keepYearly: count.default(0),
  /** Everything made within this time before the newest point. */
  keepWithinMs: lengthMs.nullable().default(null),
  /** Nothing younger than this is ever removed, whatever the rules say. */
  minAgeMs: lengthMs.nullable().default(null),
  /** Time zone of hours, days, weeks, months and years (IANA name); null: that of this machine. */
  timeZone: timeZoneName.nullable().default(null),
  /** Remove what the policy does not keep after each run. */
  afterRun: z.boolean().default(true),
});
export type RetentionPolicy = z.infer<typeof retentionPolicySchema>;

/** Plan field `retention`; null keeps everything. */
export const planRetentionSchema = retentionPolicySchema.nullable().default(null);

/** Plan field `verifyCoverDays`: every byte of the plan's archives is read again within so many days; null: not by itself. */
export const verifyCoverDaysSchema = z.int().min(1).max(3650).nullable().default(null);

/** A legal hold (保全锁定): the point, and all it builds on, stays until the hold is lifted or its time is over. */
const legalHoldSchema = z.object({
  id: z.int(),
  pointId: id,
  who,
  why,
  setAt: timestamp,
  /** Null: until somebody lifts it. */
  until: timestamp.nullable(),
  clearedAt: timestamp.nullable(),
  clearedBy: z.string().nullable(),
});
export type LegalHold = z.infer<typeof legalHoldSchema>;

/** What is decided of one point, and why. */
const pointDecisionSchema = z.object({
  pointId: id,
  keep: z.boolean(),
  /** Each rule that keeps it, or why it goes. */
  reasons: z.array(bilingual).min(1),
});
export type PointDecision = z.infer<typeof pointDecisionSchema>;

/** What pruning would do now; the plan that is shown is the plan that is executed. */
const retentionPreviewSchema = z.object({
  plan: z.string(),
  policy: retentionPolicySchema.nullable(),
  timeZone: z.string(),
  /** Why nothing at all is removed now; null when the decisions stand. */
  refusal: appErrorSchema.nullable(),
  /** The one seen last first. */
  points: z.array(
    pointDecisionSchema.extend({
      type: z.enum(['full', 'incremental', 'differential']),
      startedAt: timestamp,
      archivePath: z.string(),
      archiveBytes: z.number(),
    }),
  ),
  remove: z.int(),
  freedBytes: z.number(),
  keptBytes: z.number(),
  /** SHA-256 of what will be removed and why; pruning asks for it. */
  hash: z.string(),
});
export type RetentionPreview = z.infer<typeof retentionPreviewSchema>;

/** What a policy would keep in some weeks, if the plan goes on as it did. */
const retentionForecastSchema = z.object({
  /** What is assumed of a run: how often, how large; from this plan's own points. */
  assumes: bilingual,
  steps: z.array(z.object({ at: timestamp, points: z.int(), bytes: z.number(), removed: z.int() })),
  peakBytes: z.number(),
  /** What is kept at the end, the newest first; at most 2,000. */
  kept: z.array(
    z.object({
      startedAt: timestamp,
      type: z.enum(['full', 'incremental', 'differential']),
      bytes: z.number(),
      reasons: z.array(bilingual),
    }),
  ),
  keptTotal: z.int(),
});
export type RetentionForecast = z.infer<typeof retentionForecastSchema>;

/** How much a run changed against the point before it. */
export const changeStatsSchema = z.object({
  /** Files there were before. */
  before: z.int(),
  added: z.int(),
  changed: z.int(),
  gone: z.int(),
  /** Bytes of files that are new or changed. */
  changedBytes: z.number(),
  /** Files that are gone while one with another or one more ending came in their place. */
  renamed: z.int(),
  /** The ending that most of them got; null when none. */
  ending: z.string().nullable(),
  /** Stored bytes ÷ bytes read, of this run's archive; near 1: what is stored cannot be compressed. */
  storedRatio: z.number().nullable(),
});
export type ChangeStats = z.infer<typeof changeStatsSchema>;

/** A run that changed far more than the plan's runs do: ransomware, or an accident. Retention waits until it is acknowledged. */
export const massChangeSchema = z.object({
  pointId: id,
  plan: z.string(),
  at: timestamp,
  stats: changeStatsSchema,
  /** Each sign, with what is usual for the plan and where the threshold lies. */
  signs: z.array(
    z.object({
      kind: z.enum(['changed', 'gone', 'incompressible', 'renamed']),
      value: z.number(),
      usual: z.number().nullable(),
      threshold: z.number(),
      sentence: bilingual,
    }),
  ),
  acknowledgedAt: timestamp.nullable(),
  acknowledgedBy: z.string().nullable(),
  note: z.string().nullable(),
});
export type MassChange = z.infer<typeof massChangeSchema>;

/** Points made against points promised by the schedule, in a window that ends now. */
const complianceWindowSchema = z.object({
  days: z.int(),
  expected: z.int(),
  made: z.int(),
  failed: z.int(),
  /** made ÷ expected, at most 1; null when nothing was expected. */
  ratio: z.number().nullable(),
});

/** One plan: promised against measured. */
const planComplianceSchema = z.object({
  plan: z.string(),
  dataClass: z.enum(['core', 'logs']),
  rpoMs: z.number().nullable(),
  /** Age of the newest verified restorable point; null when there is none. */
  ageMs: z.number().nullable(),
  /** By how much the RPO is broken now; null when kept or not promised. */
  overMs: z.number().nullable(),
  /** The longest time between two verified points (and from the last to now) in the last 30 days. */
  worstGapMs: z.number().nullable(),
  windows: z.array(complianceWindowSchema),
});
export type PlanCompliance = z.infer<typeof planComplianceSchema>;

/** How far rolling verification has come. */
const verifyCoverSchema = z.object({
  plan: z.string(),
  coverDays: z.int().nullable(),
  totalBytes: z.number(),
  /** Bytes of archives that were read and found intact within the cover time. */
  coveredBytes: z.number(),
  /** When the archive that waits longest was last verified; null: never, or there is none. */
  oldestVerifiedAt: timestamp.nullable(),
  overdue: z.int(),
});
export type VerifyCover = z.infer<typeof verifyCoverSchema>;

/** A removal that was asked for, as it ended. */
const pruneRecordSchema = z.object({
  id,
  plan: z.string(),
  at: timestamp,
  endedAt: timestamp.nullable(),
  /** `interrupted`: ended by a power cut; what was begun is finished at the next start. */
  state: z.enum(['running', 'done', 'failed', 'interrupted']),
  points: z.int(),
  bytes: z.number(),
  error: appErrorSchema.nullable(),
});
export type PruneRecord = z.infer<typeof pruneRecordSchema>;

export const backupRetentionRequests = {
  /** What would be removed now and why; with `policy`, what that policy would remove. */
  'backup.retention.preview': request(
    z.object({ name: planName, policy: retentionPolicySchema.nullable().optional() }),
    retentionPreviewSchema,
  ),
  'backup.retention.simulate': request(
    z.object({
      name: planName,
      policy: retentionPolicySchema.nullable(),
      weeks: z.int().min(1).max(260).default(26),
    }),
    retentionForecastSchema,
  ),
  /** The operator looked at the clock and says that it is right now: points whose times contradict it no longer hinder. */
  'backup.retention.acceptClock': request(z.object({ name: planName, who, why }), done),
  'backup.retention.history': request(
    z.object({ name: planName }),
    z.object({ prunes: z.array(pruneRecordSchema) }),
  ),
  /** Removes what the preview with this hash showed; its end is told by the job. */
  'backup.prune': request(
    z.object({ name: planName, hash: z.string().regex(/^[0-9a-f]{64}$/) }),
    z.object({ jobId: id }),
  ),
  'backup.hold.set': request(
    z.object({ pointId: id, who, why, until: timestamp.nullable().default(null) }),
    legalHoldSchema,
  ),
  'backup.hold.clear': request(z.object({ pointId: id, who, why }), done),
  /** Holds of a plan or of all, those that ended included, the last set first. */
  'backup.hold.list': request(
    z.object({ plan: planName.optional() }),
    z.object({ holds: z.array(legalHoldSchema) }),
  ),
  'backup.massChange.list': request(
    z.object({ plan: planName.optional() }),
    z.object({ changes: z.array(massChangeSchema) }),
  ),
  'backup.massChange.acknowledge': request(z.object({ pointId: id, who, note: why }), done),
  /** Promised against measured, per plan (breaches first). */
  'backup.compliance': request(nothing, z.object({ plans: z.array(planComplianceSchema) })),
  'backup.verifyCover': request(nothing, z.object({ plans: z.array(verifyCoverSchema) })),
};
