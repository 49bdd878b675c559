import type { TaskFunction } from '../platform/worker-tasks.ts';
import { runImport } from './backfill/import-task.ts';
import { ROLLUP_TASK, runRollup } from './rollup/tasks.ts';

/** The area's work that runs in threads of its own, by name. */
export const metricsTasks: Readonly<Record<string, TaskFunction>> = {
  'metrics.import': runImport,
  [ROLLUP_TASK]: runRollup,
};
