import { backupTasks } from '../../../main/engine/backup/tasks.ts';
import {
  type TaskContext,
  TaskFailure,
  type TaskRun,
  type TaskStarter,
} from '../../../main/engine/platform/worker-tasks.ts';

/** Runs the area's tasks in this thread: the same functions, without the thread. */
export const inlineTasks: TaskStarter = <R>(
  name: string,
  data: unknown,
  onMessage?: (message: unknown) => void,
): TaskRun<R> => {
  const abort = new AbortController();
  const listeners: ((message: unknown) => void)[] = [];
  const load = backupTasks[name];
  if (load === undefined) throw new Error(`no task ${name}`);
  const copy = structuredClone(data);
  const context: TaskContext = {
    signal: abort.signal,
    post: (message) => onMessage?.(structuredClone(message)),
    onMessage: (listener) => listeners.push(listener),
    start: inlineTasks,
  };
  const result = load()
    .then(async (task) => task(copy, context))
    .then(
      (value) => structuredClone(value) as R,
      (thrown: unknown) => {
        throw new TaskFailure(name, thrown instanceof Error ? thrown.stack : thrown);
      },
    );
  return {
    result,
    post: (message) => {
      for (const listener of listeners) listener(message);
    },
    cancel: () => abort.abort(),
  };
};
