import type { TaskFunction } from '../platform/worker-tasks.ts';
import { hostRunTask } from './host/run-task.ts';
import { type LaneTaskData, laneTask } from './lane-task.ts';
import { type PlanTaskData, planTask } from './plan-task.ts';
import { type RunTaskData, runTask } from './run-task.ts';
import type { RestoreTask } from './tasks.ts';
import type { OpenPoint } from './types.ts';
import { type UndoTaskData, undoPlanTask } from './undo-plan.ts';

/** The area's work in threads of its own, loaded by a thread that is to do some; `openPoint` is how it opens an archive. */
export function taskFunctions(openPoint: OpenPoint): Readonly<Record<RestoreTask, TaskFunction>> {
  const plan = planTask(openPoint);
  const run = runTask(openPoint);
  const lane = laneTask(openPoint);
  const host = hostRunTask(openPoint);
  return {
    // The area's own code starts these tasks, with data of these very types.
    'restore.plan': (data, context) => plan(data as PlanTaskData, context),
    'restore.undo': (data, context) => undoPlanTask(data as UndoTaskData, context),
    'restore.lane': (data, context) => lane(data as LaneTaskData, context),
    'restore.host': (data, context) => host(data as RunTaskData, context),
    'restore.run': (data, context) => run(data as RunTaskData, context),
  };
}
