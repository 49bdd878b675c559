import type { ScrapeConfig } from '#shared/contract/hosts.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { procExposition } from './exposition.ts';

/** Runs the script on a host by one of the console's SSH logins, and gives what it wrote. */
export type AskHost = (login: string, signal: AbortSignal) => Promise<Result<string>>;

/** Reads a host's figures over SSH, as an exposition. Errors: those of SSH, PROC_ANSWER_CUT, SCRAPE_TIMEOUT. */
export function createProcReader(
  askHost: AskHost | undefined,
): (config: ScrapeConfig, signal: AbortSignal) => Promise<Result<Uint8Array>> {
  return async ({ overSsh, timeoutMs, address }, signal) => {
    if (overSsh === undefined || askHost === undefined)
      return err(appError('NOT_FOUND', { what: 'SSH login', id: overSsh?.login ?? '' }));
    const late = AbortSignal.timeout(timeoutMs);
    const answer = await askHost(overSsh.login, AbortSignal.any([signal, late]));
    if (!answer.ok)
      return late.aborted && !signal.aborted
        ? err(appError('SSH_TIMEOUT', { host: address, seconds: timeoutMs / 1000, what: '/proc' }))
        : answer;
    const text = procExposition(answer.value);
    return text.ok ? ok(new TextEncoder().encode(text.value)) : text;
  };
}
