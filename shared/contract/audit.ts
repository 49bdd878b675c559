import * as z from 'zod';
import { absolutePath, bilingual, nothing, request, timestamp } from './define.ts';

/** By which way somebody acted; `engine`: nobody, it acted by itself. */
export const auditWaySchema = z.enum(['window', 'command', 'engine']);
export type AuditWay = z.infer<typeof auditWaySchema>;

/**
 * What came of it. `begun`: the job that it started has not ended; `open`: no outcome was written, because it goes on now or the engine
 * ended before.
 */
const auditOutcomeSchema = z.enum(['done', 'failed', 'cancelled', 'refused', 'begun', 'open']);
export type AuditOutcome = z.infer<typeof auditOutcomeSchema>;

/** One thing that was done, with its outcome: the entries of the trail that belong together. */
const auditRecordSchema = z.object({
  /** Number of the entry that says what was asked. */
  n: z.int(),
  at: timestamp,
  /** The operating system's user. */
  by: z.string(),
  via: auditWaySchema,
  /** The request, such as `hosts.add`; what the engine does by itself has names of its own. */
  action: z.string(),
  object: z.string(),
  /** Named values of the request; no secret is among them. */
  asked: z.record(z.string(), z.string()),
  outcome: auditOutcomeSchema,
  /** Code of the error. */
  code: z.string().nullable(),
  endedAt: timestamp.nullable(),
  /** Id of what was made. */
  made: z.string().nullable(),
  /** SHA-256 of the entry's line. */
  hash: z.string(),
});
export type AuditRecord = z.infer<typeof auditRecordSchema>;

/** What is wrong with the trail. */
const auditFindingSchema = z.object({
  kind: z.enum(['changed', 'missing', 'reordered', 'foreign_key', 'cut', 'rewritten']),
  /** Number of the entry; the first of several that are missing. */
  n: z.int(),
  sentence: bilingual,
});
export type AuditFinding = z.infer<typeof auditFindingSchema>;

/** What reading the whole chain again found (docs/audit.md). */
const auditReportSchema = z.object({
  ok: z.boolean(),
  entries: z.int(),
  /** Of their lines. */
  bytes: z.number(),
  checkpoints: z.int(),
  /** Entries behind the last checkpoint: chained, not signed. */
  unsigned: z.int(),
  firstAt: timestamp.nullable(),
  lastAt: timestamp.nullable(),
  /** Of the key that signed; null without a checkpoint. */
  fingerprint: z.string().nullable(),
  /** The first of them. */
  findings: z.array(auditFindingSchema),
  /** How many there are in all. */
  found: z.int(),
  tookMs: z.number(),
});
export type AuditReport = z.infer<typeof auditReportSchema>;

/** What is shown of the trail. */
export const auditFilterSchema = z.object({
  from: timestamp.optional(),
  /** Excluded. */
  to: timestamp.optional(),
  by: z.string().max(200).optional(),
  via: auditWaySchema.optional(),
  /** An action, or the beginning of several up to a dot: `hosts` finds `hosts.add`. */
  action: z.string().max(100).optional(),
  outcome: auditOutcomeSchema.optional(),
  /** Somewhere in object, values or id; upper and lower case are the same. */
  text: z.string().max(200).optional(),
});
export type AuditFilter = z.infer<typeof auditFilterSchema>;

/** The trail's line to write down elsewhere. */
const auditAnchorSchema = z.object({ n: z.int(), hash: z.string(), text: z.string() });

export const auditRequests = {
  /** The newest first. */
  'audit.list': request(
    auditFilterSchema.extend({
      limit: z.int().min(1).max(1_000).default(200),
      /** Only records before this number; for the next page. */
      before: z.int().optional(),
    }),
    z.object({
      records: z.array(auditRecordSchema),
      /** How many the filter finds in all. */
      total: z.int(),
      /** Everybody who acted, and every action there is, for filters. */
      people: z.array(z.string()),
      actions: z.array(z.string()),
    }),
  ),
  /** Reads the whole chain again; `audit.progress` tells the caller how far it is. BAD_INPUT for what is no anchor */
  'audit.verify': request(z.object({ anchor: z.string().max(300).optional() }), auditReportSchema),
  /** The last checkpoint; unsigned entries are signed first. */
  'audit.anchor': request(nothing, auditAnchorSchema),
  /** Writes the whole chain with a checkpoint at its end. AUDIT_EXPORT_EXISTS unless `overwrite`, DISK_FULL, READ_ONLY */
  'audit.export': request(
    z.object({ file: absolutePath, overwrite: z.boolean().default(false) }),
    z.object({ file: z.string(), entries: z.int(), anchor: auditAnchorSchema }),
  ),
};

export const auditEvents = {
  /** To the caller of a verification or an export. */
  'audit.progress': z.object({ done: z.int(), total: z.int() }),
};
