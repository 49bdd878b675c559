import type { RequestOutput, RequestParams } from '#shared/contract/index.ts';
import type { SshCommand } from '#shared/contract/ssh.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { Clock } from '../platform/clock.ts';
import { HOST_COMMANDS, type HostCommand, type HostCommandId, sudoersText } from './commands.ts';
import type { ExecResult } from './exec.ts';

/** A word with values in capitals: `{unit}` is `UNIT`. A script's braces are its own. */
const shownWord = (word: string): string =>
  word.includes('\n') ? word : word.replaceAll(/\{([a-zA-Z]+)\}/g, (_, name: string) => name.toUpperCase());

/** The fixed list, as pages show it before anything runs. */
export function commandList(): SshCommand[] {
  return HOST_COMMANDS.map((command: HostCommand) => {
    const script = command.argv.find((word) => word.includes('\n')) ?? null;
    const words = command.argv.map(shownWord);
    const line = script === null ? words.join(' ') : words.slice(0, -1).join(' ');
    const { id, title, why, sudo } = command;
    return { id, title, why, sudo, script, line: sudo ? `sudo -n ${line}` : line };
  });
}

/** Writes the sudoers file that a host needs for these services. */
export function sudoersFor({
  user,
  units,
  systemctl,
}: RequestParams<'ssh.sudoers'>): Result<RequestOutput<'ssh.sudoers'>> {
  const text = sudoersText(user, units, systemctl);
  return text === null
    ? err(appError('BAD_INPUT', { method: 'ssh.sudoers', field: 'units', why: 'not a name' }))
    : ok({ text });
}

/** Asks for, stops, starts or reloads a service, and says what systemd makes of it afterwards. */
export async function actOnService(parts: {
  readonly run: (command: HostCommandId) => Promise<Result<ExecResult>>;
  readonly action: RequestParams<'ssh.service'>['action'];
  readonly unit: string;
  readonly clock: Clock;
}): Promise<Result<RequestOutput<'ssh.service'>>> {
  const { run, action, unit, clock } = parts;
  const began = clock.monotonic();
  if (action !== 'state') {
    const acted = await run(`service-${action}`);
    if (!acted.ok) return acted;
    if (acted.value.code !== 0)
      return err(
        appError(
          isSudoRefusal(acted.value) ? 'SSH_SUDO_REFUSED' : 'SSH_SERVICE_FAILED',
          { unit, why: wordsOf(acted.value) },
          { field: 'unit' },
        ),
      );
  }
  // Another exit code than 0 only says that it is not active; the word says what it is.
  const state = await run('service-state');
  if (!state.ok) return state;
  const active = state.value.stdout.toString('utf8').trim().slice(0, 100);
  return ok({ active: active === '' ? 'unknown' : active, tookMs: clock.monotonic() - began });
}

const wordsOf = ({ stderr, stdout, code }: ExecResult): string =>
  (stderr.toString('utf8').trim() || stdout.toString('utf8').trim() || `exit ${code}`).slice(0, 300);

const isSudoRefusal = (result: ExecResult): boolean => /^sudo:/m.test(result.stderr.toString('utf8'));
