import { Worker } from 'node:worker_threads';
import { type AppError, appError, describeThrown } from '#shared/errors/index.ts';

/**
 * Heavy work runs in worker threads, so that a poll is never late because a backup runs. A task has a name, plain
 * data to start with, messages it posts while it works, and one result. `engine/worker.ts` maps names to functions.
 */
export type TaskRun<R> = {
  /** Settles with the task's result, or rejects with a {@link TaskFailure} when the thread dies. */
  readonly result: Promise<R>;
  /** Sends a message to the running task (pause, resume, …). */
  readonly post: (message: unknown) => void;
  /** Asks the task to stop: its `signal` is aborted. It still settles `result`. */
  readonly cancel: () => void;
};

/** Starts tasks in threads of their own. */
export type TaskStarter = <R>(
  task: string,
  data: unknown,
  onMessage?: (message: unknown) => void,
) => TaskRun<R>;

/** Waits for a task's result. An abort of the signal asks the task to stop; what it answers to that is the result. */
export async function resultUnder<R>(signal: AbortSignal, run: TaskRun<R>): Promise<R> {
  const cancel = (): void => run.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    return await run.result;
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

/** A task that ended by dying, not by a value: a bug, or memory ran out. */
export class TaskFailure extends Error {
  readonly error: AppError;

  constructor(task: string, thrown: unknown) {
    super(`${task}: ${describeThrown(thrown)}`);
    this.error = appError('INTERNAL', { what: this.message });
  }
}

/** What a task function gets inside its thread. */
export type TaskContext = {
  readonly signal: AbortSignal;
  /** Posts a message to the starter (progress, found items). */
  readonly post: (message: unknown) => void;
  /** Receives what the starter posts. */
  readonly onMessage: (listener: (message: unknown) => void) => void;
  /** Starts another task in a thread of its own, for work that is worth two. */
  readonly start: TaskStarter;
};

/** The work itself, in its thread. `data` came through structured clone. */
export type TaskFunction = (data: unknown, context: TaskContext) => Promise<unknown>;

/** Loads the code of tasks, by their names. */
export type TaskLoaders = Readonly<Record<string, () => Promise<TaskFunction>>>;

/** What a thread is made with: the task whose code it loads. */
export type ThreadStart = { readonly task: string };

/** Messages between the starter and the thread. */
export type ThreadMessage =
  | { readonly kind: 'begin'; readonly data: unknown }
  | { readonly kind: 'post'; readonly message: unknown }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'result'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly message: string };

// V8 would let short-lived objects pile up to 200 MB on a large machine before it looks at them.
const LIMITS = { maxYoungGenerationSizeMb: 32 };
/** Tasks that run for as long as the engine does, several at a time. */
const RESIDENT = /^logs\./;
/**
 * By how much a heap may grow before it is collected depends on how large it may become: without a limit, to four times of what is
 * in use. The log threads hold some 40 MB each.
 */
const RESIDENT_LIMITS = { maxYoungGenerationSizeMb: 12, maxOldGenerationSizeMb: 512 };

/**
 * Makes a starter whose threads run the given worker entry (`worker.ts` in a checkout, `worker.js` when bundled).
 *
 * A thread takes up to 0.1 s to load its code. A command that is going to need some has them loaded by another processor while it
 * does what comes before.
 *
 * @param ahead the tasks for which threads are made before they are asked for, one at a time: the first at once, the next when it
 *   is taken
 */
export function threadTasks(entry: URL, ahead: readonly string[] = []): TaskStarter {
  const left = [...ahead];
  let spare: { readonly task: string; readonly worker: Worker } | null = null;
  const newThread = (task: string): Worker =>
    new Worker(entry, {
      workerData: { task } satisfies ThreadStart,
      resourceLimits: RESIDENT.test(task) ? RESIDENT_LIMITS : LIMITS,
    });
  const prepare = (): void => {
    const task = left.shift();
    if (task === undefined) return;
    const worker = newThread(task);
    spare = { task, worker };
    // It must not keep the process alive. One that dies before it is taken is not taken.
    worker.unref();
    worker.once('error', () => {
      if (spare?.worker === worker) spare = null;
    });
  };
  const take = (task: string): Worker => {
    if (spare?.task !== task) return newThread(task);
    const { worker } = spare;
    worker.ref();
    spare = null;
    prepare();
    return worker;
  };
  prepare();
  return <R>(task: string, data: unknown, onMessage?: (message: unknown) => void): TaskRun<R> => {
    const worker = take(task);
    const result = new Promise<R>((resolve, reject) => {
      worker.on('message', (message: ThreadMessage) => {
        if (message.kind === 'post') onMessage?.(message.message);
        // The thread computes exactly the type that its starter asked for by the task's name.
        else if (message.kind === 'result') resolve(message.value as R);
        else if (message.kind === 'failed') reject(new TaskFailure(task, message.message));
      });
      worker.once('error', (thrown) => reject(new TaskFailure(task, thrown)));
      worker.once('exit', (code) => reject(new TaskFailure(task, `thread ended with code ${code}`)));
    });
    const send = (message: ThreadMessage): void => worker.postMessage(message);
    send({ kind: 'begin', data });
    return {
      result,
      post: (message) => send({ kind: 'post', message }),
      cancel: () => send({ kind: 'cancel' }),
    };
  };
}
