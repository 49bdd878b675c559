import * as z from 'zod';
import { dashboardSchema, dashboardUid } from '../domain/dashboard/model.ts';
import { titleSchema } from '../domain/dashboard/text.ts';
import { variableOptionSchema, variableSchema } from '../domain/dashboard/variables.ts';
import { appErrorSchema } from '../errors/app-error.ts';
import { dashboardReportEvents, dashboardReportRequests } from './dashboard-reports.ts';
import { bilingual, done, id, nothing, request, timestamp } from './define.ts';

/** Text of one dashboard file, UTF-16 units. */
export const MOST_DASHBOARD_TEXT = 8 << 20;

/** A dashboard in a list. */
const dashboardSummarySchema = z.object({
  uid: dashboardUid,
  title: titleSchema,
  description: z.union([z.string(), bilingual]),
  tags: z.array(z.string()),
  /** Comes with the console; it cannot be overwritten, only copied. */
  builtIn: z.boolean(),
  panels: z.int(),
  /** Number of its newest version, from 1; 0 for a built-in one. */
  version: z.int(),
  savedAt: timestamp.nullable(),
  savedBy: z.string(),
});
export type DashboardSummary = z.infer<typeof dashboardSummarySchema>;

/** One save of a dashboard. */
export const dashboardVersionSchema = z.object({
  version: z.int(),
  savedAt: timestamp,
  /** The account that saved it, as the operating system calls it. */
  savedBy: z.string(),
  message: z.string(),
  kind: z.enum(['saved', 'imported', 'copied', 'restored', 'removed']),
  /** The version whose content it has again. */
  restoredFrom: z.int().nullable(),
  panels: z.int(),
});
export type DashboardVersion = z.infer<typeof dashboardVersionSchema>;

/** What an import could not take, or took as something else. */
const importFindingSchema = z.object({
  /** `left`: it is not there. `changed`: something near to it is there. `note`: nothing is missing. */
  level: z.enum(['left', 'changed', 'note']),
  /** Where it stands in the file, e.g. `panels[3].fieldConfig.overrides[0]`. */
  path: z.string(),
  /** Title of the panel it belongs to; null for the dashboard itself. */
  panel: z.string().nullable(),
  panelId: z.int().nullable(),
  what: bilingual,
});
export type ImportFinding = z.infer<typeof importFindingSchema>;

/** What became of a file. */
const importReportSchema = z.object({
  from: z.enum(['console', 'grafana', 'grafana-v2']),
  /** What the file says of itself, e.g. `Grafana 11.2.0, schema 39`. */
  origin: z.string(),
  uid: dashboardUid,
  title: titleSchema,
  panels: z.object({ taken: z.int(), changed: z.int(), left: z.int() }),
  targets: z.int(),
  variables: z.int(),
  /** All of them are counted; the list is cut. */
  findings: z.array(importFindingSchema),
  findingsOmitted: z.int(),
});
export type ImportReport = z.infer<typeof importReportSchema>;

/** What a mark on the time axis is about. */
const annotationKindSchema = z.enum(['alert', 'deployment', 'note', 'backup', 'restore', 'drill', 'gap']);
export type AnnotationKind = z.infer<typeof annotationKindSchema>;

/** A mark on the time axis. */
const annotationSchema = z.object({
  kind: annotationKindSchema,
  /** Of a mark that an operator made: for removing it. */
  id: id.nullable(),
  at: timestamp,
  /** Null: a moment; or it lasts still, when `open` says so. */
  until: timestamp.nullable(),
  open: z.boolean(),
  state: z.enum(['ok', 'warning', 'critical', 'info']),
  title: bilingual,
  text: bilingual,
  tags: z.array(z.string()),
  /** Address inside the app; '' for none. */
  link: z.string(),
});
export type Annotation = z.infer<typeof annotationSchema>;

/** Chosen values by the variable's name; `$__all` for all of them. */
const chosenSchema = z.record(z.string().max(200), z.array(z.string().max(5000)).max(1000));
export type ChosenValues = z.infer<typeof chosenSchema>;

/** A variable with what can be chosen. */
const resolvedVariableSchema = z.object({
  name: z.string(),
  options: z.array(variableOptionSchema),
  /** Options beyond the bound. */
  omitted: z.int(),
  /** What holds: what was asked for where it can be chosen, else the dashboard's own choice, else the first. */
  chosen: z.array(z.string()),
  /** Why there are no options. */
  error: appErrorSchema.nullable(),
});
export type ResolvedVariable = z.infer<typeof resolvedVariableSchema>;

export const dashboardsRequests = {
  /** Built-in ones first, then by title. */
  'dashboards.list': request(nothing, z.object({ dashboards: z.array(dashboardSummarySchema) })),
  'dashboards.get': request(
    z.object({ uid: dashboardUid, version: z.int().min(1).optional() }),
    z.object({
      dashboard: dashboardSchema,
      summary: dashboardSummarySchema,
      /** What `$__rate_interval` is reckoned from: how often most targets are scraped. */
      scrapeIntervalMs: z.number(),
    }),
  ),
  /**
   * Saves a dashboard as a new version. `base` is the version that was changed, 0 for a new one; when somebody else has saved
   * meanwhile, it is refused with DASHBOARD_CHANGED. Built-in ones are refused with DASHBOARD_BUILT_IN.
   */
  'dashboards.save': request(
    z.object({
      dashboard: dashboardSchema,
      base: z.int().min(0),
      message: z.string().trim().max(500).default(''),
    }),
    dashboardSummarySchema,
  ),
  /** A new dashboard with the content of another; it gets a uid of its own. */
  'dashboards.copy': request(
    z.object({ uid: dashboardUid, title: titleSchema.optional() }),
    dashboardSummarySchema,
  ),
  /** Newest first. */
  'dashboards.versions': request(
    z.object({ uid: dashboardUid }),
    z.object({ versions: z.array(dashboardVersionSchema) }),
  ),
  /** Saves the content of an earlier version as a new one; brings a removed dashboard back, too. */
  'dashboards.restore': request(
    z.object({ uid: dashboardUid, version: z.int().min(1) }),
    dashboardSummarySchema,
  ),
  /** Its versions are kept, so that `restore` brings it back, until the bound of removed dashboards. */
  'dashboards.remove': request(z.object({ uid: dashboardUid }), done),
  /** Removed dashboards, the last removed first. */
  'dashboards.removed': request(nothing, z.object({ dashboards: z.array(dashboardSummarySchema) })),
  /**
   * Takes a dashboard file of the console or of Grafana 9 to 12, whole or not at all: what is no dashboard is refused with line
   * and column. What cannot be taken of one is listed.
   */
  'dashboards.import': request(
    z.object({
      text: z.string().max(MOST_DASHBOARD_TEXT),
      /** Only reports. */
      dryRun: z.boolean().default(false),
      /** What to do when the uid is another dashboard's: a version of it, or a dashboard of its own. */
      onTaken: z.enum(['refuse', 'version', 'copy']).default('refuse'),
    }),
    z.object({
      report: importReportSchema,
      /** Null in a dry run. */
      saved: dashboardSummarySchema.nullable(),
      /** A dashboard has this uid already. */
      taken: z.boolean(),
      /** As it would be saved. */
      dashboard: dashboardSchema,
    }),
  ),
  /** As a file: of the console, or one that Grafana takes; then `left` says what Grafana has no place for. */
  'dashboards.export': request(
    z.object({
      uid: dashboardUid,
      version: z.int().min(1).optional(),
      as: z.enum(['console', 'grafana']).default('console'),
      language: z.enum(['zh', 'en']).default('zh'),
    }),
    z.object({ name: z.string(), text: z.string(), left: z.array(importFindingSchema) }),
  ),
  /** What the console knows of a span, both ends inside, oldest first. */
  'dashboards.annotations': request(
    z.object({
      start: timestamp,
      end: timestamp,
      kinds: z.array(annotationKindSchema).max(20).default([]),
      limit: z.int().min(1).max(5000).default(1000),
    }),
    z.object({ annotations: z.array(annotationSchema), omitted: z.int() }),
  ),
  /** Marks a deployment, an import or a remark on the time axis of all dashboards. */
  'dashboards.mark': request(
    z.object({
      kind: z.enum(['deployment', 'note']).default('deployment'),
      /** Default now. */
      at: timestamp.optional(),
      until: timestamp.nullable().default(null),
      text: z.string().trim().min(1).max(2000),
      tags: z.array(z.string().trim().min(1).max(100)).max(20).default([]),
    }),
    z.object({ id }),
  ),
  'dashboards.unmark': request(z.object({ id }), done),
  /** Options of variables, in order: one may use those before it. */
  'dashboards.variables': request(
    z.object({
      variables: z.array(variableSchema).max(100),
      chosen: chosenSchema.default({}),
      start: timestamp,
      end: timestamp,
    }),
    z.object({ variables: z.array(resolvedVariableSchema), scrapeIntervalMs: z.number() }),
  ),
  ...dashboardReportRequests,
};

export const dashboardsEvents = {
  /** A dashboard was saved, imported, restored or removed (`version` null). */
  'dashboards.changed': z.object({ uid: dashboardUid, version: z.int().nullable() }),
  ...dashboardReportEvents,
};
