import { randomUUID } from 'node:crypto';
import type { ReportRun } from '#shared/contract/dashboard-reports.ts';
import type { AreaHandlers } from '#shared/contract/index.ts';
import { cronTimes } from '#shared/domain/schedule/cron-times.ts';
import { type AppError, appError, err, ok } from '#shared/errors/index.ts';
import type { Timers } from '../../platform/timers.ts';
import type { Boards } from '../boards.ts';
import { dueTime, nextTime } from './due.ts';
import { createRendering, createViews } from './rendering.ts';
import { folderProblem, type RunDeps, reportSpan, startReport } from './run-report.ts';

/** The requests about reports. */
export type ReportHandlers = Pick<
  AreaHandlers<'dashboards'>,
  Extract<
    keyof AreaHandlers<'dashboards'>,
    | `dashboards.reports.${string}`
    | `dashboards.views.${string}`
    | 'dashboards.renderer'
    | 'dashboards.rendered'
  >
>;

/** What is wrong with a report, for the alerts. */
export type ReportHealth = {
  readonly report: string;
  readonly name: string;
  /** `failed`: the last run; `waiting`: its time has come, and no desktop is there to lay it out. */
  readonly state: 'failed' | 'waiting';
  /** UTC milliseconds. */
  readonly since: number;
  readonly error: AppError;
};

/** Reports at set times. */
export type Reports = {
  readonly handlers: ReportHandlers;
  readonly health: () => readonly ReportHealth[];
  readonly close: () => void;
};

const LOOK_EVERY_MS = 30_000;
/** A desktop that is being started or restarted is no missing one. */
const PATIENCE_MS = 10 * 60_000;
/** So many runs are looked through for what was handled. */
const RUNS_LOOKED_AT = 20;

/** Keeps schedules of reports and answers the requests about them. */
export function createReports(
  deps: Omit<RunDeps, 'views' | 'rendering'> & {
    readonly boards: Boards;
    readonly timers: Timers;
    /** False in a one-shot command: schedules are not kept then. */
    readonly watching: boolean;
  },
): Reports {
  const { store, boards, jobs, clock, timers, changed } = deps;
  const views = createViews(timers);
  const rendering = createRendering(timers);
  const runDeps: RunDeps = { ...deps, views, rendering };
  /** Jobs under way, by report. */
  const active = new Map<string, string>();
  const start = (id: string, trigger: ReportRun['trigger'], dueAt: number): string | null => {
    const report = store.get(id);
    if (report === null || active.has(id)) return null;
    const job = startReport(runDeps, report, trigger, dueAt);
    active.set(id, job.id);
    void jobs.ended(job.id).finally(() => active.delete(id));
    return job.id;
  };
  const due = (now: number) =>
    store.list().flatMap((report) => {
      const dueAt = dueTime(report, store.runs(report.id, RUNS_LOOKED_AT), now);
      return dueAt === null ? [] : [{ report, dueAt }];
    });
  const look = (): void => {
    // Without a desktop everything stays due: it is made up for when one is there.
    if (!rendering.isServed()) return;
    for (const { report, dueAt } of due(clock.now())) start(report.id, 'schedule', dueAt);
  };
  if (deps.watching) {
    for (const run of store.openRuns()) store.putRun({ ...run, state: 'interrupted', endedAt: clock.now() });
  }
  const cancel = deps.watching ? timers.every(LOOK_EVERY_MS, look) : () => undefined;
  const missing = (id: string) => err(appError('NOT_FOUND', { what: 'report', id }));

  const handlers: ReportHandlers = {
    'dashboards.reports.list': () =>
      ok({
        reports: store.list().map(({ since: _, ...report }) => ({
          report,
          nextAt: nextTime(report, clock.now()),
          last: store.runs(report.id, 1)[0] ?? null,
        })),
        canRender: rendering.isServed(),
      }),
    'dashboards.reports.put': (given) => {
      const report = { ...given, id: given.id === '' ? randomUUID() : given.id };
      const cron = cronTimes(report.cron, clock.now(), 1);
      if (!cron.ok)
        return err(
          appError('REPORT_SCHEDULE_INVALID', { schedule: report.cron, why: cron.why }, { field: 'cron' }),
        );
      const span = reportSpan(report, clock.now());
      if (!span.ok) return span;
      const problem = folderProblem(report.folder);
      if (problem !== null) return err(problem);
      const unknown = report.dashboards.find(({ uid }) => boards.summary(uid) === null);
      if (unknown !== undefined) return err(appError('NOT_FOUND', { what: 'dashboard', id: unknown.uid }));
      const before = store.get(report.id);
      if (given.id !== '' && before === null) return missing(given.id);
      const isSameSchedule = before?.cron === report.cron && before.enabled === report.enabled;
      store.put(report, isSameSchedule ? before.since : clock.now());
      changed(report.id);
      return ok({ id: report.id });
    },
    'dashboards.reports.remove': ({ id }) => {
      if (!store.remove(id)) return missing(id);
      changed(id);
      return ok({});
    },
    'dashboards.reports.run': ({ id }) => {
      const report = store.get(id);
      if (report === null) return missing(id);
      if (!rendering.isServed()) return err(appError('REPORT_NO_WINDOW'));
      const jobId = start(id, 'hand', clock.now());
      return jobId === null ? err(appError('REPORT_RUNNING', { name: report.name })) : ok({ jobId });
    },
    'dashboards.reports.runs': ({ id, limit }) =>
      store.get(id) === null ? missing(id) : ok({ runs: [...store.runs(id, limit)] }),
    'dashboards.views.put': (view) => {
      const found = boards.read(view.uid, view.version ?? undefined);
      return found.ok ? ok({ id: views.put(view) }) : found;
    },
    'dashboards.views.get': ({ id }) => {
      const view = views.get(id);
      if (view === null) return err(appError('NOT_FOUND', { what: 'view', id }));
      const found = boards.read(view.uid, view.version ?? undefined);
      return found.ok ? ok({ ...view, title: found.value.title }) : found;
    },
    'dashboards.renderer': (_params, context) => {
      rendering.serve(context);
      if (deps.watching) look();
      return ok({});
    },
    'dashboards.rendered': ({ id, answer }) =>
      rendering.answer(id, answer) ? ok({}) : err(appError('NOT_FOUND', { what: 'rendering', id })),
  };

  return {
    handlers,
    health: () => {
      const now = clock.now();
      const waiting = rendering.isServed()
        ? []
        : due(now)
            .filter(({ dueAt }) => now - dueAt > PATIENCE_MS)
            .map(
              ({ report, dueAt }): ReportHealth => ({
                report: report.id,
                name: report.name,
                state: 'waiting',
                since: dueAt,
                error: appError('REPORT_NO_WINDOW'),
              }),
            );
      const failed = store.list().flatMap((report): ReportHealth[] => {
        const last = store
          .runs(report.id, RUNS_LOOKED_AT)
          .find(({ state }) => state === 'done' || state === 'failed');
        if (!report.enabled || last?.state !== 'failed' || last.error === null) return [];
        return [
          {
            report: report.id,
            name: report.name,
            state: 'failed',
            since: last.endedAt ?? last.startedAt,
            error: last.error,
          },
        ];
      });
      return [...waiting, ...failed];
    },
    close: cancel,
  };
}
