import { randomUUID } from 'node:crypto';
import { rmSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { DashboardReport, ReportRun } from '#shared/contract/dashboard-reports.ts';
import type { Job } from '#shared/contract/jobs.ts';
import { type AppError, appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import { parseTime } from '#shared/units/time.ts';
import type { Clock } from '../../platform/clock.ts';
import type { NoteDeletion } from '../../platform/deletions.ts';
import type { JobControl, JobRegistry } from '../../platform/jobs.ts';
import type { Logger } from '../../platform/logger.ts';
import { writeFileDurably } from '../../storage/durable.ts';
import type { Rendering, Views } from './rendering.ts';
import type { ReportStore } from './report-store.ts';

/** What reports are made with. */
export type RunDeps = {
  readonly store: ReportStore;
  readonly views: Views;
  readonly rendering: Rendering;
  readonly jobs: JobRegistry;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly changed: (report: string) => void;
  /** Notes in the audit trail what retention removes; nothing does when left out, as in tests. */
  readonly noteDeletion?: NoteDeletion;
};

/** A file's name that every system takes. */
function fileName(report: DashboardReport, uid: string, dueAt: number): string {
  const name = report.name.replace(/[^\p{L}\p{N}_-]+/gu, '-').slice(0, 60);
  const date = new Date(dueAt);
  const two = (part: number): string => String(part).padStart(2, '0');
  const day = `${date.getFullYear()}${two(date.getMonth() + 1)}${two(date.getDate())}`;
  return `${name}-${uid}-${day}-${two(date.getHours())}${two(date.getMinutes())}.pdf`;
}

/** Why a folder cannot take reports; null when it can. */
export function folderProblem(folder: string): AppError | null {
  const refuse = (why: string): AppError =>
    appError('REPORT_FOLDER_UNUSABLE', { folder, why }, { field: 'folder' });
  if (!isAbsolute(folder)) return refuse('not an absolute path');
  try {
    return statSync(folder).isDirectory() ? null : refuse('not a folder');
  } catch (thrown) {
    return refuse(describeThrown(thrown));
  }
}

/** The span that a report shows, reckoned from its time. REPORT_RANGE_INVALID when it is none. */
export function reportSpan(
  { from, to }: Pick<DashboardReport, 'from' | 'to'>,
  dueAt: number,
): Result<{ readonly start: number; readonly end: number }> {
  const [start, end] = [parseTime(from, dueAt), parseTime(to, dueAt)];
  if (start === null || end === null)
    return err(
      appError(
        'REPORT_RANGE_INVALID',
        { why: start === null ? from : to },
        { field: start === null ? 'from' : 'to' },
      ),
    );
  return start < end ? ok({ start, end }) : err(appError('REPORT_RANGE_INVALID', { why: `${from} ≥ ${to}` }));
}

/** Makes one PDF and puts it into the folder. */
async function makeOne(
  deps: RunDeps,
  report: DashboardReport,
  dashboard: DashboardReport['dashboards'][number],
  dueAt: number,
  signal: AbortSignal,
): Promise<Result<ReportRun['files'][number]>> {
  const span = reportSpan(report, dueAt);
  if (!span.ok) return span;
  const problem = folderProblem(report.folder);
  if (problem !== null) return err(problem);
  const { uid, variables } = dashboard;
  const view = deps.views.put({ uid, version: null, ...span.value, variables });
  const pdf = await deps.rendering.render(view, report.language, signal);
  if (!pdf.ok) return pdf;
  const path = join(report.folder, fileName(report, uid, dueAt));
  try {
    writeFileDurably(path, pdf.value, 0o644);
  } catch (thrown) {
    return err(appError('REPORT_FOLDER_UNUSABLE', { folder: report.folder, why: describeThrown(thrown) }));
  }
  return ok({ uid, path, bytes: pdf.value.length });
}

/** Deletes the PDFs beyond the bound, the oldest first; only files that the report made itself. */
function trim({ store, logger, noteDeletion }: RunDeps, report: DashboardReport): void {
  const gone: string[] = [];
  const seen = new Map<string, number>();
  for (const run of store.runs(report.id, Number.MAX_SAFE_INTEGER)) {
    const kept = run.files.filter(({ uid, path }) => {
      const count = (seen.get(uid) ?? 0) + 1;
      seen.set(uid, count);
      if (count <= report.keep) return true;
      try {
        rmSync(path, { force: true });
        gone.push(path);
        return false;
      } catch (thrown) {
        logger.log('warn', 'an old report was not deleted', { path, why: describeThrown(thrown) });
        return true;
      }
    });
    if (kept.length < run.files.length) store.putRun({ ...run, files: kept });
  }
  if (gone.length > 0)
    noteDeletion?.('dashboards.reports.retention', gone.join(', '), { count: String(gone.length) });
}

async function work(
  deps: RunDeps,
  report: DashboardReport,
  started: ReportRun,
  { signal, progress }: JobControl,
): Promise<Result<ReportRun>> {
  const files: ReportRun['files'] = [];
  for (const dashboard of report.dashboards) {
    progress({
      phase: { zh: '生成 PDF', en: 'making PDFs' },
      done: files.length,
      total: report.dashboards.length,
      unit: 'files',
      rate: 0,
      etaMs: null,
      current: dashboard.uid,
      filesDone: files.length,
    });
    const made = await makeOne(deps, report, dashboard, started.dueAt, signal);
    if (!made.ok) {
      deps.store.putRun({ ...started, endedAt: deps.clock.now(), state: 'failed', files, error: made.error });
      return made;
    }
    files.push(made.value);
  }
  const done: ReportRun = { ...started, endedAt: deps.clock.now(), state: 'done', files };
  deps.store.putRun(done);
  trim(deps, report);
  return ok(done);
}

/** Starts making a report, as a job. */
export function startReport(
  deps: RunDeps,
  report: DashboardReport,
  trigger: ReportRun['trigger'],
  dueAt: number,
): Job {
  const run: ReportRun = {
    id: randomUUID(),
    report: report.id,
    dueAt,
    startedAt: deps.clock.now(),
    endedAt: null,
    trigger,
    state: 'running',
    files: [],
    error: null,
  };
  deps.store.putRun(run);
  deps.changed(report.id);
  return deps.jobs.start({
    kind: 'report',
    title: { zh: `报表“${report.name}”`, en: `Report "${report.name}"` },
    link: '/metrics/dashboards',
    canPause: false,
    work: async (control) => {
      const made = await work(deps, report, run, control);
      deps.changed(report.id);
      return made.ok ? ok({ kind: 'report', id: report.id }) : made;
    },
  });
}
