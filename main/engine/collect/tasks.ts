import { type AppError, appError, describeThrown, err, type Result } from '#shared/errors/index.ts';
import type { TaskLoaders, TaskStarter } from '../platform/worker-tasks.ts';
import type { ReadSqlite } from './probes/check-probe.ts';
import type { Ask } from './sqlite-task.ts';

/** Tasks of the area `collect`. */
export const collectTasks: TaskLoaders = {
  'collect.sqlite': async () => {
    const { readValue } = await import('./sqlite-task.ts');
    return async (data) => readValue(data as Ask);
  },
};

/** Runs queries over SQLite files in threads of their own. */
export function sqliteInThreads(tasks: TaskStarter): ReadSqlite {
  return async (ask, signal) => {
    if (signal.aborted) return err(appError('CANCELLED'));
    try {
      return await tasks<Result<string | null>>('collect.sqlite', ask).result;
    } catch (thrown) {
      const error: AppError = appError('INTERNAL', { what: describeThrown(thrown) });
      return err(error);
    }
  };
}
