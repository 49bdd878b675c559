import type { RestoreState } from '#shared/contract/restore.ts';
import { assertNever } from '#shared/errors/index.ts';

/** A restore that was given up is offered again for this long; after that only its evidence is. */
const OFFERED_MS = 7 * 86_400_000;

/**
 * Whether a restore is offered again on the first glance: it runs, it was interrupted, or it ended early a short while
 * ago. A preview that never started is not a restore.
 *
 * @param now UTC milliseconds
 */
export function isUnfinished(restore: RestoreState, now: number): boolean {
  switch (restore.state) {
    case 'running':
    case 'verifying':
    case 'interrupted':
      return true;
    case 'failed':
    case 'cancelled':
      return now - (restore.finishedAt ?? now) < OFFERED_MS;
    case 'planned':
    case 'done':
      return false;
    default:
      return assertNever(restore.state);
  }
}

/** Whether a restore came to an end of any kind, so that there is evidence of it. */
export function isPast(restore: RestoreState): boolean {
  return restore.state === 'done' || restore.state === 'failed' || restore.state === 'cancelled';
}

/** Whether a restore is that of a drill: it writes into a scratch folder, and the drill looks after it. */
export function isOfDrill({ plan }: Pick<RestoreState, 'plan'>): boolean {
  return /[\\/]hmtt-drill-[^\\/]+[\\/]data$/.test(plan.targetDir);
}
