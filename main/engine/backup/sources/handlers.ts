import type { AreaHandlers } from '#shared/contract/index.ts';
import { appError, err, ok } from '#shared/errors/index.ts';
import { type BackupContext, jobAnswer } from '../context.ts';
import { probeDatabase } from './databases.ts';
import { listDumps, startLoad } from './start-load.ts';

type Names =
  | 'backup.databases.test'
  | 'backup.databases.list'
  | 'backup.databases.restore'
  | 'backup.databases.restoreReport'
  | 'backup.steps';

/** Answers what is asked about hooks, services and databases. */
export function createSourcesHandlers(
  context: BackupContext,
  ready: Promise<void>,
): Pick<AreaHandlers<'backup'>, Names> {
  const { sources } = context;
  return {
    'backup.databases.test': ({ source }) => probeDatabase(source, sources),
    'backup.databases.list': async ({ pointId }) => {
      await ready;
      const dumps = await listDumps(context, pointId);
      return dumps.ok ? ok({ dumps: [...dumps.value] }) : dumps;
    },
    'backup.databases.restore': async (request) => {
      await ready;
      const job = await startLoad(context, request);
      return job.ok ? ok(jobAnswer(job.value)) : job;
    },
    'backup.databases.restoreReport': ({ id }) => {
      const report = sources.steps.restore(id);
      return report === null ? err(appError('NOT_FOUND', { what: 'database restore', id })) : ok(report);
    },
    'backup.steps': async ({ plan, limit }) => {
      await ready;
      const runs = sources.steps.runs(plan, limit);
      return ok({
        runs: runs.map((run) => ({
          ...run,
          ...(sources.steps.report(run.pointId) ?? { steps: [], downtimeMs: null }),
        })),
      });
    },
  };
}
