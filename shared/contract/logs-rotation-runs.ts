import * as z from 'zod';
import { appErrorSchema } from '../errors/app-error.ts';
import { bilingual, id, timestamp } from './define.ts';
import { logLevelSchema } from './logs.ts';

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
  /** Of a host's file: it is fetched, and what was fetched is what is there. */
  'fetch',
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
  tries: z.int(),
  bytesBefore: z.number().nullable(),
  linesBefore: z.int().nullable(),
  /** Counted in what was read back from the finished segment. */
  linesAfter: z.int().nullable(),
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
  lines: z.int(),
  /** Uncompressed, and as it lies on the disk. */
  bytes: z.number(),
  storedBytes: z.number(),
  /** Of the uncompressed bytes, and of the file. */
  sha256: z.string(),
  storedSha256: z.string(),
  codec: z.enum(['zstd', 'gzip', 'none']),
  encrypted: z.boolean(),
  /** Number of its signed checkpoint. */
  checkpoint: z.int(),
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

/** A line of an archived segment that was found. */
export const segmentHitSchema = z.object({
  segmentId: id,
  file: z.string(),
  /** Number of the line in the segment, from 1. */
  line: z.int(),
  text: z.string(),
  source: z.string(),
  host: z.string(),
  /** Null when neither it nor a line before it tells one. */
  time: timestamp.nullable(),
  level: logLevelSchema,
});

/** A line of the archive: its segment, and its number there, from 1. */
export const segmentPlaceSchema = z.object({ segmentId: id, line: z.int().min(1) });
export type SegmentPlace = z.infer<typeof segmentPlaceSchema>;

/** What retention would do with a segment, and why. */
export const segmentDecisionSchema = z.object({
  segment: rotationSegmentSchema,
  remove: z.boolean(),
  reason: z.enum(['wanted', 'held', 'locked', 'clock_in_doubt', 'too_many', 'too_old']),
});
export type SegmentDecision = z.infer<typeof segmentDecisionSchema>;

/** What is wrong with the chain of segments. */
const chainFindingSchema = z.object({
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
  checkpoint: z.int().nullable(),
  file: z.string().nullable(),
  sentence: bilingual,
});
export type ChainFinding = z.infer<typeof chainFindingSchema>;

/** The end of the chain, short enough to be written down on paper. */
export const chainAnchorSchema = z.object({
  /** Number of the last checkpoint; 0 when there is none. */
  checkpoint: z.int(),
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
  checkpoints: z.int(),
  segments: z.int(),
  bytes: z.number(),
  /** Segments whose removal by retention or by hand is itself in the chain. */
  removed: z.int(),
  findings: z.array(chainFindingSchema),
  anchor: chainAnchorSchema,
  tookMs: z.number(),
});
export type VerifyReport = z.infer<typeof verifyReportSchema>;

/** A stream's retention. The empty name is the default stream. */
export const streamRetentionSchema = z.object({
  stream: z.string().max(200),
  /** Days; null: as the default. */
  days: z.int().min(1).max(36_500).nullable(),
  hold: z
    .object({ who: z.string(), why: z.string(), since: timestamp, until: timestamp.nullable() })
    .nullable(),
});
export type StreamRetention = z.infer<typeof streamRetentionSchema>;
