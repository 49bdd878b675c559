import { readFileSync } from 'node:fs';
import { pid as ownPid } from 'node:process';

/**
 * How long the main thread of a process was ready to run and waited for a processor so far, milliseconds: what is late
 * because of that is late because of other programs. 0 where the kernel does not tell.
 */
export function runDelayMs(pid = ownPid): number {
  try {
    return Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ')[1]) / 1e6;
  } catch {
    return 0;
  }
}
