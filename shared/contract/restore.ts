import * as z from 'zod';
import { appErrorSchema } from '../errors/app-error.ts';
import { bilingual, done, id, nothing, request, timestamp } from './define.ts';

export const overwriteSchema = z.enum(['never', 'older', 'always']);
export type Overwrite = z.infer<typeof overwriteSchema>;

/**
 * What will happen to one path: `restore` makes it, `update` replaces what is there, `same` and `skip` leave it. `remove`
 * takes away what an earlier restore made, and occurs only when that one is undone.
 */
const restoreActionSchema = z.enum(['restore', 'update', 'same', 'skip', 'remove']);
export type RestoreAction = z.infer<typeof restoreActionSchema>;

const restoreItemSchema = z.object({
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
    'same_target',
    'put_back',
    'made_by_restore',
    'changed_since',
  ]),
});
export type RestoreItem = z.infer<typeof restoreItemSchema>;

const actionTotal = z.object({ files: z.int(), bytes: z.number() });
const actionTotals = z.object({
  restore: actionTotal,
  update: actionTotal,
  same: actionTotal,
  skip: actionTotal,
  remove: actionTotal.default({ files: 0, bytes: 0 }),
});
export type RestoreTotals = z.infer<typeof actionTotals>;

const ownerName = z.string().min(1).max(255);
const ownerMap = z
  .array(z.object({ from: ownerName, to: ownerName }))
  .max(1000)
  .default([]);

/**
 * Whose the restored files are. `keep`: the numbers in the archive; `names`: who has the same name here, else the number;
 * `current`: whoever runs the console. Users and groups (names or numbers) that are mapped go before all of these.
 */
const ownersSchema = z.object({
  mode: z.enum(['keep', 'names', 'current']).default('keep'),
  users: ownerMap,
  groups: ownerMap,
});
export type Owners = z.infer<typeof ownersSchema>;

const archivePath = z.string().min(1).max(8192);

/** Other names and places: a path inside the archive begins with `from` and is written as `to` instead; the longest wins. */
const renamesSchema = z.array(z.object({ from: archivePath, to: archivePath })).max(1000);
export type Renames = z.infer<typeof renamesSchema>;

/** A command that says whether the application works with what came back; exit code 0 means that it does. */
export const appCheckSchema = z.object({
  command: z.string().min(1).max(4096),
  timeoutMs: z.int().min(1000).max(3_600_000).default(60_000),
});
export type AppCheck = z.infer<typeof appCheckSchema>;

/** Where what is overwritten is kept, and what that takes. `link`: no space, the old file keeps its place on the disk. */
const safetyPlanSchema = z.object({
  files: z.int(),
  bytes: z.number(),
  method: z.enum(['link', 'copy']),
  dir: z.string(),
  freeBytes: z.number(),
});

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
  /** The word the operator must type to start; empty where nothing that exists is touched. */
  confirmWord: z.string(),
  createdAt: timestamp,
  owners: ownersSchema.default({ mode: 'keep', users: [], groups: [] }),
  /** Leading folders of the archive that are left out of the real paths; empty for none. */
  strip: z.string().default(''),
  renames: renamesSchema.default([]),
  /** Null when nothing that is overwritten is kept. */
  safety: safetyPlanSchema.nullable().default(null),
  appCheck: appCheckSchema.nullable().default(null),
  /** Hosts whose state is written into the evidence. */
  hosts: z.array(z.string()).default([]),
  /** The restore that this plan undoes. */
  undoOf: id.nullable().default(null),
  /** The host that is written to; null for this machine. */
  host: z.object({ login: id, name: z.string(), address: z.string() }).nullable().default(null),
});
export type RestorePlan = z.infer<typeof restorePlanSchema>;

/** How the application check went. */
export const appCheckResultSchema = z.object({
  command: z.string(),
  outcome: z.enum(['successful', 'failed', 'timed_out', 'not_started']),
  exitCode: z.int().nullable(),
  durationMs: z.number(),
  /** What it wrote, the last 64 KiB. */
  output: z.string(),
});
export type AppCheckResult = z.infer<typeof appCheckResultSchema>;

/** A signature over the canonical JSON of all other members of a document. */
export const signatureSchema = z.object({
  algorithm: z.literal('Ed25519'),
  /** DER of the SubjectPublicKeyInfo, base64. */
  publicKey: z.string().max(200),
  /** SHA-256 of that DER, hexadecimal. */
  fingerprint: z.string().max(64),
  value: z.string().max(200),
});

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
  interruptions: z.int(),
  rtoMs: z.number().nullable(),
  dataAgeMs: z.number(),
  files: z.int(),
  bytes: z.number(),
  verified: z.int(),
  failures: z.array(z.object({ path: z.string(), error: appErrorSchema })),
  /** What this restore could not bring back and why, in sentences. */
  notes: z.array(bilingual),
  outcome: z.enum(['verified', 'with_failures', 'cancelled', 'failed']),
  /** Recovery point objective of the plan, beside `dataAgeMs`. */
  rpoMs: z.number().nullable().optional(),
  appCheck: appCheckResultSchema.nullable().optional(),
  /** Hosts concerned, as they stood when the restore had ended. */
  hosts: z.array(z.object({ name: z.string(), state: z.string(), since: timestamp.nullable() })).optional(),
  /** Who allowed it besides the operator. */
  approvers: z.array(z.string()).optional(),
  /** What was overwritten and is kept, for undoing. */
  safety: z.object({ files: z.int(), bytes: z.number(), dir: z.string() }).nullable().optional(),
  /** SHA-256 of the evidence document itself, over its other members but the signature as canonical JSON. */
  sha256: z.string(),
  signature: signatureSchema.optional(),
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
  /** What was overwritten and is kept; null when nothing was. */
  safety: z
    .object({
      files: z.int(),
      bytes: z.number(),
      dir: z.string(),
      discardedAt: timestamp.nullable(),
    })
    .nullable()
    .default(null),
  /** The restore that undid this one, once it has ended. */
  undoneBy: id.nullable().default(null),
  /** Whether it can be undone now. */
  canUndo: z.boolean().default(false),
});
export type RestoreState = z.infer<typeof restoreStateSchema>;

/** One thing that is looked at before a restore. `blocked`: it cannot begin like this. */
const readyItemSchema = z.object({
  id: z.enum(['verified', 'changed', 'chain', 'media', 'key', 'space', 'target', 'owners', 'others']),
  state: z.enum(['ok', 'warning', 'blocked']),
  text: bilingual,
});
export type ReadyItem = z.infer<typeof readyItemSchema>;

export const restoreRequests = {
  /** Computes the plan as a job (`restore-plan`); the job's result is the plan's id. Nothing is written to the target. */
  'restore.plan': request(
    z.object({
      pointId: id,
      /** Paths (with all below) or globs inside the archive; empty means everything. */
      selection: z.array(z.string().min(1).max(8192)).max(10_000).default([]),
      /** Folder to restore into, or null for the original place. */
      targetDir: z.string().min(1).max(4096).nullable(),
      /** Login of the host that is written to, by SFTP, into `targetDir`; null for this machine. */
      toHost: id.nullable().default(null),
      overwrite: overwriteSchema.default('never'),
      owners: ownersSchema.default({ mode: 'keep', users: [], groups: [] }),
      strip: z.string().max(8192).default(''),
      renames: renamesSchema.default([]),
      /** Keep what is overwritten, so that the restore can be undone. */
      safetyCopy: z.boolean().default(true),
      appCheck: appCheckSchema.nullable().default(null),
      hosts: z.array(z.string().min(1).max(255)).max(200).default([]),
    }),
    z.object({ jobId: id }),
  ),
  /** Whether a restore from the point can begin: verified, unchanged, media, key, space, target. Nothing is written. */
  'restore.check': request(
    z.object({
      pointId: id,
      targetDir: z.string().min(1).max(4096).nullable(),
      toHost: id.nullable().default(null),
    }),
    z.object({ items: z.array(readyItemSchema), ready: z.boolean() }),
  ),
  'restore.plan.get': request(z.object({ planId: id }), restorePlanSchema),
  'restore.plan.items': request(
    z.object({
      planId: id,
      action: restoreActionSchema.optional(),
      offset: z.int().min(0).default(0),
      limit: z.int().min(1).max(5000).default(500),
    }),
    z.object({ items: z.array(restoreItemSchema), total: z.int() }),
  ),
  /** Executes exactly that plan. `confirm` must equal the plan's confirmWord. */
  'restore.start': request(
    z.object({ planId: id, confirm: z.string() }),
    z.object({ restoreId: id, jobId: id }),
  ),
  /** Continues an interrupted restore where it stopped. */
  'restore.resume': request(z.object({ restoreId: id }), z.object({ jobId: id })),
  /**
   * Computes, as a job (`restore-plan`), the plan that brings every path back to what it was before the restore; it is
   * shown, started and resumed like any other. What was changed since is kept, or replaced (and kept again).
   */
  'restore.undo': request(
    z.object({ restoreId: id, changed: z.enum(['keep', 'replace']).default('keep') }),
    z.object({ jobId: id }),
  ),
  /** Gives up what a restore keeps of the files that it overwrote; it cannot be undone then. `confirm`: the plan's name. */
  'restore.discardSafety': request(z.object({ restoreId: id, confirm: z.string() }), done),
  /** Checks hash and signature of an evidence document, as it stands in its file. */
  'restore.verifyEvidence': request(
    z.object({ text: z.string().max(64 * 1024 * 1024) }),
    z.object({
      intact: z.boolean(),
      signed: z.boolean(),
      /** True when this very console signed it. */
      ownKey: z.boolean(),
      fingerprint: z.string().nullable(),
    }),
  ),
  'restore.list': request(nothing, z.object({ restores: z.array(restoreStateSchema) })),
  'restore.get': request(z.object({ restoreId: id }), restoreStateSchema),
  'restore.evidence': request(z.object({ restoreId: id }), z.object({ evidence: evidenceSchema.nullable() })),
};

export const restoreEvents = {
  'restore.changed': z.object({ restoreId: id }),
};
