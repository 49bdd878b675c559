import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Finds a Debian program; fails with a sentence when it is missing, because a test that skips proves nothing. */
export function peer(name: string, packageName: string): string {
  for (const folder of ['/usr/sbin', '/usr/bin', '/sbin', '/bin'])
    if (existsSync(`${folder}/${name}`)) return `${folder}/${name}`;
  throw new Error(
    `${name} is missing: this test needs Debian's package ${packageName} (apt-get install ${packageName})`,
  );
}

/** Runs a program to its end and gives its output; throws with its messages when it fails. */
export function run(program: string, args: readonly string[]): string {
  return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Starts a program that goes on until {@link stop}. */
export function start(program: string, args: readonly string[]): ChildProcess {
  return spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Ends a program that {@link start} started, and waits until it is gone. */
export async function stop(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await gone;
}
