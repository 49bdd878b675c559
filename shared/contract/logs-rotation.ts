import * as z from 'zod';
import { appErrorSchema } from '../errors/app-error.ts';
import { bilingual, done, id, nothing, request, timestamp } from './define.ts';

/** Names of policies are names of folders below `archive/`. */
export const rotationNameSchema = z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,79}$/u);

const absolutePath = z.string().min(1).max(4096);
const command = z.string().trim().min(1).max(16_384);
const recipient = z.string().regex(/^\S{1,2500}$/);

/** How the program that writes the file learns that it has another one now. */
export const reopenSchema = z.discriminatedUnion('kind', [
  /** It opens the file anew for each line, or notices by itself. */
  z.object({ kind: z.literal('none') }),
  z.object({
    kind: z.literal('signal'),
    signal: z.enum(['HUP', 'USR1', 'USR2', 'WINCH', 'CONT']),
    /** A file that holds the process id; it is read at each rotation. */
    pidFile: absolutePath.nullable().default(null),
    /** A process id, for a test or a single rotation. Null: every process that holds the rotated file open for writing. */
    pid: z.number().int().min(2).nullable().default(null),
  }),
  z.object({ kind: z.literal('command'), command }),
  /** `systemctl reload UNIT`, or `restart` where it cannot be reloaded. */
  z.object({
    kind: z.literal('service'),
    unit: z.string().regex(/^[A-Za-z0-9@._:\\-]{1,200}$/),
    action: z.enum(['reload', 'restart', 'reload-or-restart']).default('reload'),
  }),
]);
export type Reopen = z.infer<typeof reopenSchema>;

/** How rotated files are called. */
export const rotationNamingSchema = z.discriminatedUnion('style', [
  /** `archive/POLICY/app.log-20261122T031500Z-000042.zst[.age]` in the data folder: never renamed again. */
  z.object({ style: z.literal('archive') }),
  /** `app.log.1.gz`, and each older one counts up, as logrotate does. */
  z.object({ style: z.literal('numbered'), start: z.number().int().min(0).max(1000).default(1) }),
  /** `app.log-20261122.gz`, as logrotate's `dateext`. */
  z.object({
    style: z.literal('dated'),
    /** As strftime: %Y %m %d %H %M %S %s %V are known. */
    format: z.string().min(1).max(60).default('-%Y%m%d'),
    /** The date of the day, hour, … before. */
    yesterday: z.boolean().default(false),
  }),
]);
export type RotationNaming = z.infer<typeof rotationNamingSchema>;

/** A policy as an operator gives it. */
export const rotationPolicySchema = z.object({
  name: rotationNameSchema,
  enabled: z.boolean().default(true),
  /** Files or globs (`*`, `?`, `[…]`, `{a,b}`, `**`). */
  paths: z.array(absolutePath).min(1).max(100),
  /** Files that match one of these are left alone: names (`*.bak`) or full paths. */
  exclude: z.array(z.string().min(1).max(4096)).max(100).default([]),
  when: z
    .object({
      /** Cron expression (minute hour day month weekday) in the workstation's local time. */
      schedule: z.string().trim().min(1).max(200).nullable().default(null),
      /** The schedule rotates only files of at least this size. */
      scheduleMinBytes: z.number().int().min(0).nullable().default(null),
      /** A file of this size is rotated whatever the schedule says. */
      bytes: z.number().int().min(1).nullable().default(null),
      /** A file that was not rotated for so long is rotated whatever the schedule says. */
      ageMs: z.number().int().min(60_000).nullable().default(null),
    })
    .default({ schedule: null, scheduleMinBytes: null, bytes: null, ageMs: null }),
  /** False: empty files are rotated too. */
  skipEmpty: z.boolean().default(true),
  /** False: a path that matches no file is a failure. */
  missingOk: z.boolean().default(false),
  /** `copytruncate` loses what is written between the last copy and the truncation; how much is measured and shown. */
  method: z.enum(['rename', 'copytruncate']).default('rename'),
  /** The new file that stands in the place of the renamed one; null: the writer makes it. */
  create: z
    .object({
      /** Octal, such as `0640`; null: as the old file's. */
      mode: z
        .string()
        .regex(/^0?[0-7]{3}$/)
        .nullable()
        .default(null),
      user: z.string().max(64).nullable().default(null),
      group: z.string().max(64).nullable().default(null),
    })
    .nullable()
    .default(null),
  reopen: reopenSchema.default({ kind: 'none' }),
  /** Shell commands; `$1` is the path of the file, or the policy's patterns when they are shared. */
  hooks: z
    .object({
      first: command.nullable().default(null),
      before: command.nullable().default(null),
      after: command.nullable().default(null),
      last: command.nullable().default(null),
      /** Before and after run once for all files instead of once for each. */
      shared: z.boolean().default(false),
    })
    .default({ first: null, before: null, after: null, last: null, shared: false }),
  /** How long to wait until nobody holds the old file. Then the rotation fails, says who holds it, and is tried again. */
  releaseMs: z.number().int().min(0).max(86_400_000).default(60_000),
  compress: z.enum(['zstd', 'gzip', 'none']).default('zstd'),
  /** The newest rotated file stays uncompressed until the next rotation. */
  delayCompress: z.boolean().default(false),
  /** age recipients; empty: not encrypted. Needs compression, so that there is one form of an archived file. */
  encryptTo: z.array(recipient).max(20).default([]),
  naming: rotationNamingSchema.default({ style: 'archive' }),
  /** Comes between name and number or date, and the end of the name: `app-20261122.log` with `.log`. */
  extension: z.string().max(20).default(''),
  /** Ending of compressed files instead of `.zst` or `.gz`. */
  compressExtension: z.string().max(20).nullable().default(null),
  /** Where rotated files go; null: the data folder's archive, or beside the file for other styles of names. */
  dir: absolutePath.nullable().default(null),
  keep: z
    .object({
      /** At most so many segments of one file. */
      count: z.number().int().min(0).max(100_000).nullable().default(null),
      /** Segments older than this are removed. */
      days: z.number().int().min(1).max(36_500).nullable().default(null),
      /** Nothing younger is ever removed, whatever else says so. It can be raised, never lowered. 180 for MLPS. */
      lockDays: z.number().int().min(0).max(36_500).default(0),
    })
    .default({ count: null, days: null, lockDays: 0 }),
});
export type RotationPolicy = z.output<typeof rotationPolicySchema>;
export type RotationPolicyInput = z.input<typeof rotationPolicySchema>;

/** The preset of the classified protection of information systems (等保): logs are kept for at least six months. */
export const MLPS_LOCK_DAYS = 180;

/** The steps of one file's rotation, in their order; each is finished before the next begins, and survives a power cut. */
export const rotationStepSchema = z.enum([
  /** The old file gets another name (or a copy is begun). */
  'rename',
  /** The writer is told. */
  'reopen',
  /** Nobody holds the old file any more. */
  'release',
  /** The console's own reading has stored every line of it. */
  'drain',
  /** Lines, bytes and SHA-256 of the old file are taken; it is compressed and encrypted into a new one. */
  'pack',
  /** The new file is read back, unpacked, and compared. */
  'verify',
  /** The segment and its signed checkpoint are recorded. */
  'record',
  /** The old file is removed. */
  'delete',
]);
export type RotationStep = z.infer<typeof rotationStepSchema>;

/** The rotation of one file: running, ended, or failed and waiting to be tried again. */
export const rotationSchema = z.object({
  id,
  policy: z.string(),
  path: z.string(),
  trigger: z.enum(['schedule', 'size', 'age', 'hand']),
  state: z.enum(['running', 'failed', 'done']),
  /** The step it is in, or failed in; the last one when it is done. */
  step: rotationStepSchema,
  /** Every step that was begun. */
  steps: z.array(
    z.object({
      step: rotationStepSchema,
      startedAt: timestamp,
      endedAt: timestamp.nullable(),
      /** What there is to say: who was signalled, how long was waited, … */
      note: bilingual.nullable(),
    }),
  ),
  startedAt: timestamp,
  endedAt: timestamp.nullable(),
  /** How often it was tried; more than 1 after failures and power cuts. */
  tries: z.number().int(),
  bytesBefore: z.number().nullable(),
  linesBefore: z.number().int().nullable(),
  /** Counted in what was read back from the finished segment. */
  linesAfter: z.number().int().nullable(),
  bytesAfter: z.number().nullable(),
  /** Bytes that copytruncate is known to have lost; null when it could not be measured, 0 with rename. */
  lostBytes: z.number().nullable(),
  segmentId: id.nullable(),
  error: appErrorSchema.nullable(),
});
export type Rotation = z.infer<typeof rotationSchema>;

/** An archived piece of a log file. */
export const rotationSegmentSchema = z.object({
  id,
  policy: z.string(),
  /** The log file that it was. */
  source: z.string(),
  /** Where it is now. */
  file: z.string(),
  rotatedAt: timestamp,
  lines: z.number().int(),
  /** Uncompressed, and as it lies on the disk. */
  bytes: z.number(),
  storedBytes: z.number(),
  /** Of the uncompressed bytes, and of the file. */
  sha256: z.string(),
  storedSha256: z.string(),
  codec: z.enum(['zstd', 'gzip', 'none']),
  encrypted: z.boolean(),
  /** Number of its signed checkpoint. */
  checkpoint: z.number().int(),
  hold: z
    .object({ who: z.string(), why: z.string(), since: timestamp, until: timestamp.nullable() })
    .nullable(),
  /** Until when the minimum retention keeps it, whatever else says so. */
  lockedUntil: timestamp.nullable(),
  /** When the last verification read it, and whether it was right. */
  verifiedAt: timestamp.nullable(),
  verifiedOk: z.boolean().nullable(),
});
export type RotationSegment = z.infer<typeof rotationSegmentSchema>;

/** A policy with how it stands. */
export const rotationPolicyStateSchema = z.object({
  policy: rotationPolicySchema,
  /** When its schedule is due next; null without one. */
  nextAt: timestamp.nullable(),
  lastAt: timestamp.nullable(),
  /** Rotations that failed and are not done yet. */
  failing: z.number().int(),
  running: z.number().int(),
  segments: z.number().int(),
  storedBytes: z.number(),
  /** What an operator should know: copytruncate loses lines, nothing is ever removed, … */
  warnings: z.array(bilingual),
});
export type RotationPolicyState = z.infer<typeof rotationPolicyStateSchema>;

/** What a policy would do with one file now. */
export const rotationPreviewFileSchema = z.object({
  path: z.string(),
  bytes: z.number(),
  due: z.boolean(),
  why: bilingual,
  /** What its rotated file would be called. */
  target: z.string(),
});

/** What retention would do with a segment, and why. */
export const segmentDecisionSchema = z.object({
  segment: rotationSegmentSchema,
  remove: z.boolean(),
  reason: z.enum(['wanted', 'held', 'locked', 'clock_in_doubt', 'too_many', 'too_old']),
});
export type SegmentDecision = z.infer<typeof segmentDecisionSchema>;

/** What is wrong with the chain of segments. */
export const chainFindingSchema = z.object({
  kind: z.enum([
    'segment_missing',
    'segment_changed',
    'segment_reordered',
    'segment_unreadable',
    'segment_unknown',
    'checkpoint_changed',
    'checkpoint_missing',
    'checkpoint_reordered',
    'chain_cut',
    'foreign_key',
    'anchor_differs',
  ]),
  /** The checkpoint and the file concerned, where there is one. */
  checkpoint: z.number().int().nullable(),
  file: z.string().nullable(),
  sentence: bilingual,
});
export type ChainFinding = z.infer<typeof chainFindingSchema>;

/** The end of the chain, short enough to be written down on paper. */
export const chainAnchorSchema = z.object({
  /** Number of the last checkpoint; 0 when there is none. */
  checkpoint: z.number().int(),
  at: timestamp,
  /** SHA-256 of that checkpoint, hexadecimal. */
  hash: z.string(),
  /** Of the console's signing key. */
  keyFingerprint: z.string(),
  /** One line that holds all of it: `hmtt-anchor:1:CHECKPOINT:HASH:FINGERPRINT`. */
  text: z.string(),
});
export type ChainAnchor = z.infer<typeof chainAnchorSchema>;

export const verifyReportSchema = z.object({
  ok: z.boolean(),
  checkpoints: z.number().int(),
  segments: z.number().int(),
  bytes: z.number(),
  /** Segments whose removal by retention or by hand is itself in the chain. */
  removed: z.number().int(),
  findings: z.array(chainFindingSchema),
  anchor: chainAnchorSchema,
  tookMs: z.number(),
});
export type VerifyReport = z.infer<typeof verifyReportSchema>;

/** Space used under a policy, some days from now. */
export const rotationForecastSchema = z.object({
  /** Bytes a day that the files grew by, as far as known; from past rotations, else from the day store's counts. */
  bytesPerDay: z.number(),
  /** Stored bytes for each byte of log. */
  ratio: z.number(),
  basis: z.enum(['rotations', 'log_store', 'none']),
  basisDays: z.number(),
  points: z.array(
    z.object({
      days: z.number().int(),
      /** Archived segments, the live files at their largest, and the sum. */
      archiveBytes: z.number(),
      liveBytes: z.number(),
      totalBytes: z.number(),
      segments: z.number().int(),
      /** The same with the busiest week's rate. */
      highBytes: z.number(),
      freeBytes: z.number().nullable(),
    }),
  ),
  /** Days until the file system of the archive is full; null when it will not be within ten years. */
  fullInDays: z.number().nullable(),
});
export type RotationForecast = z.infer<typeof rotationForecastSchema>;

/** A directive of a logrotate file that cannot be taken. */
export const logrotateRefusalSchema = z.object({
  file: z.string(),
  line: z.number().int(),
  directive: z.string(),
  why: bilingual,
});

/** A stream's retention. The empty name is the default stream. */
export const streamRetentionSchema = z.object({
  stream: z.string().max(200),
  /** Days; null: as the default. */
  days: z.number().int().min(1).max(36_500).nullable(),
  hold: z
    .object({ who: z.string(), why: z.string(), since: timestamp, until: timestamp.nullable() })
    .nullable(),
});
export type StreamRetention = z.infer<typeof streamRetentionSchema>;

const policyOrName = z.object({ name: rotationNameSchema });
const hold = {
  who: z.string().trim().min(1).max(100),
  why: z.string().trim().min(1).max(500),
};
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
  warnings: z.array(z.object({ file: z.string(), line: z.number().int(), text: bilingual })),
  /** Files that were read, includes among them. */
  files: z.array(z.string()),
});

export const logsRotationRequests = {
  'rotation.policies.list': request(nothing, z.object({ policies: z.array(rotationPolicyStateSchema) })),
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
      limit: z.number().int().min(1).max(1000).default(100),
      offset: z.number().int().min(0).default(0),
    }),
    z.object({ rotations: z.array(rotationSchema), total: z.number().int() }),
  ),
  'rotation.segments.list': request(
    z.object({
      policy: rotationNameSchema.optional(),
      limit: z.number().int().min(1).max(1000).default(200),
      offset: z.number().int().min(0).default(0),
    }),
    z.object({ segments: z.array(rotationSegmentSchema), total: z.number().int(), storedBytes: z.number() }),
  ),
  'rotation.segments.hold': request(
    z.object({ ids: z.array(id).min(1).max(1000), ...hold, until: timestamp.nullable().default(null) }),
    done,
  ),
  'rotation.segments.release': request(z.object({ ids: z.array(id).min(1).max(1000), ...hold }), done),
  /** Lines of archived segments, oldest first, read in place; encrypted ones need an unlocked key. */
  'rotation.segments.search': request(
    z.object({
      /** Words and "phrases" that a line must hold, as in `logs.search`. Empty: every line. */
      query: z.string().max(4000).default(''),
      policy: rotationNameSchema.optional(),
      ids: z.array(id).max(1000).optional(),
      start: timestamp.optional(),
      end: timestamp.optional(),
      limit: z.number().int().min(1).max(10_000).default(500),
    }),
    z.object({
      lines: z.array(z.object({ segmentId: id, file: z.string(), line: z.number().int(), text: z.string() })),
      /** Hits in all, counted; more than `lines` when there are more than the limit. */
      total: z.number().int(),
      /** Pieces that were opened, of so many: the others cannot hold a hit, as their index says. */
      opened: z.number().int(),
      pieces: z.number().int(),
      /** Segments that could not be read, and why. */
      failed: z.array(z.object({ file: z.string(), error: appErrorSchema })),
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
    z.object({ removed: z.number().int(), bytes: z.number() }),
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
      days: z.array(z.number().int().min(1).max(3650)).min(1).max(10).default([30, 90, 180]),
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
      defaultDays: z.number().int(),
      /** Nothing younger is removed; it can be raised, never lowered. */
      lockDays: z.number().int(),
      streams: z.array(streamRetentionSchema),
    }),
  ),
  'rotation.retention.set': request(
    z.object({
      defaultDays: z.number().int().min(1).max(36_500).optional(),
      lockDays: z.number().int().min(0).max(36_500).optional(),
      streams: z
        .array(
          z.object({ stream: z.string().max(200), days: z.number().int().min(1).max(36_500).nullable() }),
        )
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
