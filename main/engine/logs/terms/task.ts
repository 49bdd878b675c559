import type { TaskContext } from '../../platform/worker-tasks.ts';
import type { IndexAnswer, IndexCall } from '../ingest/indexing.ts';
import { parserCache } from '../parse/parser.ts';
import { runIndexJob } from './job.ts';

/** Makes parts of the index until it is told to stop; it only reads. */
export async function runIndex(data: unknown, task: TaskContext): Promise<unknown> {
  const { folder } = data as { readonly folder: string };
  const parserOf = parserCache();
  await new Promise<void>((resolve) => {
    task.signal.addEventListener('abort', () => resolve());
    task.onMessage((message) => {
      const { call, day, job } = message as IndexCall;
      task.post({ call, outcome: runIndexJob(folder, day, job, parserOf) } satisfies IndexAnswer);
    });
  });
  return null;
}
