import { spawn } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';

/** A process that was killed. */
export type Killed = {
  /** All that it wrote. */
  readonly said: string;
  /** How long it ran after it was ready; less than what it was given when it ended by itself. */
  readonly ranMs: number;
};

/**
 * Runs a TypeScript file in a process of its own, which says `ready` in a line, and kills it some milliseconds later.
 *
 * @throws with the child's words when it ends before it is ready
 */
export async function killedAfter(ms: number, entry: string, ...args: readonly string[]): Promise<Killed> {
  const child = spawn(process.execPath, [entry, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
      if (said.includes('ready\n')) resolve();
    });
    child.once('exit', (code) => reject(new Error(`the child ended with ${code}: ${said}`)));
  });
  const readyAt = performance.now();
  await Promise.race([wait(ms), ended]);
  const ranMs = performance.now() - readyAt;
  child.kill('SIGKILL');
  await ended;
  return { said, ranMs };
}
