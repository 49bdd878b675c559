import type { TaskFunction } from '../../platform/worker-tasks.ts';
import { dumpsTaskSchema, readDumps } from './dumps-task.ts';
import { copySqlite, sqliteTaskSchema } from './sqlite-task.ts';

/** Work on databases that runs in threads of its own, by task name. */
export const sourcesTasks: Readonly<Record<string, TaskFunction>> = {
  'backup.sqlite': (data, context) => copySqlite(sqliteTaskSchema.parse(data), context),
  'backup.dumps': (data, context) => readDumps(dumpsTaskSchema.parse(data), context),
};
