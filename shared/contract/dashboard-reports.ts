import * as z from 'zod';
import { dashboardUid } from '../domain/dashboard/model.ts';
import { titleSchema } from '../domain/dashboard/text.ts';
import { appErrorSchema } from '../errors/app-error.ts';
import { done, id, nothing, request, timestamp } from './define.ts';
import { languageSchema } from './shell.ts';

/** Bytes of one PDF. */
const MOST_REPORT_BYTES = 64 << 20;

/** A dashboard as it is shown at one moment: what a printed page is made of. */
const dashboardViewSchema = z.object({
  uid: dashboardUid,
  /** Null: the newest. */
  version: z.int().min(1).nullable().default(null),
  start: timestamp,
  end: timestamp,
  variables: z.record(z.string().max(200), z.array(z.string().max(5000)).max(1000)).default({}),
});
export type DashboardView = z.infer<typeof dashboardViewSchema>;

/** Dashboards that are saved as PDF at set times. */
export const dashboardReportSchema = z.strictObject({
  id,
  name: z.string().trim().min(1).max(100),
  enabled: z.boolean().default(true),
  /** Cron expression (minute hour day month weekday) in the workstation's local time. */
  cron: z.string().trim().min(1).max(200),
  /** One PDF each. */
  dashboards: z
    .array(
      z.strictObject({
        uid: dashboardUid,
        variables: z.record(z.string().max(200), z.array(z.string().max(5000)).max(1000)).default({}),
      }),
    )
    .min(1)
    .max(20),
  /** The span, reckoned from the scheduled time, e.g. `now-24h` to `now`. */
  from: z.string().trim().min(1).max(60).default('now-24h'),
  to: z.string().trim().min(1).max(60).default('now'),
  language: languageSchema.default('zh-CN'),
  /** An existing folder, as an absolute path. */
  folder: z.string().trim().min(1).max(4096),
  /** PDFs kept of each dashboard in this report; older ones that it made itself are deleted. */
  keep: z.int().min(1).max(1000).default(30),
});
export type DashboardReport = z.output<typeof dashboardReportSchema>;

/** One run of a report. */
export const reportRunSchema = z.object({
  id,
  report: id,
  /** The time it stands for; equal to `startedAt` when run by hand. */
  dueAt: timestamp,
  startedAt: timestamp,
  endedAt: timestamp.nullable(),
  trigger: z.enum(['schedule', 'hand']),
  state: z.enum(['running', 'done', 'failed', 'interrupted']),
  files: z.array(z.object({ uid: z.string(), path: z.string(), bytes: z.number() })),
  error: appErrorSchema.nullable(),
});
export type ReportRun = z.infer<typeof reportRunSchema>;

export const dashboardReportRequests = {
  'dashboards.reports.list': request(
    nothing,
    z.object({
      reports: z.array(
        z.object({
          report: dashboardReportSchema,
          /** Null when it is not enabled or never comes. */
          nextAt: timestamp.nullable(),
          last: reportRunSchema.nullable(),
        }),
      ),
      /** False: no window can lay pages out at present (the console runs without a desktop). */
      canRender: z.boolean(),
    }),
  ),
  /** Adds or changes a report; an empty id adds one. */
  'dashboards.reports.put': request(
    dashboardReportSchema.extend({ id: z.string().max(200).default('') }),
    z.object({ id }),
  ),
  'dashboards.reports.remove': request(z.object({ id }), done),
  /** Runs it now. */
  'dashboards.reports.run': request(z.object({ id }), z.object({ jobId: id })),
  /** Newest first. */
  'dashboards.reports.runs': request(
    z.object({ id, limit: z.int().min(1).max(1000).default(100) }),
    z.object({ runs: z.array(reportRunSchema) }),
  ),
  /** Keeps a view for some minutes, so that a printing window can ask for it by its id: `/print/dashboard/ID`. */
  'dashboards.views.put': request(dashboardViewSchema, z.object({ id })),
  'dashboards.views.get': request(z.object({ id }), dashboardViewSchema.extend({ title: titleSchema })),
  /**
   * Told by the shell: this caller can lay a document out and make a PDF of it. From then on until its connection ends it gets
   * `dashboards.wanted` events.
   */
  'dashboards.renderer': request(nothing, done),
  /** The answer to a `dashboards.wanted`: the PDF as base64, or why there is none. */
  'dashboards.rendered': request(
    z.object({
      id,
      answer: z.discriminatedUnion('ok', [
        z.object({ ok: z.literal(true), pdf: z.string().max(Math.ceil(MOST_REPORT_BYTES / 3) * 4 + 4) }),
        z.object({ ok: z.literal(false), error: appErrorSchema }),
      ]),
    }),
    done,
  ),
};

export const dashboardReportEvents = {
  /** To the shell alone: print the document `dashboard` with this view's id. */
  'dashboards.wanted': z.object({ id, view: id, language: languageSchema }),
  /** A report or one of its runs has changed. */
  'dashboards.reports.changed': z.object({ report: id }),
};
