import type { SshTestStep } from '#shared/contract/ssh.ts';
import type { AppError, Result } from '#shared/errors/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { ExecResult } from './exec.ts';
import type { RemoteEntry } from './sftp.ts';

/** What a try of a login does. */
export type LoginTest = {
  readonly clock: Clock;
  readonly identify: () => Promise<Result<ExecResult>>;
  readonly listHome: () => Promise<Result<readonly RemoteEntry[]>>;
};

/** The steps that came before each failure, in order. */
const ORDER = ['connect', 'host_key', 'login', 'command', 'sftp'] as const;

/** The step at which a failure happened. */
function stepOf({ code }: AppError): SshTestStep['step'] {
  if (code === 'SSH_UNREACHABLE') return 'connect';
  if (code === 'SSH_HOST_KEY_UNKNOWN' || code === 'SSH_HOST_KEY_CHANGED') return 'host_key';
  if (code === 'SSH_LOGIN_REFUSED' || code === 'SSH_SECRET_UNREADABLE') return 'login';
  return 'command';
}

/** Tries a login as it is used: a command, then files. Stops at the first step that fails. */
export async function testLogin({
  clock,
  identify,
  listHome,
}: LoginTest): Promise<{ readonly steps: readonly SshTestStep[]; readonly error: AppError | null }> {
  const began = clock.monotonic();
  const identified = await identify();
  const ms = clock.monotonic() - began;
  if (!identified.ok) {
    const failed = stepOf(identified.error);
    const steps = ORDER.slice(0, ORDER.indexOf(failed) + 1).map((step) =>
      step === failed
        ? { step, ok: false, ms, detail: '', error: identified.error }
        : { step, ok: true, ms: 0, detail: '', error: null },
    );
    return { steps, error: identified.error };
  }
  const system = identified.value.stdout.toString('utf8').trim().slice(0, 200);
  const before = ORDER.slice(0, 3).map((step) => ({ step, ok: true, ms: 0, detail: '', error: null }));
  const command = { step: 'command' as const, ok: true, ms, detail: system, error: null };
  const listing = clock.monotonic();
  const home = await listHome();
  const files = {
    step: 'sftp' as const,
    ok: home.ok,
    ms: clock.monotonic() - listing,
    detail: home.ok ? String(home.value.length) : '',
    error: home.ok ? null : home.error,
  };
  return { steps: [...before, command, files], error: files.error };
}
