import type { RestorePlan } from '#shared/contract/restore.ts';
import { type AppError, appError, err, type Result } from '#shared/errors/index.ts';
import type { TaskRun } from '../platform/worker-tasks.ts';
import type { RestoreContext } from './context.ts';
import { answerHostCall } from './host/calls.ts';
import type { HostPort } from './host/port.ts';

/** A task that looks at, or writes to, the target of a restore. */
export type TargetTask = {
  readonly name: 'restore.plan' | 'restore.undo' | 'restore.run' | 'restore.host';
  readonly data: unknown;
  readonly host: RestorePlan['host'];
  /** What is written to a host, for its audit trail; null when nothing is. */
  readonly writes: string | null;
  readonly signal: AbortSignal;
  readonly heard: (message: unknown) => void;
  readonly started?: (task: Pick<TaskRun<unknown>, 'post'>) => void;
};

/** A host that no longer answers may keep a cancelled task waiting for so long. */
const GRACE_MS = 5_000;

/**
 * Runs a task in its thread. When the target is a host, the connection stays in this thread: the task's calls are answered over it, and
 * the task ends before it is closed, so that a cancelled one can take its temporary files away.
 */
export async function runTargetTask<R>(context: RestoreContext, task: TargetTask): Promise<Result<R>> {
  const { host, signal } = task;
  if (host === null) return run<R>(context, task, null);
  const connection = new AbortController();
  let isRunning = false;
  let cancelGrace: () => void = () => undefined;
  const onAbort = (): void => {
    // Nothing is begun yet, so nothing is to be tidied up.
    if (isRunning) cancelGrace = context.timers.after(GRACE_MS, () => connection.abort());
    else connection.abort();
  };
  if (signal.aborted) return err(appError('CANCELLED'));
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await context.sshHosts.use(host.login, task.writes, connection.signal, (port) => {
      isRunning = true;
      return run<R>(context, task, port);
    });
  } finally {
    cancelGrace();
    signal.removeEventListener('abort', onAbort);
  }
}

async function run<R>(
  { tasks }: RestoreContext,
  { data, heard, name, signal, started }: TargetTask,
  port: HostPort | null,
): Promise<Result<R>> {
  const made: TaskRun<Result<R>> = tasks<Result<R>>(name, data, (message) => {
    if (port === null || !answerHostCall(port, message, made.post)) heard(message);
  });
  signal.addEventListener('abort', made.cancel, { once: true });
  if (signal.aborted) made.cancel();
  started?.(made);
  try {
    return await made.result;
  } finally {
    signal.removeEventListener('abort', made.cancel);
  }
}

/** Whether what ended a run is the way to the host: the same restore may go on when it is back. */
export function isLostConnection({ code }: AppError): boolean {
  return code === 'SSH_CONNECTION_LOST' || code === 'SSH_TIMEOUT' || code === 'SSH_UNREACHABLE';
}
