import * as z from 'zod';
import { bilingual, id, timestamp } from './define.ts';
import { deliverySchema } from './notice.ts';
import { problemSchema } from './site.ts';

/** Why an alert is not told of now. */
export const suppressionCauseSchema = z.object({
  kind: z.enum([
    'silence',
    'maintenance',
    'inhibition',
    /** The host is reached through one that is dead; `ref` is the alert of that one. */
    'dependency',
    'acknowledged',
    /** It opens and ends too often; one notice says so, until it calms down. */
    'flapping',
    /** Its route is muted at this time, or not active. */
    'mute_time',
    /** Not long enough open, or just no longer suppressed: what causes it may still be found. */
    'waiting_for_cause',
    /** Its receiver names nobody: by configuration it is only shown. */
    'nobody',
  ]),
  /** Id of the silence or maintenance, id of the alert that is the cause or inhibits, name of the time interval. */
  ref: z.string(),
  /** One sentence, e.g. `静默：换盘，值班员 李，到 14:00`. */
  text: bilingual,
  /** Address inside the app of what suppresses. */
  link: z.string(),
  /** When it ends by itself; null: not known. */
  until: timestamp.nullable(),
});
export type SuppressionCause = z.infer<typeof suppressionCauseSchema>;

/** Somebody is on it. It ends with the alert. */
const acknowledgementSchema = z.object({
  by: z.string(),
  note: z.string(),
  at: timestamp,
  /** When a notice reminds that the alert is still open; null: never. */
  remindAt: timestamp.nullable(),
  remindEveryMs: z.number().nullable(),
});
export type Acknowledgement = z.infer<typeof acknowledgementSchema>;

/** Where one alert stands in one group of one route. */
const alertRouteSchema = z.object({
  /** Place of the route in the tree, from the root: `[]` is the root, `[0, 2]` the third route of the first. */
  path: z.array(z.int()),
  receiver: z.string(),
  groupKey: z.string(),
  groupLabels: z.record(z.string(), z.string()),
  /** When its group is told next if nothing changes, and what of; null: nothing is planned. */
  next: z
    .object({ at: timestamp, kind: z.enum(['firing', 'resolved', 'reminder', 'escalation']) })
    .nullable(),
  /** When this alert was last part of a notice of this group; null: never. */
  toldAt: timestamp.nullable(),
  /** Escalation steps of the route that were taken, and how many there are. */
  escalated: z.int(),
  steps: z.int(),
});
export type AlertRoute = z.infer<typeof alertRouteSchema>;

/** An open alert with all that decides whether somebody is told. */
export const alertViewSchema = z.object({
  problem: problemSchema,
  labels: z.record(z.string(), z.string()),
  /** What an operator has to know first. */
  state: z.enum([
    /** Open, not told yet. */
    'waiting',
    /** Somebody has been told. */
    'told',
    'acknowledged',
    /** Not told of: see `suppressedBy`. */
    'suppressed',
    'flapping',
  ]),
  suppressedBy: z.array(suppressionCauseSchema),
  acknowledgement: acknowledgementSchema.nullable(),
  routes: z.array(alertRouteSchema),
  /** Open alerts that are suppressed because this one is their cause. */
  behind: z.int(),
  /** Times it has opened since it began to flap; 0 when it does not. */
  flaps: z.int(),
});
export type AlertView = z.infer<typeof alertViewSchema>;

/** One step of an alert's story. */
export const traceEntrySchema = z.object({
  at: timestamp,
  kind: z.enum([
    /** The sample or condition that it came from. */
    'observed',
    'opened',
    'routed',
    'waiting',
    'suppressed',
    'unsuppressed',
    'notice',
    'delivery',
    'acknowledged',
    'unacknowledged',
    'escalated',
    'flapping',
    'calm',
    'ended',
    /** The console was not watching, or was started again. */
    'restarted',
    'failed',
  ]),
  text: bilingual,
  /** Address inside the app of what it speaks of; null: none. */
  link: z.string().nullable(),
  /** The notice that it tells of; null: none. */
  notice: id.nullable(),
  cause: suppressionCauseSchema.nullable(),
  /** Only of `delivery`. */
  delivery: deliverySchema.nullable(),
});
export type TraceEntry = z.infer<typeof traceEntrySchema>;

/** An alert from its opening to its end, as history keeps it. */
export const alertRecordSchema = z.object({
  problem: problemSchema,
  labels: z.record(z.string(), z.string()),
  /** Times it opened; more than one when it flapped. */
  openings: z.int(),
  /** When the first notice of it left; null: nobody was told. */
  toldAt: timestamp.nullable(),
  notices: z.int(),
  acknowledgedAt: timestamp.nullable(),
  acknowledgedBy: z.string().nullable(),
  note: z.string().nullable(),
  /** Kinds of causes for which it was not told of, at any time. */
  suppressedBy: z.array(suppressionCauseSchema.shape.kind),
});
export type AlertRecord = z.infer<typeof alertRecordSchema>;
