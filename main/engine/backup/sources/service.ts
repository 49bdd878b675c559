import { type AppError, appError, err, ok, type Result } from '#shared/errors/index.ts';
import { commandEnvironment } from '../../platform/command/environment.ts';
import { lastLine, lastLines } from '../../platform/command/output-tail.ts';
import { type CommandEnd, describeEnd, runCommand } from '../../platform/command/run-command.ts';
import { sleep } from '../../platform/timers.ts';
import { beginStep, endStep, noteProcess, type SourcesContext } from './context.ts';
import type { OwedTask } from './owed-task.ts';

/** A stop command; its step is written down, and so is that the start is owed. */
export type StopRun = {
  readonly pointId: string;
  readonly stepId: number;
  readonly stop: string;
  readonly check: string | null;
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

/** True while the service runs, as the check command says. Cancelling does not stop a look. */
export async function serviceRuns(
  context: SourcesContext,
  check: string,
  env: Readonly<Record<string, string>>,
): Promise<boolean> {
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
  check: string,
  env: Readonly<Record<string, string>>,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<boolean> {
  const since = context.clock.monotonic();
  for (;;) {
    if ((await serviceRuns(context, check, env)) === (wanted === 'runs')) return true;
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
  const end = await runCommand(
    {
      run: { shell: run.stop },
      env: commandEnvironment({ ...run.env, HMTT_STEP: 'stop' }),
      timeoutMs: run.timeoutMs,
      signal: run.signal,
      started: noteProcess(context, run.stepId),
    },
    context.timers,
  );
  let error = commandError('BACKUP_OFFLINE_STOP_FAILED', end, run.timeoutMs);
  if (error === null && run.check !== null) {
    const stands = await waitUntil(context, 'stands', run.check, run.env, run.timeoutMs, run.signal);
    if (!stands)
      error = run.signal.aborted
        ? appError('CANCELLED')
        : appError('BACKUP_OFFLINE_STILL_RUNS', { seconds: Math.round(run.timeoutMs / 1000) });
  }
  endStep(context, run.pointId, run.stepId, {
    state: error === null ? 'done' : 'failed',
    exitCode: end.exitCode,
    output: lastLines(end.output),
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
  const { command, check, timeoutMs, env } = run.task;
  let error: AppError | null = null;
  let end: CommandEnd | null = null;
  beginStep(context, run.pointId, run.stepId, run.caughtUp);
  for (let attempt = 1; attempt <= START_ATTEMPTS; attempt += 1) {
    if (attempt > 1) await sleep(context.timers, BETWEEN_ATTEMPTS_MS);
    end = await runCommand(
      {
        run: { shell: command },
        env: commandEnvironment({ ...env, HMTT_STEP: 'start' }),
        timeoutMs,
        started: noteProcess(context, run.stepId),
      },
      context.timers,
    );
    error = commandError('BACKUP_OFFLINE_START_FAILED', end, timeoutMs);
    if (error === null && check !== null && !(await waitUntil(context, 'runs', check, env, timeoutMs)))
      error = appError('BACKUP_OFFLINE_START_FAILED', {
        how: {
          zh: `启动命令已执行，但 ${Math.round(timeoutMs / 1000)} 秒后检查仍未通过`,
          en: `the start command ended, but the check did not pass within ${Math.round(timeoutMs / 1000)} s`,
        },
        tail: lastLine(end.output),
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
