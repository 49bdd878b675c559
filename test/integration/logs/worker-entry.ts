import { parentPort, workerData } from 'node:worker_threads';
import { logTasks } from '../../../main/engine/logs/tasks.ts';
import type { ThreadMessage } from '../../../main/engine/platform/worker-tasks.ts';

/** The worker entry of these tests: the log tasks alone, started as `main/engine/worker.ts` starts them. */
const port = parentPort;
if (port === null) throw new Error('runs only as a worker thread');
const { task, data } = workerData as { readonly task: string; readonly data: unknown };
const abort = new AbortController();
const listeners: ((message: unknown) => void)[] = [];
port.on('message', (message: ThreadMessage) => {
  if (message.kind === 'cancel') abort.abort();
  else if (message.kind === 'post') for (const listener of listeners) listener(message.message);
});
const run = logTasks[task];
if (!run) throw new Error(`no task ${task}`);
run(data, {
  signal: abort.signal,
  post: (message) => port.postMessage({ kind: 'post', message } satisfies ThreadMessage),
  onMessage: (listener) => listeners.push(listener),
}).then(
  (value) => {
    port.postMessage({ kind: 'result', value } satisfies ThreadMessage);
    port.close();
  },
  (thrown: unknown) => {
    const message = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    port.postMessage({ kind: 'failed', message } satisfies ThreadMessage);
    port.close();
  },
);
