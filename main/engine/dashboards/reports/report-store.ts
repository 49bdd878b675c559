import * as z from 'zod';
import {
  type DashboardReport,
  dashboardReportSchema,
  type ReportRun,
  reportRunSchema,
} from '#shared/contract/dashboard-reports.ts';
import type { WritableDb } from '../../storage/sqlite.ts';

/** A report, and since when its schedule is as it is. */
export type StoredReport = DashboardReport & { readonly since: number };

/** Reports and their runs in console.db. */
export type ReportStore = {
  readonly list: () => readonly StoredReport[];
  readonly get: (id: string) => StoredReport | null;
  readonly put: (report: DashboardReport, since: number) => void;
  /** @returns false when there was none */
  readonly remove: (id: string) => boolean;
  /** Newest first. */
  readonly runs: (report: string, limit: number) => readonly ReportRun[];
  /** Adds a run or changes it; beyond the bound, the oldest go. */
  readonly putRun: (run: ReportRun) => void;
  /** Runs that an engine which is gone has left open. */
  readonly openRuns: () => readonly ReportRun[];
};

/** Runs kept of each report: more than PDFs can be kept. */
const MOST_RUNS = 1_100;

type Row = { readonly body: string };

/** Opens the tables of reports. */
export function openReportStore(db: WritableDb): ReportStore {
  const reportRow = z.object({ body: z.string(), since_ms: z.number() }).transform(
    ({ body, since_ms }): StoredReport => ({
      ...dashboardReportSchema.parse(JSON.parse(body)),
      since: since_ms,
    }),
  );
  const readRun = ({ body }: Row): ReportRun => reportRunSchema.parse(JSON.parse(body));
  const putRun = db.transaction((run: ReportRun): void => {
    const changed = db
      .prepare("UPDATE dashboard_report_run SET body = ? WHERE report = ? AND json_extract(body, '$.id') = ?")
      .run(JSON.stringify(run), run.report, run.id).changes;
    if (changed > 0) return;
    db.prepare('INSERT INTO dashboard_report_run (report, body) VALUES (?, ?)').run(
      run.report,
      JSON.stringify(run),
    );
    db.prepare(
      `DELETE FROM dashboard_report_run WHERE report = @report AND seq <=
         (SELECT seq FROM dashboard_report_run WHERE report = @report ORDER BY seq DESC LIMIT 1 OFFSET @most)`,
    ).run({ report: run.report, most: MOST_RUNS });
  });
  return {
    list: () =>
      db
        .prepare('SELECT body, since_ms FROM dashboard_report ORDER BY id')
        .all()
        .map((row) => reportRow.parse(row)),
    get: (id) => {
      const row = db.prepare('SELECT body, since_ms FROM dashboard_report WHERE id = ?').get(id);
      return row === undefined ? null : reportRow.parse(row);
    },
    put: (report, since) => {
      db.prepare(
        `INSERT INTO dashboard_report (id, body, since_ms) VALUES (?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET body = excluded.body, since_ms = excluded.since_ms`,
      ).run(report.id, JSON.stringify(report), since);
    },
    remove: (id) => db.prepare('DELETE FROM dashboard_report WHERE id = ?').run(id).changes > 0,
    runs: (report, limit) =>
      db
        .prepare<[string, number], Row>(
          'SELECT body FROM dashboard_report_run WHERE report = ? ORDER BY seq DESC LIMIT ?',
        )
        .all(report, limit)
        .map(readRun),
    putRun: (run) => putRun(run),
    openRuns: () =>
      db
        .prepare<[], Row>(
          "SELECT body FROM dashboard_report_run WHERE json_extract(body, '$.state') = 'running'",
        )
        .all()
        .map(readRun),
  };
}
