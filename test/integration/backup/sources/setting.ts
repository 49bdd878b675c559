import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { appError } from '#shared/errors/index.ts';
import { noRemoteFiles } from '../../../../main/engine/backup/remote/take.ts';
import type { SourcesContext } from '../../../../main/engine/backup/sources/context.ts';
import { noHosts } from '../../../../main/engine/backup/sources/service-command.ts';
import { StepStore } from '../../../../main/engine/backup/sources/step-store.ts';
import { backupTasks } from '../../../../main/engine/backup/tasks.ts';
import { systemClock } from '../../../../main/engine/platform/clock.ts';
import { systemTimers } from '../../../../main/engine/platform/timers.ts';
import type { TaskRun, TaskStarter } from '../../../../main/engine/platform/worker-tasks.ts';
import { consoleMigrations } from '../../../../main/engine/storage/console-migrations/index.ts';
import { openWritable } from '../../../../main/engine/storage/sqlite.ts';
import { noTasks } from '../../../helpers/no-tasks.ts';
import { silentLogger } from '../../../helpers/silent-logger.ts';
import { temporaryFolder } from '../../../helpers/temp-folder.ts';

/** The tasks of databases, in this thread. */
const inline: TaskStarter = <R>(
  name: string,
  data: unknown,
  onMessage?: (message: unknown) => void,
): TaskRun<R> => {
  const abort = new AbortController();
  const load = backupTasks[name];
  if (load === undefined) throw new Error(`no task ${name}`);
  const copy = structuredClone(data);
  const context = {
    signal: abort.signal,
    post: (message: unknown) => onMessage?.(message),
    onMessage: () => undefined,
    start: noTasks,
  };
  const result = load().then(async (task) => task(copy, context));
  return { result: result as Promise<R>, post: () => undefined, cancel: () => abort.abort() };
};

/** What hooks, services and databases need, on a data folder of its own. */
export function sourcesSetting(dir = temporaryFolder('sources')): {
  readonly dir: string;
  readonly context: SourcesContext;
} {
  const opened = openWritable(join(dir, 'console.db'), {
    migrations: consoleMigrations,
    synchronous: 'FULL',
  });
  if (!opened.ok) throw new Error(opened.error.message.en);
  onTestFinished(() => {
    opened.value.close();
  });
  return {
    dir,
    context: {
      steps: new StepStore(opened.value),
      spoolDir: join(dir, 'spool'),
      mirrorDir: join(dir, 'mirror'),
      runOnHost: noHosts(appError('BACKUP_REMOTE_FAILED', { name: 'ssh', why: 'no hosts here' })),
      withRemoteFiles: noRemoteFiles,
      clock: systemClock,
      timers: systemTimers,
      logger: silentLogger,
      tasks: inline,
      broadcast: () => undefined,
      catchingUp: new Map(),
    },
  };
}

/** A signal that nobody aborts. */
export const never = new AbortController().signal;
