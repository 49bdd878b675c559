import * as z from 'zod';
import { colorSchema, linkSchema } from './field.ts';
import { panelSchema } from './panels.ts';
import { localized, titleSchema } from './text.ts';
import { variableSchema } from './variables.ts';

/** The first member of a dashboard's file, and the version of the format that this console writes. */
export const DASHBOARD_FORMAT = 'hmtt-dashboard';
export const DASHBOARD_FORMAT_VERSION = 1;

/** Bounds of one dashboard. */
export const dashboardLimits = {
  panels: 500,
  rows: 200,
  variables: 100,
  annotations: 50,
  /** Bytes of its JSON text. */
  bytes: 4 << 20,
} as const;

/** Names a dashboard in addresses and links. */
export const dashboardUid = z
  .string()
  .min(1)
  .max(80)
  .regex(/^[A-Za-z0-9_-]+$/, 'may consist of letters, digits, _ and - only');

/** `now`, `now-6h`, RFC 3339 or UTC milliseconds. */
const timeText = z.string().trim().min(1).max(60);

/** What is marked on the time axis. */
export const dashboardAnnotationSchema = z.strictObject({
  name: titleSchema,
  color: colorSchema.default('accent'),
  shown: z.boolean().default(true),
  /** No switch in the bar of variables. */
  hidden: z.boolean().default(false),
  source: z.discriminatedUnion('of', [
    /** What the console itself knows. */
    z.strictObject({ of: z.literal('alerts') }),
    z.strictObject({ of: z.literal('deployments') }),
    z.strictObject({ of: z.literal('backups') }),
    z.strictObject({ of: z.literal('restores') }),
    z.strictObject({ of: z.literal('drills') }),
    z.strictObject({ of: z.literal('gaps') }),
    /** Where an expression has a value: one mark for each unbroken run. */
    z.strictObject({
      of: z.literal('query'),
      expr: z.string().max(20_000),
      minStep: z.string().max(100).default('60s'),
      /** `{{label}}` is that label's value. */
      title: z.string().max(1000).default(''),
      text: z.string().max(1000).default(''),
      /** Labels whose values are shown as tags. */
      tagLabels: z.array(z.string().max(200)).max(50).default([]),
    }),
  ]),
  /** Only on these panels, or on all but these; null on all. */
  panels: z
    .strictObject({
      ids: z.array(z.int()).max(dashboardLimits.panels),
      exclude: z.boolean().default(false),
    })
    .nullable()
    .default(null),
});
export type DashboardAnnotation = z.output<typeof dashboardAnnotationSchema>;

/** Panels under a heading that can be folded; places count from the row's top. */
const rowSchema = z.strictObject({
  /** Empty: no heading. Only the first row may go without. */
  title: titleSchema.default(''),
  folded: z.boolean().default(false),
  /** The row stands once for each chosen value of this variable. */
  repeat: z.string().max(200).nullable().default(null),
  panels: z.array(panelSchema).max(dashboardLimits.panels).default([]),
});
export type Row = z.output<typeof rowSchema>;

/** A dashboard as it is kept, exported and imported. */
export const dashboardSchema = z
  .strictObject({
    format: z.literal(DASHBOARD_FORMAT),
    version: z.literal(DASHBOARD_FORMAT_VERSION),
    uid: dashboardUid,
    title: titleSchema.refine(
      (title) => (typeof title === 'string' ? title : title.zh + title.en).trim() !== '',
      {
        message: 'is empty',
      },
    ),
    description: localized(10_000).default(''),
    tags: z.array(z.string().trim().min(1).max(100)).max(50).default([]),
    time: z.strictObject({ from: timeText.default('now-6h'), to: timeText.default('now') }).default({
      from: 'now-6h',
      to: 'now',
    }),
    /** Null: only when somebody asks. */
    refreshMs: z.int().min(1_000).max(86_400_000).nullable().default(30_000),
    zone: z.enum(['local', 'utc']).default('local'),
    variables: z.array(variableSchema).max(dashboardLimits.variables).default([]),
    annotations: z.array(dashboardAnnotationSchema).max(dashboardLimits.annotations).default([]),
    links: z.array(linkSchema).max(50).default([]),
    rows: z.array(rowSchema).max(dashboardLimits.rows).default([]),
  })
  .superRefine(({ rows, variables }, context) => {
    const ids = new Set<number>();
    let count = 0;
    rows.forEach((row, r) => {
      row.panels.forEach((panel, p) => {
        count++;
        if (ids.has(panel.id))
          context.addIssue({
            code: 'custom',
            path: ['rows', r, 'panels', p, 'id'],
            message: `${panel.id} is another panel's`,
          });
        ids.add(panel.id);
      });
    });
    if (count > dashboardLimits.panels)
      context.addIssue({
        code: 'custom',
        path: ['rows'],
        message: `has ${count} panels, more than ${dashboardLimits.panels}`,
      });
    const names = new Set<string>();
    variables.forEach(({ name }, v) => {
      if (names.has(name))
        context.addIssue({
          code: 'custom',
          path: ['variables', v, 'name'],
          message: `${name} is another variable's`,
        });
      names.add(name);
    });
  });
export type Dashboard = z.output<typeof dashboardSchema>;
/** As a file may have it: what has a default may be left out. */
export type DashboardInput = z.input<typeof dashboardSchema>;

/** Every panel of a dashboard, row by row. */
export function panelsOf(dashboard: Pick<Dashboard, 'rows'>): readonly Row['panels'][number][] {
  return dashboard.rows.flatMap(({ panels }) => panels);
}
