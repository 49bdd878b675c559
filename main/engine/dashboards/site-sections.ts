import { dashboardReportSchema } from '#shared/contract/dashboard-reports.ts';
import { dashboardSchema } from '#shared/domain/dashboard/model.ts';
import { cronTimes } from '#shared/domain/schedule/cron-times.ts';
import { compareText } from '#shared/domain/text-order.ts';
import { appError } from '#shared/errors/index.ts';
import { operatingUser } from '../platform/operating-user.ts';
import { absentPaths, documentId, type SiteSection, siteSection, written } from '../platform/site-section.ts';
import type { Boards } from './boards.ts';
import type { ReportStore } from './reports/report-store.ts';
import { reportSpan } from './reports/run-report.ts';
import type { DashboardStore } from './store.ts';

/** What the sections are made of. */
export type DashboardSectionsDeps = {
  readonly boards: Boards;
  readonly store: DashboardStore;
  readonly reports: ReportStore;
  readonly now: () => number;
  readonly changed: (report: string) => void;
};

const nameOf = (title: string | { readonly zh: string; readonly en: string }): string =>
  typeof title === 'string' ? title : title.zh || title.en;

/** Dashboards as they are now, and reports. Older versions and marks on the time axis stay where they were made. */
export function dashboardSections(deps: DashboardSectionsDeps): readonly SiteSection[] {
  const { boards, store, reports, now } = deps;
  return [
    siteSection({
      name: 'dashboards',
      most: 2_000,
      schema: dashboardSchema,
      key: ({ uid }) => uid,
      label: ({ title }) => nameOf(title),
      read: () =>
        store
          .list()
          .toSorted((a, b) => compareText(a.uid, b.uid))
          .flatMap(({ uid }) => store.read(uid) ?? []),
      put: (dashboard, world) =>
        boards.save(dashboard, null, {
          at: world.now,
          by: operatingUser(),
          message: '',
          kind: 'imported',
        }),
    }),
    siteSection({
      name: 'reports',
      most: 1_000,
      schema: dashboardReportSchema.extend({ id: documentId }),
      key: ({ id }) => id,
      label: ({ name }) => name,
      read: () => reports.list().map(({ since: _, ...report }) => report),
      check: (report) => {
        const cron = cronTimes(report.cron, now(), 1);
        if (!cron.ok)
          return appError(
            'REPORT_SCHEDULE_INVALID',
            { schedule: report.cron, why: cron.why },
            { field: 'cron' },
          );
        const span = reportSpan(report, now());
        return span.ok ? null : span.error;
      },
      put: (report, world) => {
        reports.put(report, world.now);
        return written;
      },
      verify: ({ dashboards }) => {
        const at = dashboards.findIndex(({ uid }) => boards.summary(uid) === null);
        const unknown = dashboards[at];
        return unknown === undefined
          ? null
          : appError('NOT_FOUND', { what: 'dashboard', id: unknown.uid }, { field: `dashboards.${at}.uid` });
      },
      warn: ({ folder }) => absentPaths([folder]),
      took: () => {
        for (const { id } of reports.list()) deps.changed(id);
      },
    }),
  ];
}
