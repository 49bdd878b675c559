import type { TaskLoaders } from '../../platform/worker-tasks.ts';

/** Work on databases that runs in threads of its own, by task name. */
export const sourcesTasks: TaskLoaders = {
  'backup.sqlite': async () => {
    const { copySqlite, sqliteTaskSchema } = await import('./sqlite-task.ts');
    return (data, context) => copySqlite(sqliteTaskSchema.parse(data), context);
  },
  'backup.dumps': async () => {
    const { readDumps, dumpsTaskSchema } = await import('./dumps-task.ts');
    return (data, context) => readDumps(dumpsTaskSchema.parse(data), context);
  },
};
