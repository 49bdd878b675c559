import type { AppCheck, AppCheckResult } from '#shared/contract/restore.ts';
import type { Clock } from '../platform/clock.ts';

/** How the restore area runs a command: bounded in time, with the end of what it wrote. Never throws. */
export type RunCheck = (
  command: string,
  timeoutMs: number,
  signal: AbortSignal,
) => Promise<{
  readonly reason: 'exit' | 'signal' | 'timeout' | 'cancelled' | 'not-started';
  readonly exitCode: number | null;
  readonly why: string;
  readonly output: string;
}>;

const KEPT_CHARACTERS = 64 * 1024;

/** Asks the application whether it works with what came back. */
export async function checkApplication(
  { command, timeoutMs }: AppCheck,
  run: RunCheck,
  clock: Pick<Clock, 'monotonic'>,
  signal: AbortSignal,
): Promise<AppCheckResult> {
  const began = clock.monotonic();
  const end = await run(command, timeoutMs, signal);
  const outcomes = {
    exit: end.exitCode === 0 ? 'successful' : 'failed',
    signal: 'failed',
    cancelled: 'failed',
    timeout: 'timed_out',
    'not-started': 'not_started',
  } as const;
  return {
    command,
    outcome: outcomes[end.reason],
    exitCode: end.exitCode,
    durationMs: Math.round(clock.monotonic() - began),
    output: `${end.output}${end.why === '' ? '' : `\n${end.why}`}`.slice(-KEPT_CHARACTERS),
  };
}
