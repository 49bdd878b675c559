import * as z from 'zod';
import { appErrorSchema } from '../errors/app-error.ts';
import { absolutePath, bilingual, done, id, nothing, request, timestamp } from './define.ts';
import {
  logrotateRefusalSchema,
  rotationCodecsSchema,
  rotationForecastSchema,
  rotationHostPlanSchema,
  rotationNameSchema,
  rotationPolicySchema,
  rotationPolicyStateSchema,
  rotationPreviewFileSchema,
  unreadablePolicySchema,
} from './logs-rotation-policy.ts';
import {
  chainAnchorSchema,
  rotationSchema,
  rotationSegmentSchema,
  segmentDecisionSchema,
  segmentHitSchema,
  segmentPlaceSchema,
  streamRetentionSchema,
  verifyReportSchema,
} from './logs-rotation-runs.ts';

const policyOrName = z.object({ name: rotationNameSchema });
const hold = {
  who: z.string().trim().min(1).max(100),
  why: z.string().trim().min(1).max(500),
};
/** Segments that could not be read, or not whole, and why. */
const unreadSegments = z.array(z.object({ file: z.string(), error: appErrorSchema }));
/** A configuration file's content with its name, or a path that the engine reads. */
const logrotateInput = z.object({
  path: absolutePath,
  /** Reads the file itself when left out. */
  text: z
    .string()
    .max(1 << 20)
    .optional(),
});
const logrotateRead = z.object({
  policies: z.array(rotationPolicySchema),
  refused: z.array(logrotateRefusalSchema),
  warnings: z.array(z.object({ file: z.string(), line: z.int(), text: bilingual })),
  /** Files that were read, includes among them. */
  files: z.array(z.string()),
});

/** How many lines stand around one. */
const linesAround = {
  before: z.number().int().min(0).max(1000).default(10),
  after: z.number().int().min(0).max(1000).default(10),
};

/** So many lines are around all the hits of one request at most. */
export const MAX_LINES_AROUND = 2001;

const segmentContextSchema = z.object({
  lines: z.array(segmentHitSchema),
  /** Which of `lines` was asked for; null when it could not be read. */
  hit: z.number().int().nullable(),
  /** The lines next to those that were wanted, from which it can be gone on; null where the archive has none. */
  earlier: segmentPlaceSchema.nullable(),
  later: segmentPlaceSchema.nullable(),
  /** Pieces that were opened for it. */
  opened: z.number().int(),
  failed: unreadSegments,
});

export const logsRotationRequests = {
  'rotation.policies.list': request(
    nothing,
    z.object({
      policies: z.array(rotationPolicyStateSchema),
      unreadable: z.array(unreadablePolicySchema),
      codecs: rotationCodecsSchema,
    }),
  ),
  'rotation.policies.put': request(rotationPolicySchema, z.object({ warnings: z.array(bilingual) })),
  /** Forgets the policy. Its segments stay, with their holds and locks. */
  'rotation.policies.remove': request(policyOrName, done),
  /** What a policy would do now, without doing it; the policy need not be stored. */
  'rotation.preview': request(
    z.object({ policy: rotationPolicySchema }),
    z.object({
      files: z.array(rotationPreviewFileSchema),
      warnings: z.array(bilingual),
      remove: z.array(segmentDecisionSchema),
      /** Null for files of this workstation. */
      host: rotationHostPlanSchema.nullable(),
    }),
  ),
  /** Rotates now, due or not, and tries again what failed. Without a name: all policies. The job's link tells the rest. */
  'rotation.run': request(
    z.object({ name: rotationNameSchema.optional(), onlyDue: z.boolean().default(false) }),
    z.object({ jobId: id }),
  ),
  /** Running and failed ones first, then the newest. */
  'rotation.history': request(
    z.object({
      policy: rotationNameSchema.optional(),
      limit: z.int().min(1).max(1000).default(100),
      offset: z.int().min(0).default(0),
    }),
    z.object({ rotations: z.array(rotationSchema), total: z.int() }),
  ),
  'rotation.segments.list': request(
    z.object({
      policy: rotationNameSchema.optional(),
      limit: z.int().min(1).max(1000).default(200),
      offset: z.int().min(0).default(0),
    }),
    z.object({ segments: z.array(rotationSegmentSchema), total: z.int(), storedBytes: z.number() }),
  ),
  'rotation.segments.hold': request(
    z.object({ ids: z.array(id).min(1).max(1000), ...hold, until: timestamp.nullable().default(null) }),
    done,
  ),
  'rotation.segments.release': request(z.object({ ids: z.array(id).min(1).max(1000), ...hold }), done),
  /** Lines of archived segments, oldest first, read in place; encrypted ones need an unlocked key. */
  'rotation.segments.search': request(
    z.object({
      /** In the language of `logs.search`; `source:` is the log file, `host:` the login of a host. Empty: every line. */
      query: z.string().max(4000).default(''),
      policy: rotationNameSchema.optional(),
      ids: z.array(id).max(1000).optional(),
      start: timestamp.optional(),
      end: timestamp.optional(),
      limit: z.int().min(1).max(10_000).default(500),
    }),
    z.object({
      lines: z.array(segmentHitSchema),
      /** Hits in all, counted; more than `lines` when there are more than the limit. */
      total: z.int(),
      /** Pieces that were opened, of so many: the others cannot hold a hit, as their index says. */
      opened: z.int(),
      pieces: z.int(),
      failed: unreadSegments,
    }),
  ),
  /**
   * The lines around one of an archived segment, the line among them, oldest first; they go on in the segments of the same log that
   * were rotated before and after it. Encrypted ones need an unlocked key.
   */
  'rotation.segments.context': request(segmentPlaceSchema.extend(linesAround), segmentContextSchema),
  /** The same of many lines at once, in their order: what several of them need is opened once. */
  'rotation.segments.contexts': request(
    z
      .object({ hits: z.array(segmentPlaceSchema).min(1).max(MAX_LINES_AROUND), ...linesAround })
      .refine(({ hits, before, after }) => hits.length * (before + 1 + after) <= MAX_LINES_AROUND, {
        path: ['hits'],
        error: `more than ${MAX_LINES_AROUND} lines`,
      }),
    z.object({
      around: z.array(segmentContextSchema.omit({ opened: true })),
      opened: z.number().int(),
    }),
  ),
  /** What retention would remove now, and what it keeps, with reasons. */
  'rotation.prune.preview': request(
    z.object({ name: rotationNameSchema.optional() }),
    z.object({ decisions: z.array(segmentDecisionSchema), removeBytes: z.number(), hash: z.string() }),
  ),
  /** Removes what that very preview said; refused when it has changed since. */
  'rotation.prune': request(
    z.object({ name: rotationNameSchema.optional(), hash: z.string().max(100) }),
    z.object({ removed: z.int(), bytes: z.number() }),
  ),
  /** Reads every segment and every checkpoint again. */
  'rotation.verify': request(
    z.object({
      /** An anchor that was written down earlier: the chain must still hold it. */
      anchor: z.string().max(300).optional(),
    }),
    verifyReportSchema,
  ),
  'rotation.anchor': request(nothing, chainAnchorSchema),
  /** Writes the anchor and the whole chain into a folder, for instance of a removable medium. */
  'rotation.anchor.export': request(
    z.object({ dir: absolutePath }),
    z.object({ files: z.array(z.string()), anchor: chainAnchorSchema }),
  ),
  /** Space under this policy in so many days; the policy need not be stored. */
  'rotation.forecast': request(
    z.object({
      policy: rotationPolicySchema,
      days: z.array(z.int().min(1).max(3650)).min(1).max(10).default([30, 90, 180]),
    }),
    rotationForecastSchema,
  ),
  /** Reads a logrotate configuration and says what it would become. Changes nothing. */
  'rotation.logrotate.preview': request(logrotateInput, logrotateRead),
  /** Adds its policies, all or none; refused when anything in it cannot be taken. */
  'rotation.logrotate.import': request(logrotateInput, logrotateRead),
  /** Retention of the log store. */
  'rotation.retention.get': request(
    nothing,
    z.object({
      defaultDays: z.int(),
      /** Nothing younger is removed; it can be raised, never lowered. */
      lockDays: z.int(),
      streams: z.array(streamRetentionSchema),
    }),
  ),
  'rotation.retention.set': request(
    z.object({
      defaultDays: z.int().min(1).max(36_500).optional(),
      lockDays: z.int().min(0).max(36_500).optional(),
      streams: z
        .array(z.object({ stream: z.string().max(200), days: z.int().min(1).max(36_500).nullable() }))
        .max(1000)
        .optional(),
    }),
    done,
  ),
  'rotation.retention.hold': request(
    z.object({ stream: z.string().max(200), ...hold, until: timestamp.nullable().default(null) }),
    done,
  ),
  'rotation.retention.release': request(z.object({ stream: z.string().max(200), ...hold }), done),
};

export const logsRotationEvents = {
  /** Something about rotations, policies or segments is another than it was. */
  'rotation.changed': z.object({ policy: z.string().nullable(), rotationId: z.string().nullable() }),
};
