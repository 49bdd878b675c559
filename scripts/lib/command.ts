import { type SpawnOptions, spawn } from 'node:child_process';
import { projectRoot } from './paths.ts';

/** What a finished command left: its exit code (null when it could not start or was killed) and its words. */
export type CommandResult = { readonly code: number | null; readonly output: string };

/** Runs a command quietly and keeps stdout and stderr together, for showing only when it fails. */
export function runQuietly(
  command: string,
  args: readonly string[],
  options: Pick<SpawnOptions, 'cwd' | 'env'> = {},
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const parts: Buffer[] = [];
    child.stdout.on('data', (part: Buffer) => parts.push(part));
    child.stderr.on('data', (part: Buffer) => parts.push(part));
    child.on('error', (error) => resolve({ code: null, output: error.message }));
    child.on('close', (code) => resolve({ code, output: Buffer.concat(parts).toString('utf8') }));
  });
}

/** The last words of a command's output on one line, for an error message. */
export function lastWords(output: string, lines = 3): string {
  const words = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return words.slice(-lines).join(' | ') || 'it said nothing';
}

/** Runs the npm that started this script, or else the one on the PATH, in the project so that its `.npmrc` holds. */
export function runNpm(args: readonly string[]): Promise<CommandResult> {
  const own = process.env.npm_execpath;
  const quiet = [...args, '--loglevel=error'];
  return own?.endsWith('.js')
    ? runQuietly(process.execPath, [own, ...quiet], { cwd: projectRoot })
    : runQuietly('npm', quiet, { cwd: projectRoot });
}
