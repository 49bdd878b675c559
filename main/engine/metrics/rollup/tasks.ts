import type { Result } from '#shared/errors/index.ts';
import type { TaskContext, TaskRun, TaskStarter } from '../../platform/worker-tasks.ts';
import { buildRollup, type PlacedOrder, type RollupOutcome } from './build.ts';

/** The name of the task that builds one file in a thread of its own. */
const ROLLUP_TASK = 'metrics.rollup';

const nextTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** Builds one file, in its thread. */
export function runRollup(data: unknown, context: TaskContext): Promise<Result<RollupOutcome>> {
  // The starter is this area itself, which sends exactly this.
  return buildRollup(data as PlacedOrder, async () => {
    await nextTurn();
    return !context.signal.aborted;
  });
}

/** A build that runs, and can be given up. */
export type RollupRun = Pick<TaskRun<Result<RollupOutcome>>, 'result' | 'cancel'>;

/** How files are built. */
export type BuildRollup = (order: PlacedOrder) => RollupRun;

/** Builds each file in a thread. */
export function inThreads(tasks: TaskStarter): BuildRollup {
  return (order) => tasks(ROLLUP_TASK, order);
}
