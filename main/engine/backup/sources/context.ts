import type { RunStep } from '#shared/contract/backup-sources.ts';
import type { Broadcast } from '#shared/contract/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Timers } from '../../platform/timers.ts';
import type { TaskStarter } from '../../platform/worker-tasks.ts';
import type { WithRemoteFiles } from '../remote/files.ts';
import { processBirth } from './owed-task.ts';
import type { RunOnHost } from './service-command.ts';
import { publicStep, type StepEnd, type StepStore } from './step-store.ts';

/** What hooks, services and databases need from their surroundings. */
export type SourcesContext = {
  readonly steps: StepStore;
  /** Private folder where dumps wait until they are in an archive; one folder a run, made and removed by it. */
  readonly spoolDir: string;
  /** Private folder of what was read from hosts: a folder a plan, in it one a source, kept from run to run. */
  readonly mirrorDir: string;
  readonly withRemoteFiles: WithRemoteFiles;
  readonly runOnHost: RunOnHost;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly tasks: TaskStarter;
  readonly broadcast: Broadcast;
  /** Plans for which what a killed engine owed is being done now; settled when their runs may begin. */
  readonly catchingUp: Map<string, Promise<void>>;
};

/** Records that a step begins. */
export function beginStep(context: SourcesContext, pointId: string, id: number, caughtUp = false): void {
  context.steps.begin(id, context.clock.now(), caughtUp);
  tell(context, pointId, id);
}

/** Records the process of a step. */
export function noteProcess(context: SourcesContext, id: number): (pid: number) => void {
  return (pid) => context.steps.process(id, pid, processBirth(pid));
}

/** Records how a step ended. */
export function endStep(
  context: SourcesContext,
  pointId: string,
  id: number,
  end: Omit<StepEnd, 'at'>,
): void {
  context.steps.end(id, { ...end, at: context.clock.now() });
  const step = tell(context, pointId, id);
  context.logger.log(end.error === null ? 'info' : 'warn', 'a step of a backup ended', {
    point: pointId,
    kind: step?.kind,
    what: step?.what,
    state: end.state,
    code: end.error?.code,
  });
}

function tell(context: SourcesContext, pointId: string, id: number): RunStep | undefined {
  const step = context.steps.of(pointId).find((one) => one.id === id);
  if (step !== undefined)
    context.broadcast('backup.step', { plan: step.plan, pointId, step: publicStep(step) });
  return step;
}
