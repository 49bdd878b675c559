import { type AppError, err, ok, type Result } from '#shared/errors/index.ts';
import { commandEnvironment } from '../../platform/command/environment.ts';
import { lastLines } from '../../platform/command/output-tail.ts';
import { type CommandEnd, runCommand } from '../../platform/command/run-command.ts';
import { noteProcess, type SourcesContext } from './context.ts';

/** A unit of systemd on a host, reached with a login of the console. */
export type HostUnit = { readonly login: string; readonly unit: string };

/** The commands of the fixed list that act on a unit of a host. */
export type RunOnHost = (
  loginId: string,
  command: { readonly id: 'service-stop' | 'service-start' | 'service-state'; readonly unit: string },
  signal: AbortSignal,
) => Promise<
  Result<{ readonly code: number | null; readonly stdout: Uint8Array; readonly stderr: Uint8Array }>
>;

/** One command about a service: of this machine's shell, or of a host's list. */
export type ServiceCommand = {
  readonly verb: 'stop' | 'start';
  /** What the shell is given; for a host, what people are shown. */
  readonly command: string;
  readonly host: HostUnit | null;
  readonly stepId: number;
  readonly timeoutMs: number;
  readonly env: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
};

/** How it ended. An error says that a host could not even be asked. */
export async function runServiceCommand(
  context: SourcesContext,
  { verb, command, host, stepId, timeoutMs, env, signal }: ServiceCommand,
): Promise<Result<CommandEnd>> {
  if (host !== null) return onHost(context, host, verb, signal);
  return ok(
    await runCommand(
      {
        run: { shell: command },
        env: commandEnvironment({ ...env, HMTT_STEP: verb }),
        timeoutMs,
        ...(signal === undefined ? {} : { signal }),
        started: noteProcess(context, stepId),
      },
      context.timers,
    ),
  );
}

async function onHost(
  { runOnHost }: SourcesContext,
  { login, unit }: HostUnit,
  verb: 'stop' | 'start',
  signal = new AbortController().signal,
): Promise<Result<CommandEnd>> {
  const ran = await runOnHost(login, { id: `service-${verb}`, unit }, signal);
  if (!ran.ok) return ran;
  const { code, stdout, stderr } = ran.value;
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8').trim();
  const output = [text(stdout), text(stderr)].filter((part) => part !== '').join('\n');
  return ok({
    reason: code === null ? 'signal' : 'exit',
    exitCode: code,
    why: '',
    output: lastLines(output),
    stdout: text(stdout),
  });
}

/** Whether a unit of a host runs. An error when the host cannot be asked: that says nothing about the service. */
export async function unitRuns(
  { runOnHost }: SourcesContext,
  { login, unit }: HostUnit,
): Promise<Result<boolean>> {
  const ran = await runOnHost(login, { id: 'service-state', unit }, new AbortController().signal);
  if (!ran.ok) return ran;
  const word = Buffer.from(ran.value.stdout).toString('utf8').trim();
  // One that is just being stopped still runs; one that is being started does not yet.
  return ok(word === 'active' || word === 'reloading' || word === 'deactivating');
}

/** Stands in where no connection to hosts exists. */
export function noHosts(error: AppError): RunOnHost {
  return async () => err(error);
}
