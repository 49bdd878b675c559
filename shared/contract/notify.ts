import * as z from 'zod';
import { bilingual, done, id, nothing, request, timestamp } from './define.ts';
import { deliverySchema, noticeSchema } from './notice.ts';
import {
  alertRecordSchema,
  alertViewSchema,
  suppressionCauseSchema,
  traceEntrySchema,
} from './notify-alerts.ts';
import { matcherSchema, matchersSchema, notifyConfigSchema } from './notify-config.ts';
import { maintenanceInputSchema, maintenanceSchema, silenceSchema } from './notify-silences.ts';
import { problemSchema, severitySchema } from './site.ts';

/** Who does something: a name, since the console has no accounts. */
const actor = z.string().trim().min(1).max(80);
const remark = z.string().trim().max(2_000);

/** What one rule or built-in condition cost in a span of time. */
const alertStatisticSchema = z.object({
  /** The label `alertname`. */
  name: z.string(),
  /** File and group of the rule; null for a built-in condition. */
  rule: z.object({ file: z.string(), group: z.string() }).nullable(),
  severity: severitySchema.nullable(),
  alerts: z.int(),
  openings: z.int(),
  openMs: z.number(),
  notices: z.int(),
  suppressed: z.int(),
  acknowledged: z.int(),
  /** Told, and ended without anybody having acknowledged. */
  ignored: z.int(),
  meanToAcknowledgeMs: z.number().nullable(),
  meanToResolveMs: z.number().nullable(),
  marks: z.array(
    z.enum([
      /** Much more often than the others, or mostly very short. */
      'noisy',
      'never_fired',
      /** Half of its acknowledgements came later than `lateAfterMs`. */
      'acknowledged_late',
      'flapping',
      /** Told often and nobody ever acknowledged. */
      'ignored',
    ]),
  ),
});
export type AlertStatistic = z.infer<typeof alertStatisticSchema>;

/** A notice with what became of it. */
const sentNoticeSchema = z.object({ notice: noticeSchema, deliveries: z.array(deliverySchema) });

/** Where a configuration is wrong. */
const configProblemSchema = z.object({
  /** E.g. `route.routes.0.receiver`; '' for the whole. */
  path: z.string(),
  text: bilingual,
});
export type ConfigProblem = z.infer<typeof configProblemSchema>;

/** A line of an alertmanager.yml that is wrong, or that has no counterpart here. */
const importRemarkSchema = z.object({ line: z.int(), field: z.string(), text: bilingual });
export type ImportRemark = z.infer<typeof importRemarkSchema>;

/** Which alerts of now a set of matchers means. */
const previewSchema = z.object({
  total: z.int(),
  /** Not more than 200. */
  alerts: z.array(problemSchema),
  /** Hosts of them. */
  hosts: z.array(z.string()),
});

const span = z.object({ from: timestamp, to: timestamp });
const historyFilter = span.extend({
  /** Only alerts that these mean; none: all. */
  matchers: z.array(matcherSchema).max(100).default([]),
});

/** Most rows of one export. */
export const MOST_EXPORTED_ALERTS = 100_000;

export const notifyRequests = {
  /** Every open alert, worst first. */
  'notify.alerts': request(nothing, z.object({ now: timestamp, alerts: z.array(alertViewSchema) })),
  /** The whole story of one alert: of the open one, else of the newest that has ended, or of the one that began at `since`. */
  'notify.why': request(
    z.object({ id, since: timestamp.optional() }),
    z.object({
      record: alertRecordSchema,
      /** How it stands now; null when it has ended. */
      view: alertViewSchema.nullable(),
      /** The answer in one sentence. */
      verdict: bilingual,
      entries: z.array(traceEntrySchema),
      /** Entries that were left out between the first and the last ones, because there were too many. */
      leftOut: z.int(),
      /** Beginnings of all alerts of this id that history has, newest first. */
      others: z.array(timestamp),
    }),
  ),
  /** Open alerts only; those that are not are left out of `acknowledged`. Doing it again changes note and reminder. */
  'notify.acknowledge': request(
    z.object({
      ids: z.array(id).min(1).max(5_000),
      by: actor,
      note: remark.default(''),
      /** After how long, and then how often, a notice reminds; null: never. */
      remindAfterMs: z
        .int()
        .min(60_000)
        .max(30 * 86_400_000)
        .nullable()
        .default(null),
    }),
    z.object({ acknowledged: z.array(id) }),
  ),
  'notify.unacknowledge': request(
    z.object({ ids: z.array(id).min(1).max(5_000), by: actor }),
    z.object({ unacknowledged: z.array(id) }),
  ),

  'notify.config.get': request(
    nothing,
    z.object({
      config: notifyConfigSchema,
      /** Of the configuration; give it back when setting, so that nobody's change is lost. */
      revision: z.int(),
      /** Nobody has changed anything yet. */
      isDefault: z.boolean(),
    }),
  ),
  /** Takes a configuration whole, or says what is wrong with it and changes nothing (`revision` is null then). */
  'notify.config.set': request(
    z.object({
      config: notifyConfigSchema,
      /** The one it was made from; another one in the meantime is the error NOTIFY_CONFIG_CHANGED. */
      revision: z.int(),
      dryRun: z.boolean().default(false),
    }),
    z.object({ revision: z.int().nullable(), problems: z.array(configProblemSchema) }),
  ),
  /** Back to the routing of the first minute. */
  'notify.config.reset': request(nothing, z.object({ revision: z.int() })),
  /** What would become of an alert with these labels now, by the configuration in force or by another one. */
  'notify.config.test': request(
    z.object({
      labels: z.record(z.string().max(200), z.string().max(2_000)),
      config: notifyConfigSchema.optional(),
    }),
    z.object({
      routes: z.array(
        z.object({
          path: z.array(z.int()),
          receiver: z.string(),
          groupLabels: z.record(z.string(), z.string()),
          groupWaitMs: z.number(),
          groupIntervalMs: z.number(),
          repeatIntervalMs: z.number(),
          /** Name of the time interval because of which the route is silent now; null: it speaks. */
          mutedBy: z.string().nullable(),
        }),
      ),
      suppressedBy: z.array(suppressionCauseSchema),
    }),
  ),
  /** Reads an alertmanager.yml: taken whole, or nothing is changed (`problems` says why, `config` is null). */
  'notify.config.import': request(
    z.object({
      fileName: z.string().min(1).max(4_096),
      text: z.string().max(4 << 20),
      dryRun: z.boolean().default(false),
    }),
    z.object({
      config: notifyConfigSchema.nullable(),
      /** Wrong: nothing is taken. */
      problems: z.array(importRemarkSchema),
      /** Not taken, because the console has no counterpart or does it otherwise. */
      leftOut: z.array(importRemarkSchema),
      /** Channels that are made for receivers, e.g. `webhook http://…`. */
      channels: z.array(
        z.object({
          receiver: z.string(),
          kind: z.string(),
          line: z.int(),
          name: z.string(),
          /** What it is made of, e.g. `url` or `to` and `smarthost`. */
          fields: z.record(z.string(), z.string()),
          /** The channel that was made; null in a dry run, or when it has to be made by hand. */
          channel: id.nullable(),
        }),
      ),
    }),
  ),

  'notify.silences.list': request(
    z.object({ ended: z.boolean().default(false) }),
    z.object({ silences: z.array(silenceSchema) }),
  ),
  'notify.silences.create': request(
    z.object({
      matchers: matchersSchema,
      /** Now when left out. */
      startsAt: timestamp.optional(),
      /** Always: no silence is for ever. */
      endsAt: timestamp,
      by: actor,
      comment: remark.min(1),
    }),
    z.object({ silence: silenceSchema }),
  ),
  /** Ends a silence now. */
  'notify.silences.expire': request(
    z.object({ id, by: actor.optional() }),
    z.object({ silence: silenceSchema }),
  ),
  /** What a silence or a maintenance with these matchers would hide of what is open now. */
  'notify.silences.preview': request(z.object({ matchers: matchersSchema }), previewSchema),

  /** `spans`: when they are, for the calendar; not more than 2,000. */
  'notify.maintenance.list': request(
    z.object({ from: timestamp.optional(), to: timestamp.optional() }),
    z.object({
      maintenances: z.array(maintenanceSchema),
      spans: z.array(span.extend({ id })),
    }),
  ),
  /** Makes one, or changes the one of this id. */
  'notify.maintenance.put': request(
    maintenanceInputSchema.extend({ id: id.optional(), by: actor }),
    z.object({ maintenance: maintenanceSchema }),
  ),
  'notify.maintenance.remove': request(z.object({ id }), done),
  /** The next windows of a schedule that is being written. */
  'notify.maintenance.preview': request(
    z.object({ schedule: maintenanceInputSchema.shape.schedule }),
    z.object({ spans: z.array(span) }),
  ),

  /** Alerts that were open in a span of time, newest first. */
  'notify.history': request(
    historyFilter.extend({
      limit: z.int().min(1).max(2_000).default(200),
      offset: z.int().min(0).default(0),
    }),
    z.object({ records: z.array(alertRecordSchema), total: z.int() }),
  ),
  /** The same as text: CSV with a head line and UTF-8 BOM, or one JSON document a line. */
  'notify.history.export': request(
    historyFilter.extend({ format: z.enum(['csv', 'ndjson']), locale: z.enum(['zh', 'en']).default('zh') }),
    z.object({ text: z.string(), rows: z.int(), total: z.int() }),
  ),
  'notify.statistics': request(
    span,
    z.object({
      statistics: z.array(alertStatisticSchema),
      totals: alertStatisticSchema.omit({ name: true, rule: true, severity: true, marks: true }),
      /** Acknowledged later than this after the first notice is late. */
      lateAfterMs: z.number(),
    }),
  ),
  /** Notices that were sent, newest first. */
  'notify.notices': request(
    z.object({ before: timestamp.optional(), limit: z.int().min(1).max(500).default(100) }),
    z.object({ notices: z.array(sentNoticeSchema) }),
  ),
  /** Notices that ask for the whole screen: not acknowledged, and their alerts fire still. */
  'notify.fullScreen': request(nothing, z.object({ notices: z.array(noticeSchema) })),
};

export const notifyEvents = {
  /** Something that `notify.alerts` or the silences show has changed; ask again. */
  'notify.changed': z.object({}),
  /** The notices that ask for the whole screen now; none: give it back. */
  'notify.fullScreen': z.object({ notices: z.array(noticeSchema) }),
};
