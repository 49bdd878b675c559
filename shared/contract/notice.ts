import * as z from 'zod';
import { appErrorSchema } from '../errors/app-error.ts';
import { bilingual, id, timestamp } from './define.ts';
import { problemSchema } from './site.ts';

/** Most alerts that one notice lists; `counts` tells of all of them. */
export const MOST_ALERTS_IN_NOTICE = 200;

/** The channel that every console has: this workstation's own notifications, tray and sound. */
export const DESKTOP_CHANNEL = 'desktop';

/** Why a notice is sent. */
export const noticeKindSchema = z.enum([
  /** The first notice of a group, or one with alerts that were not in the one before. */
  'firing',
  /** Everything in the group has ended. */
  'resolved',
  /** The group fires still (`repeat_interval`), or its acknowledgement's reminder has come. */
  'reminder',
  /** Nobody has acknowledged in time. */
  'escalation',
  /** A silence or a maintenance ends, and these alerts fire still. */
  'silence_ended',
  /** Somebody pressed "send a test". */
  'test',
]);
export type NoticeKind = z.infer<typeof noticeKindSchema>;

/** What a person, or another program, is told: one group of alerts at one moment. */
export const noticeSchema = z.object({
  id,
  at: timestamp,
  kind: noticeKindSchema,
  /** The route and the labels that group; the same as long as it is the same group. */
  groupKey: z.string(),
  groupLabels: z.record(z.string(), z.string()),
  /** Labels that all its alerts have with the same value. */
  commonLabels: z.record(z.string(), z.string()),
  /** Name of the receiver that its route names. */
  receiver: z.string(),
  /** Firing ones first, worst first; `until` is set on those that have ended. */
  alerts: z.array(problemSchema).max(MOST_ALERTS_IN_NOTICE),
  counts: z.object({
    firing: z.int(),
    resolved: z.int(),
    /** Alerts that are not told of because these are their cause, e.g. hosts behind a dead switch. */
    suppressed: z.int(),
  }),
  /** One line that says it all, for a subject or a notification's head. */
  title: bilingual,
  /** A few lines of plain text: what is wrong, since when, what to do next. */
  text: bilingual,
  /** Address inside the app. */
  link: z.string(),
});
export type Notice = z.infer<typeof noticeSchema>;

/** Where one copy of a notice goes: a channel, and for channels that have many readers, to whom. */
export const recipientSchema = z.object({
  channel: id,
  /** E.g. an e-mail address; null where the channel itself says it. */
  to: z.string().max(1_000).nullable().default(null),
});
export type Recipient = z.infer<typeof recipientSchema>;

/** What became of one copy of a notice. */
export const deliverySchema = z.object({
  notice: id,
  recipient: recipientSchema,
  at: timestamp,
  /** From 1. */
  attempt: z.int(),
  state: z.enum([
    /** The other side has taken it. */
    'delivered',
    /** It was not taken; it will be tried again. */
    'retrying',
    /** It was refused for good, or tried for as long as the channel allows. */
    'failed',
    /** The queue was full, and newer ones came. */
    'dropped',
  ]),
  error: appErrorSchema.nullable(),
});
export type Delivery = z.infer<typeof deliverySchema>;
