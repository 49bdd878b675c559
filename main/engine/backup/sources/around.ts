import * as z from 'zod';
import type { JobProgress } from '#shared/contract/jobs.ts';
import { type AppError, appError, type Result } from '#shared/errors/index.ts';
import type { PlanSpec } from '../catalogue.ts';
import type { BackupContext } from '../context.ts';
import { type RunTask, runPaths } from '../run-task.ts';
import { catchUp } from './catch-up.ts';
import type { SourcesContext } from './context.ts';
import { type Prepared, RunSources } from './run-sources.ts';

/** What surrounds the thread of one run. */
export type AroundRun = {
  /** Before-hook, stop, dumps; what the thread is told besides its task. */
  readonly prepare: (
    signal: AbortSignal,
    progress: (progress: JobProgress) => void,
  ) => Promise<Result<Prepared>>;
  /** Hears what the thread posts. */
  readonly heard: (message: unknown) => void;
  /** Start, after-hook; why the run is not well although it may have made a point. */
  readonly finish: (outcome: Result<unknown>) => Promise<AppError | null>;
};

const sourcesRead = z.object({ kind: z.literal('sources-read') });

/** Hooks, service, databases and hosts of one run. */
export function runSources(context: SourcesContext, spec: PlanSpec, task: RunTask): AroundRun {
  const run = new RunSources(
    context,
    {
      hooks: spec.hooks,
      offline: spec.offline,
      databases: spec.databases,
      remotes: spec.remotes,
      exclude: spec.exclude,
      bytesPerSecond: spec.limits.bytesPerSecond,
      hasFiles: spec.sources.length > 0,
    },
    {
      id: task.id,
      plan: task.plan,
      type: task.type,
      targetDir: task.targetDir,
      archive: runPaths(task).archive,
    },
  );
  return {
    prepare: (signal, progress) => run.prepare(signal, progress),
    heard: (message) => {
      if (sourcesRead.safeParse(message).success) run.sourcesRead();
    },
    finish: async (outcome) => {
      const result = outcome.ok ? 'ok' : outcome.error.code === 'CANCELLED' ? 'cancelled' : 'failed';
      const trouble = await run.finish(result);
      const [first] = run.lacking;
      if (trouble !== null || first === undefined || !outcome.ok) return trouble;
      return appError(
        'BACKUP_SOURCES_INCOMPLETE',
        {
          point: task.id,
          names: run.lacking.map(({ name }) => name).join(', '),
          why: first.error.message,
        },
        { detail: first.error.code },
      );
    },
  };
}

/** Puts a run's steps into its point's report, if it has a point. */
export function tellSteps(
  { catalogue, sources }: Pick<BackupContext, 'catalogue' | 'sources'>,
  pointId: string,
): void {
  const steps = sources.steps.report(pointId);
  if (steps !== null) catalogue.setSteps(pointId, steps);
}

/**
 * At a start of the console: does what a killed engine still owed. Runs of a plan that owes something wait for it
 * (`SourcesContext.catchingUp`).
 */
export function catchUpRuns(context: BackupContext): Promise<void> {
  const { sources, active } = context;
  const plans = new Set(sources.steps.owed().map(({ plan }) => plan));
  for (const plan of plans) active.set(plan, `catching-up-${plan}`);
  const done = doOwed(context).finally(() => {
    for (const plan of plans) {
      active.delete(plan);
      sources.catchingUp.delete(plan);
    }
  });
  for (const plan of plans) sources.catchingUp.set(plan, done);
  return done;
}

async function doOwed(context: BackupContext): Promise<void> {
  const { sources, catalogue, broadcast, logger } = context;
  try {
    await catchUp(sources, {
      madePoint: (pointId) => catalogue.point(pointId) !== null,
      settled: (plan, pointId) => {
        tellSteps(context, pointId);
        broadcast('backup.changed', { plan });
      },
      failed: (plan, error) => catalogue.setPlanError(plan, error),
    });
  } catch (thrown) {
    logger.log('error', 'what an earlier engine owed could not be done', { thrown: String(thrown) });
  }
}
