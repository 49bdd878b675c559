import { type MessagePort, parentPort } from 'node:worker_threads';
import { describeThrown, ok } from '#shared/errors/index.ts';
import { ageSegments } from './age-segments.ts';
import { openChain } from './backup/chain-reader.ts';
import { HAZARD_TEXT, HazardCheck } from './backup/hazards.ts';
import type { EntryLine } from './backup/manifest.ts';
import { backupTasks } from './backup/tasks.ts';
import { collectTasks } from './collect/tasks.ts';
import { rotationTasks } from './logs/rotate/tasks.ts';
import { logTasks } from './logs/tasks.ts';
import { metricsTasks } from './metrics/tasks.ts';
import {
  type TaskContext,
  type TaskFunction,
  type ThreadMessage,
  threadTasks,
} from './platform/worker-tasks.ts';
import { restoreTasks } from './restore/tasks.ts';
import type { OpenPoint, PointEntry } from './restore/types.ts';

/** Says of each entry what is wrong with it among the others. */
async function* withHazards(entries: AsyncIterable<EntryLine>): AsyncGenerator<PointEntry> {
  const check = new HazardCheck();
  for await (const entry of entries) {
    const hazard = check.check(entry);
    yield { ...entry, hazard: hazard === null ? null : HAZARD_TEXT[hazard] };
  }
}

/** How a restore reads a point of the backup area. */
const openPoint: OpenPoint = async (archives, key) => {
  const opened = await openChain(archives, key ?? undefined);
  if (!opened.ok) return opened;
  const reader = opened.value;
  return ok({
    sources: reader.sources,
    entries: () => withHazards(reader.entries()),
    readFile: (entry) =>
      reader.readFile({ ...entry, k: 'entry', user: null, group: null, origin: entry.origin ?? 0 }),
    close: reader.close,
  });
};

/** Every task that may run in a thread of its own, by name. */
const tasks: Readonly<Record<string, TaskFunction>> = {
  ...logTasks,
  ...rotationTasks(ageSegments),
  ...collectTasks,
  ...metricsTasks,
  ...backupTasks,
  ...restoreTasks(openPoint),
};

/** Runs the one task that it is told of, and ends. */
function main(): void {
  const port = parentPort;
  if (port === null) throw new Error('worker.ts runs only as a worker thread');
  const abort = new AbortController();
  const listeners: ((message: unknown) => void)[] = [];
  const context: TaskContext = {
    signal: abort.signal,
    post: (message) => port.postMessage({ kind: 'post', message } satisfies ThreadMessage),
    onMessage: (listener) => listeners.push(listener),
    start: threadTasks(new URL(import.meta.url)),
  };
  port.on('message', (message: ThreadMessage) => {
    if (message.kind === 'begin') void run(port, context, message.task, message.data);
    else if (message.kind === 'cancel') abort.abort();
    else if (message.kind === 'post') for (const listener of listeners) listener(message.message);
  });
}

async function run(port: MessagePort, context: TaskContext, name: string, data: unknown): Promise<void> {
  const send = (message: ThreadMessage): void => port.postMessage(message);
  try {
    const task = tasks[name];
    if (!task) throw new Error(`no task ${name}`);
    send({ kind: 'result', value: await task(data, context) });
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
