import type { TaskLoaders } from '../platform/worker-tasks.ts';
import type { OpenPoint } from './types.ts';

const NAMES = ['restore.plan', 'restore.undo', 'restore.lane', 'restore.run', 'restore.host'] as const;

/** The name of a task of this area. */
export type RestoreTask = (typeof NAMES)[number];

/** The area's work in threads of its own; `openPoint` loads how this thread opens an archive. */
export function restoreTasks(openPoint: () => Promise<OpenPoint>): TaskLoaders {
  const load = async (name: RestoreTask) => {
    const [{ taskFunctions }, open] = await Promise.all([import('./task-functions.ts'), openPoint()]);
    return taskFunctions(open)[name];
  };
  return Object.fromEntries(NAMES.map((name) => [name, () => load(name)]));
}
