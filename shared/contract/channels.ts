import * as z from 'zod';
import { appErrorSchema } from '../errors/app-error.ts';
import { channelSettingsSchema, soundSchema } from './channel-settings.ts';
import { done, id, nothing, request, timestamp } from './define.ts';
import { deliverySchema, noticeKindSchema, noticeSchema, recipientSchema } from './notice.ts';
import type { Problem } from './site.ts';

const name = z.string().trim().min(1).max(80);

/** A way to tell people or other programs. */
export const channelInputSchema = z
  .object({
    /** Unique; what alerts about the channel call it. */
    name,
    enabled: z.boolean().default(true),
    /** A notice that was not taken for so long is given up, and said to have failed. */
    giveUpAfterMs: z
      .int()
      .min(60_000)
      .max(30 * 86_400_000)
      .default(86_400_000),
    settings: channelSettingsSchema,
  })
  .strict();

/** A channel as it is kept. The desktop's id is `DESKTOP_CHANNEL`; it always exists. */
export const channelSchema = channelInputSchema.extend({ id });
export type Channel = z.infer<typeof channelSchema>;

/** How a channel does. */
const channelHealthSchema = z.object({
  channel: id,
  name: z.string(),
  type: z.string(),
  enabled: z.boolean(),
  /**
   * `ok`: the last attempt was taken. `failing`: it was not, and is repeated. `idle`: nothing was sent yet. `absent`: the
   * desktop channel of an engine that has no desktop (`hmtt serve`). `off`: not enabled.
   */
  state: z.enum(['ok', 'failing', 'idle', 'absent', 'off']),
  lastSuccessAt: timestamp.nullable(),
  lastErrorAt: timestamp.nullable(),
  /** Why the last attempt failed; null after a success. */
  lastError: appErrorSchema.nullable(),
  /** Attempts that failed in a row. */
  failures: z.int(),
  /** Since when every attempt failed; null after a success. */
  failingSince: timestamp.nullable(),
  nextAttemptAt: timestamp.nullable(),
  /** Copies of notices that wait, and when the oldest came. */
  queued: z.int(),
  oldestAt: timestamp.nullable(),
  /** Since the engine began. */
  delivered: z.int(),
  /** Copies of the last 24 hours that failed for good, and those that were pushed out of a full queue. */
  failed: z.int(),
  dropped: z.int(),
  /** When the last of them was given up. */
  lastLostAt: timestamp.nullable(),
  /** Why the channel does not deliver, when that has lasted long enough to be an alert; null: it does. */
  problem: z.object({ error: appErrorSchema, since: timestamp, critical: z.boolean() }).nullable(),
});
export type ChannelHealth = z.infer<typeof channelHealthSchema>;

/** One copy of a notice that waits, or what became of it. */
const queuedSchema = z.object({
  notice: id,
  recipient: recipientSchema,
  channelName: z.string(),
  kind: noticeKindSchema,
  title: z.object({ zh: z.string(), en: z.string() }),
  enqueuedAt: timestamp,
  attempts: z.int(),
  nextAttemptAt: timestamp.nullable(),
  state: z.enum(['waiting', 'sending', 'delivered', 'failed', 'dropped']),
  endedAt: timestamp.nullable(),
  error: appErrorSchema.nullable(),
});
export type Queued = z.infer<typeof queuedSchema>;

/** What this workstation is to show now. */
const desktopNoticeSchema = z.object({
  notice: noticeSchema,
  sound: soundSchema,
  volume: z.number(),
  /** Quiet hours: the notification makes no noise. */
  quiet: z.boolean(),
});
export type DesktopNotice = z.infer<typeof desktopNoticeSchema>;

export const channelsRequests = {
  'channels.list': request(nothing, z.object({ channels: z.array(channelSchema) })),
  'channels.add': request(channelInputSchema, z.object({ id })),
  /** What waits is sent with the new settings. The type stays. */
  'channels.update': request(channelSchema, done),
  /** What waits for it is recorded as failed. The desktop cannot be removed, only switched off. */
  'channels.remove': request(z.object({ id }), done),
  /**
   * Sends a test now, past the queue, with settings that need not be saved. Refusals of the other side are an answer, too:
   * `ok` false, with its words.
   */
  'channels.test': request(
    z.object({ settings: channelSettingsSchema, to: z.string().max(1_000).nullable().default(null) }),
    z.object({
      ok: z.boolean(),
      tookMs: z.number(),
      /** What the other side said, untranslated: a status line, an SMTP answer, an exit code with output. */
      answer: z.string(),
      error: appErrorSchema.nullable(),
    }),
  ),
  'channels.health': request(nothing, z.object({ channels: z.array(channelHealthSchema) })),
  /** What waits (oldest first), or what became of notices (newest first). */
  'channels.queue': request(
    z.object({
      channel: id.optional(),
      which: z.enum(['waiting', 'ended']).default('waiting'),
      limit: z.int().min(1).max(1_000).default(200),
    }),
    z.object({ entries: z.array(queuedSchema), total: z.int() }),
  ),
  /** What became of each copy of some notices, for a trace. */
  'channels.deliveries': request(
    z.object({ notices: z.array(id).max(1_000) }),
    z.object({ deliveries: z.array(deliverySchema) }),
  ),
  /** Tries everything that waits for a channel at once. */
  'channels.retry': request(z.object({ id }), done),
  /** Said by a desktop that shows `channels.desktop`: there is one. */
  'channels.attachDesktop': request(nothing, done),
  /** Said by the desktop when it has shown a notice, or why it cannot. */
  'channels.shown': request(
    z.object({ notice: id, how: z.enum(['notification', 'window']), error: z.string().max(500).nullable() }),
    done,
  ),
};

export const channelsEvents = {
  /** Channels, contacts or shifts were edited, or a channel's state changed. */
  'channels.changed': z.object({}),
  'channels.desktop': desktopNoticeSchema,
};

/** The channel that an alert is about, by the label `channel` of built-in conditions (a channel's name); else null. */
export function channelOfProblem(problem: Pick<Problem, 'labels' | 'alert'>): string | null {
  return problem.alert === undefined ? (problem.labels.channel ?? null) : null;
}
