import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Result } from '#shared/errors/index.ts';

/** The value of a result; a failure fails the test with its sentence. */
export function value<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new Error(`${result.error.code}: ${result.error.message.en} ${result.error.detail ?? ''}`);
}

/** A temporary folder, and how to be rid of it. */
export function scratch(name: string): { readonly dir: string; readonly remove: () => void } {
  const dir = mkdtempSync(join(tmpdir(), `hmtt-${name}-`));
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

/** Runs a command of Debian; a missing one or a failure fails the test with a sentence. */
export function debian(
  command: string,
  args: readonly string[],
  options: { cwd?: string; input?: string } = {},
): string {
  const ran = spawnSync(command, [...args], { encoding: 'utf8', maxBuffer: 64 << 20, ...options });
  if (ran.error !== undefined)
    throw new Error(
      `this test needs Debian's "${command}", which could not be started: ${ran.error.message}`,
    );
  if (ran.status !== 0)
    throw new Error(`${command} ${args.join(' ')} ended with ${ran.status}: ${ran.stderr}`);
  return ran.stdout;
}
