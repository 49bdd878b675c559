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
  // As in a thread: what is posted while the code is being loaded waits for the task.
  let waiting: unknown[] | null = [];
  const hear = (message: unknown): void => {
    for (const listener of listeners) listener(message);
  };
  const result = load()
    .then(async (task) => {
      const running = task(copy, context);
      const early = waiting ?? [];
      waiting = null;
      for (const message of early) hear(message);
      return running;
    })
    .then(
      (value) => structuredClone(value) as R,
      (thrown: unknown) => {
        throw new TaskFailure(name, thrown instanceof Error ? thrown.stack : thrown);
      },
    );
  return {
    result,
    post: (message) => {
      if (waiting === null) hear(message);
      else waiting.push(message);
    },
    cancel: () => abort.abort(),
  };
};
