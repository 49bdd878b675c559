import { existsSync } from 'node:fs';
import { basename, isAbsolute, join } from 'node:path';
import type { AreaHandlers } from '#shared/contract/index.ts';
import type { JobProgress } from '#shared/contract/jobs.ts';
import type { TransferReport } from '#shared/contract/openmetrics.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { JobControl, JobOutcome, JobRegistry } from '../../platform/jobs.ts';
import type { Timers } from '../../platform/timers.ts';
import { resultUnder, type TaskStarter } from '../../platform/worker-tasks.ts';
import { ioError } from '../../storage/io-error.ts';
import type { MetricsArea } from '../area.ts';
import type { LabelMatcher } from '../matchers.ts';
import type { StoredSeries } from '../store.ts';
import { IMPORT_FOLDER } from './adopt.ts';
import { exportOpenMetrics } from './export-open-metrics.ts';
import type { ImportBuilt } from './import-task.ts';

/** What the transfers are made with. */
export type BackfillDeps = {
  /** The folder `metrics` of the data folder. */
  readonly folder: string;
  readonly area: MetricsArea;
  readonly jobs: JobRegistry;
  readonly tasks: TaskStarter;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Reads a selector as PromQL writes it. */
  readonly readSelector: (text: string) => Result<readonly LabelMatcher[]>;
};

/** Scraped time stamps may lie ten minutes ahead; so may imported ones. */
const AHEAD_MS = 10 * 60_000;
const REPORTS_KEPT = 50;
/** An export gives way to scrapes after so much work. */
const TURN_MS = 10;
const EVERYTHING: readonly LabelMatcher[] = [{ name: '__name__', op: '!=', value: '' }];

/** Answers the requests that bring samples in and out as OpenMetrics documents. */
export function createBackfillHandlers(deps: BackfillDeps): AreaHandlers<'openmetrics'> {
  const { area, jobs } = deps;
  const reports = new Map<string, TransferReport>();
  const keep = (jobId: string, report: TransferReport): void => {
    reports.set(jobId, report);
    for (const old of [...reports.keys()].slice(0, Math.max(0, reports.size - REPORTS_KEPT)))
      reports.delete(old);
  };
  let importing = false;

  return {
    'openmetrics.import': ({ path }) => {
      if (!isAbsolute(path)) return err(notAbsolute('openmetrics.import'));
      if (importing) return err(appError('OPENMETRICS_IMPORT_RUNNING'));
      importing = true;
      const job = jobs.start({
        kind: 'import',
        title: { zh: `导入样本 ${basename(path)}`, en: `Import samples of ${basename(path)}` },
        link: '/metrics',
        canPause: false,
        work: async (control, jobId): Promise<JobOutcome> => {
          try {
            const built = await runInThread(deps, path, control);
            if (!built.ok) return built;
            const adopted = await area.adopt(built.value);
            if (!adopted.ok) return adopted;
            const { samples, doubled, series, start, end } = built.value;
            keep(jobId, { kind: 'import', file: path, samples, doubled, series, start, end });
            return ok({ kind: 'openmetrics', id: jobId });
          } finally {
            importing = false;
          }
        },
      });
      return ok({ jobId: job.id });
    },

    'openmetrics.export': ({ path, matchers, start = 0, end = deps.clock.now() }) => {
      if (!isAbsolute(path)) return err(notAbsolute('openmetrics.export'));
      if (existsSync(path)) return err(appError('OPENMETRICS_FILE_EXISTS', { file: path }));
      const chosen: (readonly LabelMatcher[])[] = [];
      for (const text of matchers) {
        const read = deps.readSelector(text);
        if (!read.ok) return read;
        chosen.push(read.value);
      }
      const job = jobs.start({
        kind: 'export',
        title: { zh: `导出样本到 ${basename(path)}`, en: `Export samples to ${basename(path)}` },
        link: '/metrics',
        canPause: false,
        work: async (control, jobId): Promise<JobOutcome> => {
          const series = select(area, chosen.length === 0 ? [EVERYTHING] : chosen, start, end);
          const span = { start: Math.max(start, area.oldestTime()), end };
          const written = await runExport(deps, { path, ...span, series }, control);
          if (!written.ok) return written;
          const { samples } = written.value;
          const times = samples === 0 ? { start: null, end: null } : span;
          keep(jobId, {
            kind: 'export',
            file: path,
            samples,
            doubled: 0,
            series: written.value.series,
            ...times,
          });
          return ok({ kind: 'openmetrics', id: jobId });
        },
      });
      return ok({ jobId: job.id });
    },

    'openmetrics.report': ({ jobId }) => {
      const report = reports.get(jobId);
      return report === undefined ? err(appError('NOT_FOUND', { what: 'report', id: jobId })) : ok(report);
    },
  };
}

async function runInThread(
  deps: BackfillDeps,
  file: string,
  control: JobControl,
): Promise<Result<ImportBuilt>> {
  const run = deps.tasks<Result<ImportBuilt>>(
    'metrics.import',
    { file, folder: join(deps.folder, IMPORT_FOLDER), latest: deps.clock.now() + AHEAD_MS },
    // The task posts nothing but its progress.
    (message) => control.progress(message as JobProgress),
  );
  return resultUnder(control.signal, run);
}

async function runExport(
  { area, clock, timers }: BackfillDeps,
  order: { path: string; start: number; end: number; series: readonly StoredSeries[] },
  control: JobControl,
) {
  const began = clock.monotonic();
  let turn = began;
  const total = order.series.length;
  try {
    return await exportOpenMetrics(
      { ...order, describe: (name) => area.store.metadata(name) },
      {
        signal: control.signal,
        breathe: async () => {
          if (clock.monotonic() - turn < TURN_MS) return;
          await new Promise<void>((resolve) => void timers.after(0, () => resolve()));
          turn = clock.monotonic();
        },
        progress: (done, _bytes, current) => {
          const rate = done / Math.max(0.001, (clock.monotonic() - began) / 1000);
          const etaMs = rate > 0 ? ((total - done) / rate) * 1000 : null;
          const phase = { zh: '写入样本', en: 'Writing samples' };
          control.progress({ phase, done, total, unit: 'series', rate, etaMs, current, filesDone: 0 });
        },
      },
    );
  } catch (thrown) {
    return err(ioError(order.path, thrown));
  }
}

function select(
  area: MetricsArea,
  chosen: readonly (readonly LabelMatcher[])[],
  start: number,
  end: number,
): readonly StoredSeries[] {
  const found = new Map<string, StoredSeries>();
  for (const matchers of chosen)
    for (const series of area.store.select(matchers, start, end)) found.set(series.labels.join('\0'), series);
  return [...found.values()];
}

function notAbsolute(method: string) {
  return appError('BAD_INPUT', { method, field: 'path', why: 'not an absolute path' });
}
