import type { TaskLoaders } from '../platform/worker-tasks.ts';

/** The area's work that runs in threads of its own, by name. */
export const metricsTasks: TaskLoaders = {
  'metrics.import': async () => (await import('./backfill/import-task.ts')).runImport,
  'metrics.rollup': async () => (await import('./rollup/tasks.ts')).runRollup,
};
