import { constants, setPriority } from 'node:os';
import { isMainThread } from 'node:worker_threads';

/**
 * Lets everything else on the machine go first, where that can be asked for one thread alone: Linux counts a priority by thread.
 * On other systems it would slow the whole engine and its polls, so nothing is done there.
 */
export function yieldToOthers(): void {
  if (process.platform !== 'linux' || isMainThread) return;
  try {
    setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It is a courtesy: a container may forbid it.
  }
}
