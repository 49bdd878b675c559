import { readFileSync } from 'node:fs';
import type { Reopen, RotationPolicy } from '#shared/contract/logs-rotation-policy.ts';
import { appError, type Bilingual, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import type { CommandEnd } from '../../platform/command/run-command.ts';
import { describeEnd } from '../../platform/command/run-command.ts';
import { findHolders, nameHolders } from './holders.ts';

/** Longest time that a hook or a reload may take. */
const HOOK_TIMEOUT_MS = 300_000;

/** Runs a command to its end: a program with arguments, never a shell unless it is one. */
export type RunCommand = (
  file: string,
  args: readonly string[],
  timeoutMs: number,
  signal: AbortSignal,
) => Promise<CommandEnd>;

/** What telling the writer needs. */
export type WriterDeps = {
  readonly run: RunCommand;
  readonly kill: (pid: number, signal: NodeJS.Signals) => void;
};

const refused = (zh: string, en: string) => err(appError('LOG_ROTATION_REOPEN', { why: { zh, en } }));

/**
 * Tells the writer that it has another file now. It may be told more than once.
 *
 * @param place device and inode of the old file, for writers that are found by what they hold
 * @returns what was done, in words; LOG_ROTATION_REOPEN
 */
export async function tellWriter(
  reopen: Reopen,
  place: string,
  deps: WriterDeps,
  signal: AbortSignal,
): Promise<Result<Bilingual | null>> {
  switch (reopen.kind) {
    case 'none':
      return ok(null);
    case 'signal':
      return sendSignal(reopen, place, deps);
    case 'command':
      return ran(await deps.run('/bin/sh', ['-c', reopen.command], HOOK_TIMEOUT_MS, signal), reopen.command);
    case 'service': {
      const args = [reopen.action, '--', reopen.unit];
      return ran(await deps.run('systemctl', args, HOOK_TIMEOUT_MS, signal), `systemctl ${args.join(' ')}`);
    }
  }
}

function ran(end: CommandEnd, command: string): Result<Bilingual> {
  const shown = command.length > 80 ? `${command.slice(0, 80)}…` : command;
  if (end.reason === 'exit' && end.exitCode === 0) return ok({ zh: `已执行：${shown}`, en: `Ran ${shown}.` });
  const how = describeEnd(end, HOOK_TIMEOUT_MS);
  const output = end.output.trim().split('\n').at(-1) ?? '';
  return refused(`${shown}：${how.zh} ${output}`, `${shown}: ${how.en}`);
}

function sendSignal(
  { signal, pid, pidFile }: Reopen & { readonly kind: 'signal' },
  place: string,
  deps: WriterDeps,
): Result<Bilingual> {
  let pids: readonly number[];
  if (pid !== null) pids = [pid];
  else if (pidFile !== null) {
    try {
      const found = Number(/^\s*(\d+)/.exec(readFileSync(pidFile, 'utf8'))?.[1]);
      if (!Number.isInteger(found) || found < 2)
        return refused(`${pidFile} 中没有进程号`, `${pidFile} holds no process id`);
      pids = [found];
    } catch (thrown) {
      return refused(`无法读取 ${pidFile}`, describeThrown(thrown));
    }
  } else {
    const { holders } = findHolders(place);
    // Nobody writes: whoever opens the file next gets the new one.
    if (holders.length === 0) return ok({ zh: '没有进程在写此文件。', en: 'No process writes to the file.' });
    pids = [...new Set(holders.map((holder) => holder.pid))];
    const names = nameHolders(holders);
    return signalled(pids, signal, deps, names);
  }
  return signalled(pids, signal, deps, String(pids[0]));
}

function signalled(
  pids: readonly number[],
  signal: string,
  deps: WriterDeps,
  names: string,
): Result<Bilingual> {
  for (const pid of pids)
    try {
      deps.kill(pid, `SIG${signal}` as NodeJS.Signals);
    } catch (thrown) {
      return refused(
        `无法向进程 ${pid} 发送 ${signal}`,
        `process ${pid}, ${signal}: ${describeThrown(thrown)}`,
      );
    }
  return ok({ zh: `已向 ${names} 发送 ${signal}。`, en: `Sent ${signal} to ${names}.` });
}

/** Runs one of a policy's scripts, as logrotate does: `sh -c SCRIPT logrotate_script FILE`. */
export async function runHook(
  policy: RotationPolicy,
  hook: 'first' | 'before' | 'after' | 'last',
  argument: string,
  deps: Pick<WriterDeps, 'run'>,
  signal: AbortSignal,
): Promise<Result<Bilingual | null>> {
  const script = policy.hooks[hook];
  if (script === null) return ok(null);
  const end = await deps.run(
    '/bin/sh',
    ['-c', script, 'logrotate_script', argument],
    HOOK_TIMEOUT_MS,
    signal,
  );
  if (end.reason === 'exit' && end.exitCode === 0)
    return ok({ zh: `脚本 ${hook} 已执行。`, en: `Ran the script "${hook}".` });
  const how = describeEnd(end, HOOK_TIMEOUT_MS);
  const last = end.output.trim().split('\n').at(-1) ?? '';
  const why = { zh: `${how.zh} ${last}`, en: `${how.en} ${last}` };
  return err(appError('LOG_ROTATION_HOOK', { hook, why }));
}
