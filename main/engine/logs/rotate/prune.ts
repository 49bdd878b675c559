import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { SegmentDecision } from '#shared/contract/logs-rotation-runs.ts';
import { type AppError, appError, err, ok, type Result } from '#shared/errors/index.ts';
import { syncFolder } from '../../storage/durable.ts';
import { ioError } from '../../storage/io-error.ts';
import { readCheckpoint } from './chain.ts';
import type { SegmentRow } from './journal.ts';
import { lockedUntil, planKeeping } from './keep.ts';
import type { RotateDeps } from './rotate-file.ts';

/** What retention decides now. */
export type KeepingNow = {
  readonly decisions: SegmentDecision[];
  readonly removeBytes: number;
  /** The same for the same decisions. */
  readonly hash: string;
};

/** Segments with the lock of their policy as it is now. */
export function shownSegments(deps: Pick<RotateDeps, 'journal'>, policy?: string): readonly SegmentRow[] {
  const locks = deps.journal.locks();
  return deps.journal.segments({ policy }).map((segment) => ({
    ...segment,
    lockedUntil: lockedUntil(segment.rotatedAt, locks.get(segment.policy) ?? 0),
  }));
}

/** Decides which segments go, of one policy or of all. */
export function decideKeeping(
  deps: Pick<RotateDeps, 'journal' | 'clock'>,
  startedAt: number,
  policy?: string,
): KeepingNow {
  const { journal, clock } = deps;
  const last = journal.lastCheckpoint();
  const lastChange = last === null ? null : (readCheckpoint(last.line)?.at ?? null);
  const decisions = planKeeping(
    shownSegments(deps, policy),
    journal.policies(),
    clock.now(),
    lastChange,
    clock.monotonic() - startedAt,
  );
  const going = decisions.filter(({ remove }) => remove);
  return {
    decisions: [...decisions],
    removeBytes: going.reduce((sum, { segment }) => sum + segment.storedBytes, 0),
    hash: createHash('sha256')
      .update(JSON.stringify(going.map(({ segment }) => [segment.id, segment.file])))
      .digest('hex'),
  };
}

/**
 * Removes segments: the checkpoint first, so that a crash leaves a file too many and never one too few that nobody can explain;
 * verification names a file that is left over.
 */
export function removeSegments(
  deps: Pick<RotateDeps, 'journal' | 'clock' | 'signer' | 'writeChain'>,
  segments: readonly SegmentRow[],
  reason: 'retention' | 'hand',
): Result<{ readonly removed: number; readonly bytes: number }> {
  let [removed, bytes] = [0, 0];
  let failed: AppError | null = null;
  for (const segment of segments)
    try {
      deps.journal.recordChange({ kind: 'removed', reason, segment }, deps.clock.now(), deps.signer());
      deps.writeChain();
      rmSync(segment.file, { force: true });
      syncFolder(dirname(segment.file));
      removed += 1;
      bytes += segment.storedBytes;
    } catch (thrown) {
      // A medium that is not there now; its segments stay recorded or stand as unknown files.
      failed ??= ioError(segment.file, thrown);
    }
  return failed === null ? ok({ removed, bytes }) : err(failed);
}

/** Removes what a preview said, if it still says so. */
export function pruneAsSeen(
  deps: Pick<RotateDeps, 'journal' | 'clock' | 'signer' | 'writeChain'>,
  startedAt: number,
  policy: string | undefined,
  hash: string,
): Result<{ readonly removed: number; readonly bytes: number }> {
  const now = decideKeeping(deps, startedAt, policy);
  if (now.hash !== hash) return err(appError('LOG_PRUNE_CHANGED'));
  const going = now.decisions.filter(({ remove }) => remove).map(({ segment }) => segment);
  return removeSegments(deps, going, 'retention');
}
