import * as z from 'zod';
import { bilingual, done, id, nothing, request, timestamp } from './define.ts';

/** How bad a problem is. `info` never asks anybody to act. */
export const severitySchema = z.enum(['critical', 'warning', 'info']);
export type Severity = z.infer<typeof severitySchema>;

/** One thing that is wrong now (or was, when `until` is set): a sentence, the next step, and where to look. */
export const problemSchema = z.object({
  id,
  /** Stable name of the condition, e.g. `host_down`, `disk_filling`, `backup_stale`. */
  condition: z.string(),
  severity: severitySchema,
  /**
   * What routes, silences, groups and inhibitions go by: always `alertname` and `severity`, and of a built-in condition
   * `host`, `instance`, `tier`, `plan`, `source`, `channel`, `mountpoint` where it is about one. An alert of a rule has
   * its own labels; a severity that the site's rules give stays as they write it.
   */
  labels: z.record(z.string(), z.string()),
  since: timestamp,
  until: timestamp.nullable(),
  sentence: bilingual,
  /** What the operator does next. */
  next: bilingual,
  /** Address inside the app, e.g. `/hosts/app-2`. */
  link: z.string(),
  /** The alert of a rule that this problem is; absent when a built-in condition found it. */
  alert: z
    .object({
      /** The rule's file and group. */
      file: z.string(),
      group: z.string(),
      labels: z.record(z.string(), z.string()),
      annotations: z.record(z.string(), z.string()),
      activeAt: timestamp,
      /** The expression's value when it was last looked at, as Prometheus writes it. */
      value: z.string(),
    })
    .optional(),
});
export type Problem = z.infer<typeof problemSchema>;

/** The figures of the status bar; always true, pushed every few seconds. */
const siteStatusSchema = z.object({
  now: timestamp,
  siteName: z.string(),
  classification: z.string(),
  engine: z.object({
    version: z.string(),
    pid: z.int(),
    startedAt: timestamp,
    dataDir: z.string(),
    cpuSeconds: z.number(),
    rssBytes: z.number(),
  }),
  hosts: z.object({
    total: z.int(),
    up: z.int(),
    down: z.int(),
    unreachable: z.int(),
    notWatched: z.int(),
  }),
  /** Open problems; those that another one explains are not counted. */
  problems: z.object({ critical: z.int(), warning: z.int() }),
  /** When the last look for problems ended; null before the first one of this engine: problems are those of before then. */
  checkedAt: timestamp.nullable(),
  logLinesPerSecond: z.number(),
  /** The newest restore point that passed verification, over all plans; null when there is none. */
  lastVerifiedPoint: z.object({ plan: z.string(), pointId: id, at: timestamp }).nullable(),
  disk: z.object({
    freeBytes: z.number(),
    totalBytes: z.number(),
    /** Days until the disk of the data folder is full at the present rate; null when it is not filling. */
    daysLeft: z.number().nullable(),
  }),
  jobsRunning: z.int(),
});
export type SiteStatus = z.infer<typeof siteStatusSchema>;

/** How well one backup plan could get the site back. */
export const restoreConfidenceSchema = z.object({
  plan: z.string(),
  dataClass: z.enum(['core', 'logs']),
  lastPointAt: timestamp.nullable(),
  lastVerifiedAt: timestamp.nullable(),
  rpoMs: z.number().nullable(),
  /** Of an encrypted plan: when somebody last opened an archive with one of its keys, and when the next test is due. */
  keyTestedAt: timestamp.nullable().optional(),
  keyTestDueAt: timestamp.optional(),
  state: z.enum(['ok', 'late', 'never', 'broken']),
});

/** The first screen. */
const overviewSchema = z.object({
  /** As in the status. */
  checkedAt: timestamp.nullable(),
  /** What was looked at, for the calm "all normal" sentence. */
  checked: z.object({
    hosts: z.int(),
    targets: z.int(),
    logSources: z.int(),
    plans: z.int(),
  }),
  problems: z.array(problemSchema),
  /** Ids of those problems that another one of them explains, e.g. of a check of a dead host: people need not look at them. */
  explained: z.array(id),
  restoreConfidence: z.array(restoreConfidenceSchema),
  /** Errors (level error and fatal) per hour of the last 24 h, oldest first. */
  logErrorsPerHour: z.array(z.object({ hour: timestamp, errors: z.int() })),
});
export type Overview = z.infer<typeof overviewSchema>;

/** A span during which the console itself was not watching. */
const watchGapSchema = z.object({
  from: timestamp,
  to: timestamp,
  reason: z.enum(['stopped', 'crashed', 'asleep', 'clock_jump']),
});
export type WatchGap = z.infer<typeof watchGapSchema>;

export const siteSettingsSchema = z.object({
  siteName: z.string().min(1).max(80),
  /** Classification label printed on every page and export; empty for none. */
  classification: z.string().max(40),
});
export type SiteSettings = z.infer<typeof siteSettingsSchema>;

export const siteRequests = {
  'site.status': request(nothing, siteStatusSchema),
  'site.overview': request(nothing, overviewSchema),
  'site.watchGaps': request(
    z.object({ start: timestamp, end: timestamp }),
    z.object({ gaps: z.array(watchGapSchema) }),
  ),
  'site.settings.get': request(nothing, siteSettingsSchema),
  'site.settings.set': request(siteSettingsSchema, done),
  /** The machine slept from `from` to `to`; told by the shell so that the gap is recorded. */
  'site.slept': request(z.object({ from: timestamp, to: timestamp }), done),
};

export const alertsRequests = {
  /** Problems now (`firing`) or ended ones too (`all`), newest first. */
  'alerts.list': request(
    z.object({
      state: z.enum(['firing', 'all']).default('firing'),
      limit: z.int().min(1).max(5000).default(500),
    }),
    z.object({ alerts: z.array(problemSchema), total: z.int() }),
  ),
};

export const siteEvents = {
  'site.status': siteStatusSchema,
  'alerts.changed': z.object({
    problems: z.array(problemSchema),
    raised: z.array(problemSchema),
    ended: z.array(problemSchema),
  }),
};
