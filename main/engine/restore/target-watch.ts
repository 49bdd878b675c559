import { closeSync, constants, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { appError } from '#shared/errors/index.ts';
import { fsPath, type RawPath } from '../platform/raw-path.ts';
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
  /**
   * The path by which something is made or changed at a target. Where a target is a disk of its own, this leads over the
   * open top folder of that disk: between a check and the call that follows it the disk may go, and a name looked up
   * again would then be one of the system's disk. Elsewhere it is the path itself.
   */
  readonly anchored: (target: RawPath) => RawPath;
  /** Lets go of the disks, so that they can be unmounted. */
  readonly close: () => void;
};

type Anchor = { readonly below: string; readonly fd: number; readonly path: string };

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

/** The top folder of the file system that a folder lies in. */
function topOf(folder: string, device: string): string {
  const above = dirname(folder);
  return above !== folder && deviceOf(above) === device ? topOf(above, device) : folder;
}

/** Opens the top folder of a disk; null where the system has no paths that lead over open folders. */
function anchorAt(folder: string, device: string): Anchor | null {
  if (process.platform !== 'linux') return null;
  const top = topOf(folder, device);
  let fd: number;
  try {
    fd = openSync(fsPath(top), constants.O_RDONLY | constants.O_DIRECTORY);
  } catch {
    // A folder that may not be read can still be written to by its name.
    return null;
  }
  // With the process's number, so that tools which are started for the files find it as well.
  const path = `/proc/${process.pid}/fd/${fd}`;
  if (deviceOf(path) === device) return { below: `${top}/`, fd, path };
  closeSync(fd);
  return null;
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
  const anchors: Anchor[] = [];
  for (const [at, device] of begun) {
    const anchor = device === root ? null : anchorAt(at, device);
    if (anchor !== null) anchors.push(anchor);
  }
  // A disk inside a disk is the nearer one.
  anchors.sort((a, b) => b.below.length - a.below.length);
  return {
    check: () => {
      for (const [at, device] of begun) if (deviceOf(at) !== device) throw gone(at);
    },
    anchored: (target) => {
      const anchor = anchors.find(({ below }) => target.startsWith(below));
      return anchor === undefined ? target : `${anchor.path}/${target.slice(anchor.below.length)}`;
    },
    close: () => {
      for (const { fd } of anchors.splice(0)) closeSync(fd);
    },
  };
}
