import type { AreaHandlers, Broadcast } from '#shared/contract/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { NoteDeletion } from '../platform/deletions.ts';
import type { JobRegistry } from '../platform/jobs.ts';
import type { Logger } from '../platform/logger.ts';
import type { SiteSection } from '../platform/site-section.ts';
import type { Timers } from '../platform/timers.ts';
import type { WritableDb } from '../storage/sqlite.ts';
import { createBoards } from './boards.ts';
import { dashboardHandlers } from './handlers.ts';
import { openMarkStore } from './marks.ts';
import { createReports, type ReportHealth } from './reports/area.ts';
import { openReportStore } from './reports/report-store.ts';
import { dashboardSections } from './site-sections.ts';
import { openDashboardStore, type StoreLimits } from './store.ts';
import type { DashboardSources } from './types.ts';

/** The area `dashboards`: dashboards with versions, what their variables can be, marks on the time axis, reports. */
export type DashboardsArea = {
  readonly handlers: AreaHandlers<'dashboards'>;
  /** What is wrong with reports, for the alerts. */
  readonly reportHealth: () => readonly ReportHealth[];
  /** Its part of the site document. */
  readonly sections: readonly SiteSection[];
  readonly close: () => void;
};

/** What the area needs from its surroundings. */
export type DashboardsDeps = {
  readonly db: WritableDb;
  readonly sources: DashboardSources;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly jobs: JobRegistry;
  readonly broadcast: Broadcast;
  /** False in a one-shot command: schedules of reports are not kept then. */
  readonly watching: boolean;
  readonly limits?: StoreLimits;
  /** Notes in the audit trail what retention removes; nothing does when left out, as in tests. */
  readonly noteDeletion?: NoteDeletion;
};

/** Builds the area. */
export function createDashboardsArea(deps: DashboardsDeps): DashboardsArea {
  const { db, broadcast } = deps;
  const store = openDashboardStore(db, deps.limits);
  const boards = createBoards(store, deps.limits?.dashboards);
  const reportStore = openReportStore(db);
  const changed = (report: string): void => broadcast('dashboards.reports.changed', { report });
  const reports = createReports({ ...deps, boards, store: reportStore, changed });
  return {
    handlers: {
      ...dashboardHandlers({ ...deps, boards, store, marks: openMarkStore(db) }),
      ...reports.handlers,
    },
    reportHealth: reports.health,
    sections: dashboardSections({ boards, store, reports: reportStore, now: deps.clock.now, changed }),
    close: reports.close,
  };
}
