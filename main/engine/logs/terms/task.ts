import type { TaskContext } from '../../platform/worker-tasks.ts';
import type { IndexAnswer, IndexCall } from '../ingest/indexing.ts';
import { parserCache } from '../parse/parser.ts';
import { runIndexJob } from './job.ts';
import { OpenDay } from './open-day.ts';

/** A day's file is closed when so long nothing was to be done: it may be about to be deleted. */
const CLOSE_MS = 1000;

/** Makes parts of the index until it is told to stop; it only reads. */
export async function runIndex(data: unknown, task: TaskContext): Promise<unknown> {
  const { folder } = data as { readonly folder: string };
  const parserOf = parserCache();
  const open = new OpenDay(folder);
  let idle: NodeJS.Timeout | undefined;
  await new Promise<void>((resolve) => {
    task.signal.addEventListener('abort', () => resolve());
    task.onMessage((message) => {
      const { call, day, job, texts } = message as IndexCall;
      clearTimeout(idle);
      task.post({ call, outcome: runIndexJob(open, day, job, texts, parserOf) } satisfies IndexAnswer);
      idle = setTimeout(() => open.close(), CLOSE_MS);
    });
  });
  clearTimeout(idle);
  open.close();
  return null;
}
