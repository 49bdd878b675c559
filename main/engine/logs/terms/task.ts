import type { Result } from '#shared/errors/index.ts';
import { willFree } from '../../platform/large-buffers.ts';
import type { TaskContext } from '../../platform/worker-tasks.ts';
import type { IndexAnswer, ToIndex } from '../ingest/indexing.ts';
import { parserCache } from '../parse/parser.ts';
import { TermsAhead } from './ahead.ts';
import { type IndexOutcome, runIndexJob } from './job.ts';
import { OpenDay } from './open-day.ts';

/** A day's file is closed when so long nothing was to be done: it may be about to be deleted. */
const CLOSE_MS = 1000;

/** The last block that a job has indexed; null when it indexed none. */
function indexedTo(outcome: Result<IndexOutcome>): number | null {
  return outcome.ok ? (outcome.value.built?.lastBlock ?? null) : null;
}

/** Makes parts of the index until it is told to stop; it only reads. */
export async function runIndex(data: unknown, task: TaskContext): Promise<unknown> {
  const { folder } = data as { readonly folder: string };
  willFree();
  const parserOf = parserCache();
  const open = new OpenDay(folder);
  const ahead = new TermsAhead();
  let idle: NodeJS.Timeout | undefined;
  await new Promise<void>((resolve) => {
    task.signal.addEventListener('abort', () => resolve());
    task.onMessage((message) => {
      const order = message as ToIndex;
      if (order.kind === 'texts') {
        ahead.add(order);
        return;
      }
      const { call, day, file, job } = order;
      clearTimeout(idle);
      const outcome = runIndexJob(open, day, job, ahead.of(day, file), parserOf);
      task.post({ call, outcome } satisfies IndexAnswer);
      if (job.kind === 'build') ahead.forget(day, file, indexedTo(outcome) ?? job.lastBlock);
      idle = setTimeout(() => open.close(), CLOSE_MS);
    });
  });
  clearTimeout(idle);
  open.close();
  return null;
}
