import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type AppError, appError, describeThrown } from '#shared/errors/index.ts';
import { endStep, type SourcesContext } from './context.ts';
import { runHook } from './hooks.ts';
import { endLeftover, endStrays } from './owed-task.ts';
import { startService } from './service.ts';
import type { StoredStep } from './step-store.ts';

/** What catching up tells the area. */
export type CatchUpPorts = {
  /** True when the run that was cut off has made its point all the same. */
  readonly madePoint: (pointId: string) => boolean;
  /** A run's steps are complete now; its report may be told of them. */
  readonly settled: (plan: string, pointId: string) => void;
  /** A service does not run. */
  readonly failed: (plan: string, error: AppError) => void;
};

/**
 * Does what a killed engine still owed: starts services that it had stopped, runs after-hooks of runs that it had begun. What
 * is left of its commands is ended first. Services first, because somebody waits for them.
 */
export async function catchUp(context: SourcesContext, ports: CatchUpPorts): Promise<void> {
  const { steps, logger } = context;
  const owed = steps.owed();
  const cut = steps.cutOff();
  for (const step of [...cut, ...owed])
    if (endLeftover(step.pid, step.pidBorn))
      logger.log('warn', 'a command that an earlier engine had left was ended', { what: step.what });
  for (const pointId of new Set(cut.map((step) => step.pointId)))
    if (endStrays(pointId) > 0)
      logger.log('warn', 'a command that was started a moment before the end was ended', { pointId });
  for (const step of cut)
    endStep(context, step.pointId, step.id, {
      state: 'interrupted',
      exitCode: null,
      output: step.output,
      error: appError('BACKUP_STEP_INTERRUPTED'),
    });
  removeSpools(context);
  const runs = new Map([...cut, ...owed].map((step) => [step.pointId, step.plan]));
  for (const step of owed.filter(({ kind }) => kind === 'start')) await startAgain(context, ports, step);
  for (const step of owed.filter(({ kind }) => kind === 'after')) await runAfter(context, ports, step);
  for (const [pointId, plan] of runs) ports.settled(plan, pointId);
}

async function startAgain(context: SourcesContext, ports: CatchUpPorts, step: StoredStep): Promise<void> {
  const { task, pointId, plan, id: stepId } = step;
  // A service that another step has started meanwhile is owed to nobody any more.
  if (task === null || !context.steps.owed().some(({ id }) => id === stepId)) return;
  context.logger.log('warn', 'a service that a cut-off backup had stopped is started', {
    plan,
    what: step.what,
  });
  const started = await startService(context, { pointId, stepId, task, caughtUp: true });
  if (!started.ok) ports.failed(plan, started.error);
}

async function runAfter(context: SourcesContext, ports: CatchUpPorts, step: StoredStep): Promise<void> {
  const { task, pointId, plan, id: stepId } = step;
  if (task === null) return;
  context.logger.log('warn', 'the after-hook of a cut-off backup is run', { plan, what: step.what });
  const ran = await runHook(context, {
    kind: 'after',
    pointId,
    stepId,
    command: task.command,
    timeoutMs: task.timeoutMs,
    env: { ...task.env, HMTT_RESULT: ports.madePoint(pointId) ? 'ok' : 'interrupted' },
    caughtUp: true,
  });
  if (!ran.ok) ports.failed(plan, ran.error);
}

/** Dumps that a killed engine left; none of them is in an archive that counts. */
function removeSpools({ spoolDir, logger }: SourcesContext): void {
  try {
    for (const name of readdirSync(spoolDir)) rmSync(join(spoolDir, name), { recursive: true, force: true });
  } catch (thrown) {
    const { code } = thrown as { readonly code?: unknown };
    if (code !== 'ENOENT')
      logger.log('warn', 'the dumps of a cut-off run could not be removed', {
        thrown: describeThrown(thrown),
      });
  }
}
