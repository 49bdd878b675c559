import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { describeThrown } from '#shared/errors/index.ts';
import { backupTasks } from './backup/tasks.ts';
import { collectTasks } from './collect/tasks.ts';
import { rotationTasks } from './logs/rotate/tasks.ts';
import { logTasks } from './logs/tasks.ts';
import { metricsTasks } from './metrics/tasks.ts';
import {
  type TaskContext,
  type TaskFunction,
  type TaskLoaders,
  type ThreadMessage,
  type ThreadStart,
  threadTasks,
} from './platform/worker-tasks.ts';
import { restoreTasks } from './restore/tasks.ts';

/**
 * Every task that may run in a thread of its own, by name. A thread loads the code that its own task needs: whatever it loads stands
 * in memory once more, and a command that starts a thread reads it from the disk once more.
 */
const tasks: TaskLoaders = {
  ...logTasks,
  ...rotationTasks(async () => (await import('./age-segments.ts')).ageSegments),
  ...collectTasks,
  ...metricsTasks,
  ...backupTasks,
  ...restoreTasks(async () => (await import('./open-point.ts')).openPoint),
};

async function load(name: string): Promise<TaskFunction> {
  const loader = tasks[name];
  if (!loader) throw new Error(`no task ${name}`);
  return loader();
}

/** Runs the one task that it is told of, and ends. Its code is loaded at once, so that a thread made ahead has it ready. */
function main(): void {
  const port = parentPort;
  if (port === null) throw new Error('worker.ts runs only as a worker thread');
  const code = load((workerData as ThreadStart).task);
  // Whoever hears of a failure is the starter, once it has sent the order.
  code.catch(() => undefined);
  const abort = new AbortController();
  const listeners: ((message: unknown) => void)[] = [];
  const context: TaskContext = {
    signal: abort.signal,
    post: (message) => port.postMessage({ kind: 'post', message } satisfies ThreadMessage),
    onMessage: (listener) => listeners.push(listener),
    start: threadTasks(new URL(import.meta.url)),
  };
  // What arrives while the code is still being loaded waits for it: a task hears everything behind its order.
  let waiting: ThreadMessage[] | null = [];
  const hear = (message: ThreadMessage): void => {
    if (message.kind === 'cancel') abort.abort();
    else if (message.kind === 'post') for (const listener of listeners) listener(message.message);
  };
  const begun = (): void => {
    const early = waiting ?? [];
    waiting = null;
    for (const message of early) hear(message);
  };
  port.on('message', (message: ThreadMessage) => {
    if (message.kind === 'begin') void run(port, context, code, message.data, begun);
    else if (waiting === null) hear(message);
    else waiting.push(message);
  });
}

/** @param begun told when the task has taken its data and listens */
async function run(
  port: MessagePort,
  context: TaskContext,
  code: Promise<TaskFunction>,
  data: unknown,
  begun: () => void,
): Promise<void> {
  const send = (message: ThreadMessage): void => port.postMessage(message);
  try {
    const task = await code;
    const running = task(data, context);
    begun();
    send({ kind: 'result', value: await running });
  } catch (thrown) {
    send({
      kind: 'failed',
      message: thrown instanceof Error ? (thrown.stack ?? describeThrown(thrown)) : String(thrown),
    });
  } finally {
    port.close();
  }
}

main();
