import { type AppError, appError } from '#shared/errors/index.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { diskSpace } from '../../platform/disk.ts';
import { systemCode } from '../../storage/io-error.ts';
import type { StoredPoint } from '../catalogue.ts';
import type { BackupContext } from '../context.ts';
import type { RunTask } from '../run-task.ts';

/** Whether a target has room for a run. */
export type SpaceCheck = {
  readonly dir: string;
  readonly freeBytes: number;
  /** About what the run will store; null when nothing is known of the plan yet. */
  readonly needBytes: number | null;
  readonly reserveBytes: number;
  readonly isEnough: boolean;
};

/** A hundredth of the file system stays free, at most a GiB: for pruning, and for whoever else uses it. */
const RESERVE_SHARE = 0.01;
const RESERVE_MOST = 1 << 30;
/** Runs are not all alike: this much more than the largest of the last ones. */
const MARGIN = 1.1;
const RECENT = 5;

/**
 * About what a run will store: the largest of the plan's last archives of its type with a margin; null when it never made one.
 *
 * @param points of the plan, the one seen last first
 */
export function estimateRun(points: readonly StoredPoint[], type: StoredPoint['type']): number | null {
  const sizes = points.filter((point) => point.type === type).slice(0, RECENT);
  if (sizes.length === 0) return null;
  return Math.ceil(MARGIN * Math.max(...sizes.map(({ archiveBytes }) => archiveBytes)));
}

/** Pure part of {@link lookAtSpace}. */
function judgeSpace(
  dir: string,
  space: { readonly freeBytes: number; readonly totalBytes: number },
  needBytes: number | null,
): SpaceCheck {
  const reserveBytes = Math.min(RESERVE_MOST, Math.ceil(space.totalBytes * RESERVE_SHARE));
  const { freeBytes } = space;
  return { dir, freeBytes, needBytes, reserveBytes, isEnough: freeBytes >= (needBytes ?? 0) + reserveBytes };
}

/** Asks the target for its space; null when it is not there, which the run itself reports better. */
export async function lookAtSpace(dir: string, needBytes: number | null): Promise<SpaceCheck | null> {
  try {
    return judgeSpace(dir, await diskSpace(dir), needBytes);
  } catch (thrown) {
    if (systemCode(thrown) === '') throw thrown;
    return null;
  }
}

/** What an operator reads when a run is not even begun. */
function spaceError({ dir, freeBytes, needBytes, reserveBytes }: SpaceCheck): AppError {
  return appError('BACKUP_SPACE_LOW', {
    dir,
    free: formatBytes(freeBytes),
    need: formatBytes(needBytes ?? 0),
    reserve: formatBytes(reserveBytes),
  });
}

/** Why a run would not fit into its target; null when it does, or nobody can tell. */
export async function refuseForSpace(
  { catalogue }: Pick<BackupContext, 'catalogue'>,
  { plan, type, targetDir }: Pick<RunTask, 'plan' | 'type' | 'targetDir'>,
): Promise<AppError | null> {
  const check = await lookAtSpace(targetDir, estimateRun(catalogue.points(plan), type));
  return check === null || check.isEnough ? null : spaceError(check);
}
