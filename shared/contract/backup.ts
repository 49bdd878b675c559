import * as z from 'zod';
import { appErrorSchema } from '../errors/app-error.ts';
import { backupEncryptionSchema, backupKeyRequests } from './backup-encryption.ts';
import {
  backupMediaEvents,
  backupMediaRequests,
  copyToSchema,
  pointCopySchema,
  restorableSchema,
} from './backup-media.ts';
import { changeStatsSchema, planRetentionSchema, verifyCoverDaysSchema } from './backup-retention.ts';
import {
  type BackupType,
  backupRunSchema,
  backupTypeSchema,
  limitsSchema,
  planChangeSchema,
  schedulesSchema,
} from './backup-schedule.ts';
import {
  databasesSchema,
  hooksSchema,
  offlineSchema,
  remotesSchema,
  runStepsSchema,
} from './backup-sources.ts';
import { bilingual, done, id, nothing, request, timestamp } from './define.ts';

/** How a run tells that a file changed: by size, times, owner, mode and inode, or by its content. */
export const changeDetectionSchema = z.enum(['metadata', 'content']);
export type ChangeDetection = z.infer<typeof changeDetectionSchema>;

export { type BackupType, backupTypeSchema };

const planName = z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,79}$/u);

export const backupPlanInputSchema = z.object({
  name: planName,
  /** Absolute paths of folders or files; may be empty when there are databases or hosts. */
  sources: z.array(z.string().min(1).max(4096)).max(200),
  targetDir: z.string().min(1).max(4096),
  dataClass: z.enum(['core', 'logs']).default('core'),
  exclude: z.array(z.string().min(1).max(1000)).max(1000).default([]),
  /** When it runs by itself, and what it makes then; none means by hand only. */
  schedules: schedulesSchema,
  /** How fast a run may read and write, and when scheduled runs may work. */
  limits: limitsSchema,
  /** `content` reads every file at each run; `metadata` only those whose size, times, owner, mode or inode changed. */
  changeDetection: changeDetectionSchema.default('metadata'),
  rpoMs: z.int().positive().nullable().default(null),
  rtoMs: z.int().positive().nullable().default(null),
  /** Where each point is copied to, with all it depends on. */
  copyTo: copyToSchema,
  /** Which points are kept; null: all. */
  retention: planRetentionSchema,
  /** Every archive is read again and compared within so many days; null: only when asked. */
  verifyCoverDays: verifyCoverDaysSchema,
  /** Commands before and after each run. */
  hooks: hooksSchema.nullable().default(null),
  /** A service that is stopped while the sources are read. */
  offline: offlineSchema.nullable().default(null),
  /** Databases whose dumps go into the point. */
  databases: databasesSchema.default([]),
  /** Folders of hosts that are read over SSH. */
  remotes: remotesSchema.default([]),
  /** Who can open the archives; null: whoever holds the medium. */
  encryption: backupEncryptionSchema.nullable().default(null),
});
export type BackupPlanInput = z.input<typeof backupPlanInputSchema>;

/** What a run did, for the report: everything that was not kept is named. */
export const runReportSchema = z.object({
  files: z.int(),
  directories: z.int(),
  symlinks: z.int(),
  hardLinks: z.int(),
  special: z.int(),
  bytes: z.number(),
  storedBytes: z.number(),
  /** SHA-256 of the archive file as it lies on the medium, hexadecimal: proves the bytes even without a key. */
  archiveSha256: z.string().optional(),
  durationMs: z.number(),
  excluded: z.int(),
  /** Entries that could not be read or changed while being read; the first 1,000 by name. */
  skipped: z.array(z.object({ path: z.string(), error: appErrorSchema })),
  skippedTotal: z.int(),
  /** Of an incremental or differential: paths that are gone, and files that the chain holds already. */
  gone: z.int().optional(),
  unchanged: z.int().optional(),
  /** Which metadata the archive has and which it has not, by the words of docs/archive-format.md; absent in old reports. */
  kept: z.array(z.string()).optional(),
  notKept: z.array(z.string()).optional(),
  /** The point whose state it is, of a full that was made of a chain. */
  synthesizedFrom: id.optional(),
  /** How much changed against the point before; absent when there was none, or its contents could not be read. */
  changes: changeStatsSchema.optional(),
  /** Why the run made this type, on this parent. */
  reasons: z.array(bilingual).optional(),
  /** Hooks, the service that stood still, dumps of databases; left out when the plan has none. */
  steps: runStepsSchema.optional(),
});
export type RunReport = z.infer<typeof runReportSchema>;

export const restorePointSchema = z.object({
  id,
  plan: z.string(),
  type: backupTypeSchema,
  parentId: id.nullable(),
  startedAt: timestamp,
  finishedAt: timestamp,
  /** Where the archive is. */
  archivePath: z.string(),
  state: z.enum(['complete', 'broken', 'missing']),
  verifiedAt: timestamp.nullable(),
  verifyError: appErrorSchema.nullable(),
  report: runReportSchema,
});
export type RestorePoint = z.infer<typeof restorePointSchema>;

/** A point as it is listed, with how it stands in its chain. */
const listedPointSchema = restorePointSchema.extend({
  chain: z.object({
    /** Archives that a restore reads; 1 for a full. */
    length: z.int(),
    /** The first link that is absent or damaged; null when the chain is whole. */
    brokenBy: id.nullable(),
    /** Points that cannot be restored without this one. */
    neededBy: z.int(),
  }),
  /** Where its archive is, everywhere; `archivePath` and `state` are those of the best copy at hand. */
  copies: z.array(pointCopySchema),
  /** What a restore needs. */
  restorable: restorableSchema,
});
export type ListedPoint = z.infer<typeof listedPointSchema>;

const backupPlanSchema = backupPlanInputSchema.extend({
  id,
  createdAt: timestamp,
  nextRunAt: timestamp.nullable(),
  /** What the next scheduled run makes; null when there is none. */
  nextRunType: backupTypeSchema.nullable(),
  points: z.int(),
  lastPointAt: timestamp.nullable(),
  lastVerifiedAt: timestamp.nullable(),
  lastError: appErrorSchema.nullable(),
});
export type BackupPlan = z.infer<typeof backupPlanSchema>;

/** One entry of a restore point, as browsing shows it. */
const backupEntrySchema = z.object({
  /** Path inside the archive: absolute source path without the leading slash. */
  path: z.string(),
  type: z.enum(['file', 'directory', 'symlink', 'hardlink', 'fifo', 'socket', 'device']),
  size: z.number(),
  mode: z.int(),
  mtimeMs: z.number(),
  sha256: z.string().nullable(),
});
export type BackupEntry = z.infer<typeof backupEntrySchema>;

/** What verification found. */
export const verifyReportSchema = z.object({
  pointId: id,
  ok: z.boolean(),
  files: z.int(),
  bytes: z.number(),
  /** True when no key was at hand: then sizes and hashes of the files were compared, and nothing was decrypted. */
  outer: z.boolean().optional(),
  damaged: z.array(z.object({ path: z.string(), frame: z.int().nullable(), error: appErrorSchema })),
});
export type VerifyReport = z.infer<typeof verifyReportSchema>;

export const backupRequests = {
  ...backupKeyRequests,
  'backup.plans.list': request(nothing, z.object({ plans: z.array(backupPlanSchema) })),
  'backup.plans.add': request(backupPlanInputSchema, z.object({ id })),
  /** Replaces the settings of the plan of that name, looked at as when it was made; the change is written down. */
  'backup.plans.update': request(backupPlanInputSchema, z.object({ changed: z.array(z.string()) })),
  /** What was changed in a plan's settings, the latest first. */
  'backup.plans.history': request(
    z.object({ name: planName, limit: z.int().min(1).max(1000).default(100) }),
    z.object({ changes: z.array(planChangeSchema) }),
  ),
  /** Runs of a plan, however they ended, the latest first. */
  'backup.runs.list': request(
    z.object({ plan: planName, limit: z.int().min(1).max(1000).default(100) }),
    z.object({ runs: z.array(backupRunSchema), total: z.int() }),
  ),
  /** Removes the plan; archives stay where they are. */
  'backup.plans.remove': request(z.object({ name: planName }), done),
  /** Starts a run; its end is told by the job. */
  'backup.run': request(
    z.object({
      name: planName,
      type: backupTypeSchema.default('full'),
      /** Also outside of the plan's hours. */
      regardless: z.boolean().default(false),
    }),
    z.object({ jobId: id }),
  ),
  /** Makes a full of the archives that the plan's newest point is restored from, without its sources; BACKUP_SYNTHESIZE_FULL when
   * that point is one archive already. */
  'backup.synthesize': request(z.object({ name: planName }), z.object({ jobId: id })),
  'backup.points.list': request(
    z.object({ plan: planName.optional() }),
    z.object({ points: z.array(listedPointSchema) }),
  ),
  'backup.points.get': request(z.object({ pointId: id }), listedPointSchema),
  'backup.verify': request(z.object({ name: planName, pointId: id.optional() }), z.object({ jobId: id })),
  'backup.verifyReport': request(
    z.object({ pointId: id }),
    z.object({ report: verifyReportSchema.nullable() }),
  ),
  /** Children of a folder in a point; `prefix` is '' for the top. */
  'backup.browse': request(
    z.object({
      pointId: id,
      prefix: z.string().max(8192).default(''),
      limit: z.int().min(1).max(10_000).default(1000),
      offset: z.int().min(0).default(0),
    }),
    z.object({ entries: z.array(backupEntrySchema.extend({ name: z.string() })), total: z.int() }),
  ),
  /**
   * File-first search over all points: paths that contain the text, with the points that hold them. `*` and `?` are
   * wildcards, too: over the name, or over the path when there is a slash.
   */
  'backup.find': request(
    z.object({ text: z.string().min(1).max(1000), limit: z.int().min(1).max(2000).default(200) }),
    z.object({
      files: z.array(
        z.object({
          path: z.string(),
          versions: z.array(
            z.object({
              pointId: id,
              plan: z.string(),
              at: timestamp,
              size: z.number(),
              mtimeMs: z.number(),
              sha256: z.string().nullable(),
              /** Folders and media that hold the point's archive, and how each stands. */
              copies: z.array(z.object({ name: z.string(), state: pointCopySchema.shape.state })),
            }),
          ),
        }),
      ),
      total: z.int(),
    }),
  ),
  /** Rebuilds the catalogue from archives in folders, without anything else. */
  ...backupMediaRequests,
  'backup.rebuild': request(z.object({ dirs: z.array(z.string().min(1)).min(1) }), z.object({ jobId: id })),
};

export const backupEvents = {
  ...backupMediaEvents,
  'backup.changed': z.object({ plan: z.string() }),
};
