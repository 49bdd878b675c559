import { type AppError, appError, err, ok, type Result } from '#shared/errors/index.ts';
import { commandEnvironment } from '../../platform/command/environment.ts';
import { lastLine, lastLines } from '../../platform/command/output-tail.ts';
import { type CommandEnd, describeEnd, runCommand } from '../../platform/command/run-command.ts';
import { beginStep, endStep, noteProcess, type SourcesContext } from './context.ts';

/** A hook that is to run; its step is written down already. */
export type HookRun = {
  readonly kind: 'before' | 'after';
  readonly pointId: string;
  readonly stepId: number;
  readonly command: string;
  readonly timeoutMs: number;
  /** The `HMTT_…` variables. */
  readonly env: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** At a start of the console, for a run that was cut off. */
  readonly caughtUp?: boolean;
};

/**
 * Runs a hook and records its start, end, exit code and last lines.
 *
 * @returns BACKUP_BEFORE_HOOK_FAILED, BACKUP_AFTER_HOOK_FAILED, or CANCELLED
 */
export async function runHook(context: SourcesContext, hook: HookRun): Promise<Result<object>> {
  beginStep(context, hook.pointId, hook.stepId, hook.caughtUp);
  const end = await runCommand(
    {
      run: { shell: hook.command },
      env: commandEnvironment({ ...hook.env, HMTT_STEP: hook.kind }),
      timeoutMs: hook.timeoutMs,
      started: noteProcess(context, hook.stepId),
      ...(hook.signal === undefined ? {} : { signal: hook.signal }),
    },
    context.timers,
  );
  const error = hookError(hook, end);
  endStep(context, hook.pointId, hook.stepId, {
    state: error === null ? 'done' : 'failed',
    exitCode: end.exitCode,
    output: lastLines(end.output),
    error,
  });
  return error === null ? ok({}) : err(error);
}

function hookError(hook: HookRun, end: CommandEnd): AppError | null {
  if (end.reason === 'exit' && end.exitCode === 0) return null;
  if (end.reason === 'cancelled') return appError('CANCELLED');
  return appError(
    hook.kind === 'before' ? 'BACKUP_BEFORE_HOOK_FAILED' : 'BACKUP_AFTER_HOOK_FAILED',
    { how: describeEnd(end, hook.timeoutMs), tail: lastLine(end.output) },
    { detail: lastLines(end.output) },
  );
}
