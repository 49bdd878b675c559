import type { AreaHandlers } from '#shared/contract/index.ts';
import { ok } from '#shared/errors/index.ts';
import type { BackupContext } from '../context.ts';
import { probeDatabase } from './databases.ts';

type Names = 'backup.databases.test' | 'backup.steps';

/** Answers what is asked about hooks, services and databases. */
export function createSourcesHandlers(
  context: BackupContext,
  ready: Promise<void>,
): Pick<AreaHandlers<'backup'>, Names> {
  const { sources } = context;
  return {
    'backup.databases.test': ({ source }) => probeDatabase(source, sources),
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
