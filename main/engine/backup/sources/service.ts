import { type AppError, appError, err, ok, type Result } from '#shared/errors/index.ts';
import { commandEnvironment } from '../../platform/command/environment.ts';
import { lastLine, lastLines } from '../../platform/command/output-tail.ts';
import { type CommandEnd, describeEnd, runCommand } from '../../platform/command/run-command.ts';
import { sleep } from '../../platform/timers.ts';
import { beginStep, endStep, type SourcesContext } from './context.ts';
import type { OwedTask } from './owed-task.ts';
import { type HostUnit, runServiceCommand, unitRuns } from './service-command.ts';

/** A stop command; its step is written down, and so is that the start is owed. */
export type StopRun = {
  readonly pointId: string;
  readonly stepId: number;
  readonly stop: string;
  readonly check: string | null;
  readonly host: HostUnit | null;
  readonly timeoutMs: number;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
};

/** A start that is owed. */
export type StartRun = {
  readonly pointId: string;
  readonly stepId: number;
  readonly task: OwedTask;
  readonly caughtUp?: boolean;
};

const LOOK_EVERY_MS = 250;
const CHECK_TIMEOUT_MS = 30_000;
const START_ATTEMPTS = 3;
const BETWEEN_ATTEMPTS_MS = 3_000;

/** How a service is looked at: by a command, or by its host's systemd. */
type Look = {
  readonly check: string | null;
  readonly host: HostUnit | null;
  readonly env: Readonly<Record<string, string>>;
};

/** Whether the service runs, as the check says; null when nobody can tell. Cancelling does not stop a look. */
export async function serviceRuns(
  context: SourcesContext,
  { check, host, env }: Look,
): Promise<boolean | null> {
  if (host !== null) {
    const runs = await unitRuns(context, host);
    return runs.ok ? runs.value : null;
  }
  if (check === null) return null;
  const end = await runCommand(
    {
      run: { shell: check },
      env: commandEnvironment({ ...env, HMTT_STEP: 'check' }),
      timeoutMs: CHECK_TIMEOUT_MS,
    },
    context.timers,
  );
  return end.reason === 'exit' && end.exitCode === 0;
}

/** Waits until the check says what is wanted. @returns false when time or patience ran out */
async function waitUntil(
  context: SourcesContext,
  wanted: 'runs' | 'stands',
  look: Look,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<boolean> {
  const since = context.clock.monotonic();
  for (;;) {
    if ((await serviceRuns(context, look)) === (wanted === 'runs')) return true;
    if (signal?.aborted || context.clock.monotonic() - since >= timeoutMs) return false;
    await sleep(context.timers, LOOK_EVERY_MS);
  }
}

/**
 * Stops a service and waits until it stands still.
 *
 * @returns BACKUP_OFFLINE_STOP_FAILED, BACKUP_OFFLINE_STILL_RUNS, or CANCELLED; the start is owed in each case
 */
export async function stopService(context: SourcesContext, run: StopRun): Promise<Result<object>> {
  beginStep(context, run.pointId, run.stepId);
  const ran = await runServiceCommand(context, { ...run, verb: 'stop', command: run.stop });
  const end = ran.ok ? ran.value : null;
  let error = ran.ok ? commandError('BACKUP_OFFLINE_STOP_FAILED', ran.value, run.timeoutMs) : ran.error;
  if (error === null && (run.check !== null || run.host !== null)) {
    const stands = await waitUntil(context, 'stands', run, run.timeoutMs, run.signal);
    if (!stands)
      error = run.signal.aborted
        ? appError('CANCELLED')
        : appError('BACKUP_OFFLINE_STILL_RUNS', { seconds: Math.round(run.timeoutMs / 1000) });
  }
  endStep(context, run.pointId, run.stepId, {
    state: error === null ? 'done' : 'failed',
    exitCode: end?.exitCode ?? null,
    output: lastLines(end?.output ?? ''),
    error,
  });
  return error === null ? ok({}) : err(error);
}

/**
 * Starts a service and waits until it runs; tries three times. Nothing cancels this. What does not succeed stays owed, and the
 * next start of the console tries again.
 *
 * @returns BACKUP_OFFLINE_START_FAILED
 */
export async function startService(context: SourcesContext, run: StartRun): Promise<Result<object>> {
  const { command, check, timeoutMs, env, host = null } = run.task;
  let error: AppError | null = null;
  let end: CommandEnd | null = null;
  beginStep(context, run.pointId, run.stepId, run.caughtUp);
  for (let attempt = 1; attempt <= START_ATTEMPTS; attempt += 1) {
    if (attempt > 1) await sleep(context.timers, BETWEEN_ATTEMPTS_MS);
    const ran = await runServiceCommand(context, {
      ...{ verb: 'start', command, host, stepId: run.stepId, timeoutMs, env },
    });
    end = ran.ok ? ran.value : null;
    error = ran.ok ? commandError('BACKUP_OFFLINE_START_FAILED', ran.value, timeoutMs) : ran.error;
    const isLookedAt = check !== null || host !== null;
    if (error === null && isLookedAt && !(await waitUntil(context, 'runs', { check, host, env }, timeoutMs)))
      error = appError('BACKUP_OFFLINE_START_FAILED', {
        how: {
          zh: `启动命令已执行，但 ${Math.round(timeoutMs / 1000)} 秒后检查仍未通过`,
          en: `the start command ended, but the check did not pass within ${Math.round(timeoutMs / 1000)} s`,
        },
        tail: lastLine(end?.output ?? ''),
      });
    if (error === null) break;
  }
  endStep(context, run.pointId, run.stepId, {
    state: error === null ? 'done' : 'failed',
    exitCode: end?.exitCode ?? null,
    output: lastLines(end?.output ?? ''),
    error,
    stillOwed: error !== null,
  });
  if (error !== null) return err(error);
  context.steps.forgive(command);
  return ok({});
}

function commandError(
  code: 'BACKUP_OFFLINE_STOP_FAILED' | 'BACKUP_OFFLINE_START_FAILED',
  end: CommandEnd,
  timeoutMs: number,
): AppError | null {
  if (end.reason === 'exit' && end.exitCode === 0) return null;
  if (end.reason === 'cancelled') return appError('CANCELLED');
  return appError(
    code,
    { how: describeEnd(end, timeoutMs), tail: lastLine(end.output) },
    { detail: lastLines(end.output) },
  );
}
