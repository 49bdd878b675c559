import { statSync } from 'node:fs';
import { appError } from '#shared/errors/index.ts';
import { RunStopped } from './run-stopped.ts';
import type { SpaceNeed } from './space-tally.ts';

/** A place that a plan writes to: a folder that existed when it was planned, and the file systems of it and of the root. */
export type TargetMount = { readonly at: string; readonly device: string; readonly rootDevice: string };

/**
 * Sees to it that a target is the disk that it was. When a disk is pulled, its mount point stays as an empty folder of the
 * system's own disk, and a restore would quietly fill that.
 */
export type TargetWatch = {
  /** Throws {@link RunStopped} when a target is gone; the run can be resumed when it is back. */
  readonly check: () => void;
};

function deviceOf(path: string): string | null {
  try {
    return String(statSync(path).dev);
  } catch {
    // Not there, or it does not answer: both mean that nothing can be written to it.
    return null;
  }
}

/** Where a plan's targets lie now. */
export function targetMounts(space: readonly SpaceNeed[]): readonly TargetMount[] {
  const rootDevice = deviceOf('/') ?? '?';
  return space.map(({ at, device }) => ({ at, device, rootDevice }));
}

/**
 * Makes a watch for one run. A disk that was connected anew has another number, so a target is taken as it stands when the
 * run begins, unless a disk of its own became a folder of the system's disk.
 */
export function watchTargets(mounts: readonly TargetMount[]): TargetWatch {
  const gone = (at: string): RunStopped => new RunStopped(appError('RESTORE_TARGET_GONE', { dir: at }));
  const root = deviceOf('/');
  const begun = new Map<string, string>();
  for (const { at, device, rootDevice } of mounts) {
    const now = deviceOf(at);
    const wasOwnDisk = device !== rootDevice;
    if (now === null || (wasOwnDisk && now === root)) throw gone(at);
    begun.set(at, now);
  }
  return {
    check: () => {
      for (const [at, device] of begun) if (deviceOf(at) !== device) throw gone(at);
    },
  };
}
