import type { TaskStarter } from '../../main/engine/platform/worker-tasks.ts';

/** The starter of a task's context in tests of tasks that start no others. */
export const noTasks: TaskStarter = (task) => {
  throw new Error(`${task} was started by a task that should start none`);
};
