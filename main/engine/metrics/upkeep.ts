import type { Result } from '#shared/errors/index.ts';
import type { Logger } from '../platform/logger.ts';
import type { Head } from './head.ts';
import { mergePartitions, planMerge } from './merge.ts';
import type { Partition } from './partition.ts';
import type { PartitionFiles } from './partition-files.ts';
import { planRetention, type RetentionLimits } from './retention.ts';
import { type Breathe, type ClassOf, planSeal, sealWindow } from './seal.ts';

/** What the upkeep needs; `classOf` and `limits` follow the settings. */
export type UpkeepDeps = {
  readonly head: Head;
  readonly files: PartitionFiles;
  readonly logger: Logger;
  readonly windowMs: number;
  /** Sealed windows of so much time are merged. */
  readonly mergeMs: number;
  readonly breathe: Breathe;
  readonly classOf: ClassOf;
  readonly limits: () => RetentionLimits;
  /** Says of partitions whether they may go: what is due to be rolled up stays until it is. */
  readonly removable: () => (partition: Partition) => boolean;
  /** Hears which partitions retention has removed. */
  readonly removed: (partitions: readonly Partition[]) => void;
  /** Removes roll-ups that go before any samples when the store is larger than it may be. */
  readonly makeRoom: () => void;
};

/** Logs a failure that is tried again by itself. */
export function logFailure(logger: Logger, result: Result<unknown>): void {
  if (!result.ok)
    logger.log('warn', result.error.message.en, { code: result.error.code, detail: result.error.detail });
}

/**
 * One round of upkeep: writes closed chunks out, seals what is due, merges one complete day, applies the retention. Rounds
 * do not overlap; each part ends early when the store is closed.
 */
export function createUpkeep(deps: UpkeepDeps): () => Promise<void> {
  const { head, files, logger, windowMs, breathe } = deps;
  let quiet = { epoch: -1, until: 0 };
  /** Partitions that could not be merged; they are left alone until the next start. */
  const unmergeable = new WeakSet<Partition>();

  const sealDue = async (): Promise<boolean> => {
    for (;;) {
      // Nothing is due before the newest sample has passed this time, so the oldest need not be looked for.
      if (head.epoch === quiet.epoch && head.maxTime <= quiet.until) return true;
      const oldest = head.oldestTime();
      const due = planSeal(oldest, head.maxTime, windowMs);
      if (due === null) {
        const until = (Math.floor(oldest / windowMs) + 1.5) * windowMs;
        if (Number.isFinite(until)) quiet = { epoch: head.epoch, until };
        return true;
      }
      const sealed = await sealWindow(head, files, due, breathe, deps.classOf);
      logFailure(logger, sealed);
      if (!sealed.ok || !(await breathe())) return false;
    }
  };

  const mergeOne = async (): Promise<void> => {
    const candidates = files.all.filter(
      (partition) => !files.hasDamage(partition) && !unmergeable.has(partition),
    );
    const group = planMerge(candidates, head.sealedUntil, deps.mergeMs);
    if (group === null) return;
    const merged = await mergePartitions(files, group, breathe);
    if (merged.ok || merged.error.code === 'CANCELLED') return;
    logFailure(logger, merged);
    // All else is tried again, without the member that was found damaged; this would only cost the same work each time.
    if (merged.error.code === 'METRICS_MERGE_MISMATCH')
      for (const member of group.members) unmergeable.add(member);
  };

  return async () => {
    logFailure(logger, head.spill());
    if (!(await sealDue())) return;
    await mergeOne();
    if (!(await breathe())) return;
    deps.makeRoom();
    const removals = planRetention(files.all, deps.limits());
    if (removals.length === 0) return;
    const mayGo = deps.removable();
    const going = removals.filter(({ partition }) => mayGo(partition));
    for (const { partition, reason } of going) files.remove(partition, reason);
    if (going.length > 0) deps.removed(going.map(({ partition }) => partition));
  };
}
