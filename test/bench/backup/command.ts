import { execFileSync, spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What a command took. */
export type Measured = {
  readonly seconds: number;
  /** Highest resident memory, MiB. */
  readonly rssMiB: number;
  /** Bytes that it asked the system to read, its own program included. */
  readonly readBytes: number;
  readonly stdout: string;
};

const LOOK_EVERY_MS = 10;

/**
 * Runs a command to its end; throws with its own words when it fails. What others have written is put on the disk first: a
 * command that flushes would otherwise be charged for it.
 *
 * Memory and bytes read are what the kernel says of the process (`VmHWM`, `rchar`) at the last look, 10 ms before its end at
 * most.
 */
export async function measured(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  cwd?: string,
): Promise<Measured> {
  execFileSync('sync');
  const began = performance.now();
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    ...(cwd === undefined ? {} : { cwd }),
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString('utf8');
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString('utf8')).slice(-4_000);
  });
  let rssKiB = 0;
  let readBytes = 0;
  const look = setInterval(() => {
    rssKiB = Math.max(rssKiB, numberIn(`/proc/${child.pid}/status`, /VmHWM:\s+(\d+)/));
    readBytes = Math.max(readBytes, numberIn(`/proc/${child.pid}/io`, /rchar: (\d+)/));
  }, LOOK_EVERY_MS);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}: ${stderr}`);
  } finally {
    clearInterval(look);
  }
  return { seconds: (performance.now() - began) / 1000, rssMiB: rssKiB / 1024, readBytes, stdout };
}

function numberIn(path: string, pattern: RegExp): number {
  try {
    return Number(pattern.exec(readFileSync(path, 'utf8'))?.[1] ?? 0);
  } catch {
    // The process has just ended.
    return 0;
  }
}

/** Bytes of all files below a folder. */
export function bytesBelow(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
