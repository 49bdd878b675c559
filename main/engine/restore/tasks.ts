import type { TaskLoaders } from '../platform/worker-tasks.ts';
import type { LaneTaskData } from './lane-task.ts';
import type { PlanTaskData } from './plan-task.ts';
import type { RunTaskData } from './run-task.ts';
import type { OpenPoint } from './types.ts';
import type { UndoTaskData } from './undo-plan.ts';

/** The area's work in threads of its own; `openPoint` loads how this thread opens an archive. */
export function restoreTasks(openPoint: () => Promise<OpenPoint>): TaskLoaders {
  return {
    // The area's own code starts these tasks, with data of these very types.
    'restore.plan': async () => {
      const [{ planTask }, open] = await Promise.all([import('./plan-task.ts'), openPoint()]);
      return (data, context) => planTask(open)(data as PlanTaskData, context);
    },
    'restore.undo': async () => {
      const { undoPlanTask } = await import('./undo-plan.ts');
      return (data, context) => undoPlanTask(data as UndoTaskData, context);
    },
    'restore.lane': async () => {
      const [{ laneTask }, open] = await Promise.all([import('./lane-task.ts'), openPoint()]);
      return (data, context) => laneTask(open)(data as LaneTaskData, context);
    },
    'restore.run': async () => {
      const [{ runTask }, open] = await Promise.all([import('./run-task.ts'), openPoint()]);
      return (data, context) => runTask(open)(data as RunTaskData, context);
    },
  };
}
