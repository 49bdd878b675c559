import * as z from 'zod';
import { id, timestamp } from './define.ts';
import { matchersSchema } from './notify-config.ts';

/** Alerts that `matchers` mean are not told of between two times. */
export const silenceSchema = z.object({
  id,
  matchers: matchersSchema,
  startsAt: timestamp,
  endsAt: timestamp,
  by: z.string(),
  comment: z.string(),
  createdAt: timestamp,
  /** By whom it was ended before its time; null: it was not. */
  expiredBy: z.string().nullable(),
  state: z.enum(['pending', 'active', 'ended']),
  /** Open alerts that it hides now. */
  hides: z.int(),
});
export type Silence = z.infer<typeof silenceSchema>;

/** Longest maintenance window: a week. */
const LONGEST_WINDOW_MS = 7 * 86_400_000;

/** When a maintenance is. */
export const maintenanceScheduleSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('once'), startsAt: timestamp, endsAt: timestamp }),
  z.object({
    kind: z.literal('recurring'),
    /** Cron expression of the beginnings: minute hour day month weekday, e.g. `0 2 * * 0`; `0 2 * * 6#1` is the first Saturday. */
    cron: z.string().trim().min(1).max(200),
    /** IANA time zone; null: that of the workstation. */
    zone: z.string().max(100).nullable().default(null),
    durationMs: z.int().min(60_000).max(LONGEST_WINDOW_MS),
    /** No window begins before, or after. */
    from: timestamp.nullable().default(null),
    until: timestamp.nullable().default(null),
  }),
]);
export type MaintenanceSchedule = z.infer<typeof maintenanceScheduleSchema>;

/** A maintenance as somebody writes it. Hosts, components and the like are labels: `host="app-1"`. */
export const maintenanceInputSchema = z.object({
  name: z.string().trim().min(1).max(200),
  matchers: matchersSchema,
  schedule: maintenanceScheduleSchema,
  comment: z.string().trim().max(2_000).default(''),
  enabled: z.boolean().default(true),
});

/** Planned work, once or again and again, during which alerts are not told of. */
export const maintenanceSchema = maintenanceInputSchema.extend({
  id,
  by: z.string(),
  createdAt: timestamp,
  /** The window that is open now; null: none. */
  now: z.object({ from: timestamp, to: timestamp }).nullable(),
  /** The next one; null: none. */
  next: z.object({ from: timestamp, to: timestamp }).nullable(),
  /** Open alerts that it hides now. */
  hides: z.int(),
});
export type Maintenance = z.infer<typeof maintenanceSchema>;
