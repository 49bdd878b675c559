import * as z from 'zod';
import { appErrorSchema } from '../errors/app-error.ts';
import { absolutePath, bilingual, id, timestamp } from './define.ts';
import { rotationStepSchema } from './logs-rotation-runs.ts';

/** Names of policies are names of folders below `archive/`. */
export const rotationNameSchema = z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,79}$/u);

const command = z.string().trim().min(1).max(16_384);
const recipient = z.string().regex(/^\S{1,2500}$/);

/** How the program that writes the file learns that it has another one now. */
const reopenWith = (path: z.ZodString) =>
  z.discriminatedUnion('kind', [
    /** It opens the file anew for each line, or notices by itself. */
    z.object({ kind: z.literal('none') }),
    z.object({
      kind: z.literal('signal'),
      signal: z.enum(['HUP', 'USR1', 'USR2', 'WINCH', 'CONT']),
      /** A file that holds the process id; it is read at each rotation. */
      pidFile: path.nullable().default(null),
      /** A process id, for a test or a single rotation. Null: every process that holds the rotated file open for writing. */
      pid: z.int().min(2).nullable().default(null),
    }),
    z.object({ kind: z.literal('command'), command }),
    /** `systemctl reload UNIT`, or `restart` where it cannot be reloaded. */
    z.object({
      kind: z.literal('service'),
      unit: z.string().regex(/^[A-Za-z0-9@._:\\-]{1,200}$/),
      action: z.enum(['reload', 'restart', 'reload-or-restart']).default('reload'),
    }),
  ]);
const reopenSchema = reopenWith(absolutePath);
export type Reopen = z.infer<typeof reopenSchema>;

/** How rotated files are called. */
const rotationNamingSchema = z.discriminatedUnion('style', [
  /** `archive/POLICY/app.log-20261122T031500Z-000042.zst[.age]` in the data folder: never renamed again. */
  z.object({ style: z.literal('archive') }),
  /** `app.log.1.gz`, and each older one counts up, as logrotate does. */
  z.object({ style: z.literal('numbered'), start: z.int().min(0).max(1000).default(1) }),
  /** `app.log-20261122.gz`, as logrotate's `dateext`. */
  z.object({
    style: z.literal('dated'),
    /** As strftime: %Y %m %d %H %M %S %s %V are known. */
    format: z.string().min(1).max(60).default('-%Y%m%d'),
    /** The date of the day, hour, … before. */
    yesterday: z.boolean().default(false),
  }),
]);

/** How segments are packed. */
const rotationCodecSchema = z.enum(['zstd', 'gzip', 'none']);
export type RotationCodec = z.infer<typeof rotationCodecSchema>;

/** What the engine writes for each codec that a policy may name: its runtime may have no zstd. */
export const rotationCodecsSchema = z.record(rotationCodecSchema, rotationCodecSchema);
export type RotationCodecs = z.infer<typeof rotationCodecsSchema>;

/** A policy as an operator gives it. */
export const rotationPolicySchema = z.object({
  name: rotationNameSchema,
  enabled: z.boolean().default(true),
  /** The host whose files these are, by its SSH login; null: this workstation. */
  host: z
    .object({
      login: id,
      /** Renames, looks for writers, tells them and removes as root (`sudo -n`). */
      sudo: z.boolean().default(false),
    })
    .nullable()
    .default(null),
  /** Files or globs (`*`, `?`, `[…]`, `{a,b}`, `**`). */
  paths: z.array(absolutePath).min(1).max(100),
  /** Files that match one of these are left alone: names (`*.bak`) or full paths. */
  exclude: z.array(z.string().min(1).max(4096)).max(100).default([]),
  when: z
    .object({
      /** Cron expression (minute hour day month weekday) in the workstation's local time. */
      schedule: z.string().trim().min(1).max(200).nullable().default(null),
      /** The schedule rotates only files of at least this size. */
      scheduleMinBytes: z.int().min(0).nullable().default(null),
      /** A file of this size is rotated whatever the schedule says. */
      bytes: z.int().min(1).nullable().default(null),
      /** A file that was not rotated for so long is rotated whatever the schedule says. */
      ageMs: z.int().min(60_000).nullable().default(null),
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
  releaseMs: z.int().min(0).max(86_400_000).default(60_000),
  compress: rotationCodecSchema.default('zstd'),
  /** The newest rotated file stays uncompressed until the next rotation. */
  delayCompress: z.boolean().default(false),
  /** age recipients; empty: not encrypted. Needs compression, so that there is one form of an archived file. */
  encryptTo: z.array(recipient).max(20).default([]),
  naming: rotationNamingSchema.default({ style: 'archive' }),
  /** Comes between name and number or date, and the end of the name: `app-20261122.log` with `.log`. */
  extension: z.string().max(20).default(''),
  /** Ending of compressed files instead of `.zst` or `.gz`, where they are packed as `compress` says. */
  compressExtension: z.string().max(20).nullable().default(null),
  /** Where rotated files go; null: the data folder's archive, or beside the file for other styles of names. */
  dir: absolutePath.nullable().default(null),
  keep: z
    .object({
      /** At most so many segments of one file. */
      count: z.int().min(0).max(100_000).nullable().default(null),
      /** Segments older than this are removed. */
      days: z.int().min(1).max(36_500).nullable().default(null),
      /** Nothing younger is ever removed, whatever else says so. It can be raised, never lowered. 180 for MLPS. */
      lockDays: z.int().min(0).max(36_500).default(0),
    })
    .default({ count: null, days: null, lockDays: 0 }),
});
export type RotationPolicy = z.output<typeof rotationPolicySchema>;
export type RotationPolicyInput = z.input<typeof rotationPolicySchema>;

/** As requests took it before they refused relative ones. */
const anyPath = z.string().min(1).max(4096);

/**
 * A policy as it may be stored: an older version took paths that are refused today. Whoever stored it is to see and to correct it, and
 * a rotation that was begun with it goes on.
 */
export const storedRotationPolicySchema = rotationPolicySchema.extend({
  paths: z.array(anyPath).min(1).max(100),
  reopen: reopenWith(anyPath).default({ kind: 'none' }),
  dir: anyPath.nullable().default(null),
}) satisfies z.ZodType<RotationPolicy>;

/** The preset of the classified protection of information systems (等保): logs are kept for at least six months. */
export const MLPS_LOCK_DAYS = 180;

/** A policy with how it stands. */
export const rotationPolicyStateSchema = z.object({
  policy: storedRotationPolicySchema,
  /** When its schedule is due next; null without one. */
  nextAt: timestamp.nullable(),
  lastAt: timestamp.nullable(),
  /** Rotations that failed and are not done yet. */
  failing: z.int(),
  running: z.int(),
  segments: z.int(),
  storedBytes: z.number(),
  /** What an operator should know: copytruncate loses lines, nothing is ever removed, … */
  warnings: z.array(bilingual),
});
export type RotationPolicyState = z.infer<typeof rotationPolicyStateSchema>;

/** A policy that is stored and cannot be read: it is not run, and nothing that it archived is removed. */
export const unreadablePolicySchema = z.object({ name: z.string(), error: appErrorSchema });
export type UnreadablePolicy = z.infer<typeof unreadablePolicySchema>;

/** What a policy would do with one file now. */
export const rotationPreviewFileSchema = z.object({
  path: z.string(),
  bytes: z.number(),
  due: z.boolean(),
  why: bilingual,
  /** What its rotated file would be called. */
  target: z.string(),
});

/** What would run on a policy's host, word by word, and what its sudoers file has to allow. */
export const rotationHostPlanSchema = z.object({
  /** Name of the login. */
  name: z.string(),
  commands: z.array(z.object({ step: rotationStepSchema, line: z.string() })),
  /** Null when nothing runs as root. */
  sudoers: z.string().nullable(),
});
export type RotationHostPlan = z.infer<typeof rotationHostPlanSchema>;

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
      days: z.int(),
      /** Archived segments, the live files at their largest, and the sum. */
      archiveBytes: z.number(),
      liveBytes: z.number(),
      totalBytes: z.number(),
      segments: z.int(),
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
  line: z.int(),
  directive: z.string(),
  why: bilingual,
});
