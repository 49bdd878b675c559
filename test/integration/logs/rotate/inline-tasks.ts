import { ageSegments } from '../../../../main/engine/age-segments.ts';
import { rotationTasks } from '../../../../main/engine/logs/rotate/tasks.ts';
import {
  TaskFailure,
  type TaskRun,
  type TaskStarter,
} from '../../../../main/engine/platform/worker-tasks.ts';

const tasks = rotationTasks(async () => ageSegments);

/** Runs the tasks of rotation in this thread: the same functions, without the time that a thread needs to start. */
export const inlineTasks: TaskStarter = <R>(
  name: string,
  data: unknown,
  onMessage?: (message: unknown) => void,
): TaskRun<R> => {
  const abort = new AbortController();
  const load = tasks[name];
  if (load === undefined) throw new Error(`no task ${name}`);
  const copy = structuredClone(data);
  const result = load()
    .then((task) =>
      task(copy, {
        signal: abort.signal,
        post: (message) => onMessage?.(structuredClone(message)),
        onMessage: () => undefined,
        start: inlineTasks,
      }),
    )
    .then(
      (value) => structuredClone(value) as R,
      (thrown: unknown) => {
        throw new TaskFailure(name, thrown);
      },
    );
  return { result, post: () => undefined, cancel: () => abort.abort() };
};
