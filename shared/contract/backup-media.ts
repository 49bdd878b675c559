import * as z from 'zod';
import { appErrorSchema } from '../errors/app-error.ts';
import { bilingual, done, id, nothing, request, timestamp } from './define.ts';

/** A label as it is written on the medium's case, e.g. HMTT-07. */
export const mediumLabelSchema = z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,39}$/u);

/** Name of a rotation pool. */
export const poolNameSchema = z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,39}$/u);

const place = z.string().trim().max(200);
const person = z.string().trim().min(1).max(100);

/** Where points are copied to: a folder, or whichever medium of a pool is at hand. */
const copyTargetSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('folder'), dir: z.string().min(1).max(4096) }),
  z.object({ kind: z.literal('pool'), pool: poolNameSchema }),
]);
export type CopyTarget = z.infer<typeof copyTargetSchema>;

/** Field `copyTo` of a plan. Each run's point goes there with all it depends on. */
export const copyToSchema = z.array(copyTargetSchema).max(10).default([]);

/**
 * How a medium stands. `absent` is no fault: it lies where the ledger says. `overdue` is absent, and it should be here.
 */
const mediumStateSchema = z.enum(['here', 'absent', 'overdue', 'damaged', 'retired']);

/** A removable medium of a rotation pool. */
const mediumSchema = z.object({
  id,
  label: mediumLabelSchema,
  pool: poolNameSchema,
  state: mediumStateSchema,
  /** Where it is mounted now; null when it is not at hand. */
  root: z.string().nullable(),
  /** Where it lies when it is not at hand, as the ledger says; empty when nobody wrote it down. */
  location: z.string(),
  createdAt: timestamp,
  lastSeenAt: timestamp.nullable(),
  /** When points were last copied onto it. */
  lastCopiedAt: timestamp.nullable(),
  /** When it is to be inserted next; null for retired and damaged media. */
  dueAt: timestamp.nullable(),
  /** Space as it was last seen, bytes. */
  freeBytes: z.number().nullable(),
  totalBytes: z.number().nullable(),
  /** Points whose archive is on it. */
  points: z.int(),
  /** What is wrong with it, if anything: damaged, two media of one label, a clone. */
  problem: appErrorSchema.nullable(),
});
export type Medium = z.infer<typeof mediumSchema>;

/** One day of the rotation calendar. */
const rotationEntrySchema = z.object({
  mediumId: id,
  label: z.string(),
  dueAt: timestamp,
  isOverdue: z.boolean(),
  reason: bilingual,
});
export type RotationEntry = z.infer<typeof rotationEntrySchema>;

/** A rotation pool with its calendar, the medium that is due first on top. */
const poolSchema = z.object({
  name: poolNameSchema,
  /** Days for which a medium serves before the next is due. */
  cycleDays: z.int(),
  calendar: z.array(rotationEntrySchema),
});
export type Pool = z.infer<typeof poolSchema>;

/** What somebody is to put in now, and why. */
const insertNowSchema = z.object({
  pool: poolNameSchema,
  mediumId: id,
  label: z.string(),
  location: z.string(),
  sentence: bilingual,
  /** Points that wait to be copied to this pool. */
  waiting: z.int(),
});
export type InsertNow = z.infer<typeof insertNowSchema>;

/** One line of a medium's ledger. */
export const ledgerEntrySchema = z.object({
  at: timestamp,
  what: z.enum(['labelled', 'moved', 'seen', 'gone', 'copied', 'damaged', 'repaired', 'retired', 'found']),
  who: z.string(),
  place: z.string(),
  note: z.string(),
});
export type LedgerEntry = z.infer<typeof ledgerEntrySchema>;

/** Where the archive of a point is. */
export const pointCopySchema = z.object({
  /** `first`: where the run wrote it. */
  kind: z.enum(['first', 'folder', 'medium']),
  /** The folder, or the medium's label. */
  name: z.string(),
  mediumId: id.nullable(),
  /** Where the archive is, or was when it was last seen. */
  path: z.string(),
  /** `absent`: its medium or folder is not at hand; `missing`: the place is at hand, the archive is not. */
  state: z.enum(['intact', 'broken', 'absent', 'missing']),
  /** Where its medium lies, for a medium that is not at hand. */
  location: z.string(),
  bytes: z.number(),
  copiedAt: timestamp.nullable(),
  verifiedAt: timestamp.nullable(),
  error: appErrorSchema.nullable(),
});
export type PointCopy = z.infer<typeof pointCopySchema>;

/** What a restore of a point needs. */
export const restorableSchema = z.object({
  /** True when every archive of the chain is at hand. */
  now: z.boolean(),
  /** Media to insert, when `now` is false because they are not here. */
  insert: z.array(z.object({ mediumId: id, label: z.string(), location: z.string() })),
  /** Links of the chain of which no copy is known anywhere. */
  lost: z.array(id),
});
export type Restorable = z.infer<typeof restorableSchema>;

/** What happened to one archive in a rebuild. */
const rebuiltArchiveSchema = z.object({
  path: z.string(),
  /** `known`: it had not changed since it was last read, so it was not read again. */
  outcome: z.enum(['catalogued', 'copy', 'known', 'unreadable']),
  pointId: id.nullable(),
  error: appErrorSchema.nullable(),
});
export type RebuiltArchive = z.infer<typeof rebuiltArchiveSchema>;

/** What the last rebuild did, archive by archive. */
export const rebuildReportSchema = z.object({
  startedAt: timestamp,
  /** Null while it runs, and when it was cut off: then the same folders continue it. */
  finishedAt: timestamp.nullable(),
  dirs: z.array(z.string()),
  /** At most the last 2,000; `counts` counts all. */
  archives: z.array(rebuiltArchiveSchema),
  counts: z.object({
    catalogued: z.int(),
    copy: z.int(),
    known: z.int(),
    unreadable: z.int(),
  }),
  /** Media found under the folders. */
  media: z.array(z.string()),
  /** Media that hold archives which are still missing: insert these next. */
  next: z.array(z.object({ label: z.string(), location: z.string(), archives: z.int() })),
});
export type RebuildReport = z.infer<typeof rebuildReportSchema>;

export const backupMediaRequests = {
  'backup.media.list': request(
    nothing,
    z.object({
      media: z.array(mediumSchema),
      pools: z.array(poolSchema),
      insertNow: z.array(insertNowSchema),
      /** Mounted file systems without a label, offered for labelling. */
      unlabelled: z.array(z.object({ root: z.string(), freeBytes: z.number(), totalBytes: z.number() })),
    }),
  ),
  /** Makes a medium of the file system mounted at `root`. What lies on it stays. */
  'backup.media.label': request(
    z.object({
      root: z.string().min(1).max(4096),
      label: mediumLabelSchema,
      pool: poolNameSchema.default('default'),
      location: place.default(''),
      who: person.optional(),
      /** Takes a folder that is not a file system of its own: for network shares and tests. */
      anyFolder: z.boolean().default(false),
    }),
    mediumSchema,
  ),
  /** Writes down where a medium lies. */
  'backup.media.move': request(
    z.object({
      medium: z.string().min(1).max(200),
      location: place.min(1),
      who: person.optional(),
      note: z.string().trim().max(500).default(''),
    }),
    mediumSchema,
  ),
  /** Takes a medium out of use, marks it damaged, or sound again. */
  'backup.media.mark': request(
    z.object({
      medium: z.string().min(1).max(200),
      as: z.enum(['retired', 'damaged', 'sound']),
      who: person.optional(),
      note: z.string().trim().max(500).default(''),
    }),
    mediumSchema,
  ),
  /** For how many days a medium of the pool serves before the next is due. */
  'backup.media.pool': request(z.object({ name: poolNameSchema, cycleDays: z.int().min(1).max(366) }), done),
  /** The ledger of a medium, newest first. */
  'backup.media.ledger': request(
    z.object({ medium: z.string().min(1).max(200) }),
    z.object({ entries: z.array(ledgerEntrySchema) }),
  ),
  /** What is on a medium: points, newest first. */
  'backup.media.contents': request(
    z.object({ medium: z.string().min(1).max(200) }),
    z.object({
      points: z.array(
        z.object({ pointId: id, plan: z.string(), startedAt: timestamp.nullable(), copy: pointCopySchema }),
      ),
    }),
  ),
  /**
   * Copies points of a plan with all they depend on. `to` is a folder's absolute path, a medium's label or a pool; left out,
   * it is what the plan says.
   */
  'backup.copy': request(
    z.object({
      name: z.string().min(1).max(100),
      to: z.string().min(1).max(4096).optional(),
      pointId: id.optional(),
      /** All points of the plan, not only the newest. */
      all: z.boolean().default(false),
      /** At most so many bytes a second. */
      bytesPerSecond: z.int().positive().nullable().default(null),
    }),
    z.object({ jobIds: z.array(id) }),
  ),
  /** Every copy of a point that the catalogue knows, and which media a restore needs. */
  'backup.copies': request(
    z.object({ pointId: id }),
    z.object({ copies: z.array(pointCopySchema), restorable: restorableSchema }),
  ),
  /** Reads every copy on a target (a medium's label or id, or a folder) and compares it with its hash. */
  'backup.copies.verify': request(z.object({ target: z.string().min(1).max(4096) }), z.object({ jobId: id })),
  /** What the last rebuild did; null when there was none. */
  'backup.rebuild.report': request(nothing, z.object({ report: rebuildReportSchema.nullable() })),
};

export const backupMediaEvents = {
  /** A medium came, went, moved, or got points. */
  'backup.media.changed': z.object({ mediumId: id.nullable() }),
};
