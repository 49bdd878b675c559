import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  utimesSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { RotationPolicy } from '#shared/contract/logs-rotation-policy.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { syncFolder } from '../../storage/durable.ts';
import { ioError } from '../../storage/io-error.ts';
import { type NameParts, type Shift, segmentFolder, shiftsFor } from './names.ts';
import { moveFile } from './steps-old-file.ts';

/** What must make room for a new segment, as the folder is now. */
export function planShifts(parts: NameParts): Result<readonly Shift[]> {
  const folder = segmentFolder(parts);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return ok(shiftsFor(parts, readdirSync(folder)));
  } catch (thrown) {
    return err(ioError(folder, thrown));
  }
}

/** Makes room; each rename once, however often it is called with the same list. */
export function makeRoom(shifts: readonly Shift[]): Result<object> {
  for (const { from, to } of shifts)
    try {
      // The list begins with the oldest, whose new name was free: where a name is taken, its rename was made before.
      if (existsSync(to) || !existsSync(from)) continue;
      renameSync(from, to);
      syncFolder(dirname(to));
    } catch (thrown) {
      return err(ioError(from, thrown));
    }
  return ok({});
}

/**
 * Gives a finished segment its name. A second call finds it there.
 *
 * @param from the `.part` file, or the old file itself where it is not packed
 * @param replaces whether the name may be that of the segment's former file
 */
export function publish(from: string, final: string, replaces: boolean): Result<object> {
  try {
    if (!existsSync(from))
      return existsSync(final) ? ok({}) : err(appError('LOG_ROTATION_VANISHED', { file: from }));
    if (!replaces && existsSync(final)) return err(appError('LOG_ROTATION_NAME_TAKEN', { file: final }));
    moveFile(from, final);
    syncFolder(dirname(final));
    return ok({});
  } catch (thrown) {
    return err(ioError(final, thrown));
  }
}

/** A packed file beside logs looks as the log did: mode, owner, time. In the console's own archive it is the console's alone. */
export function dress(policy: RotationPolicy, part: string, old: string): Result<object> {
  if (policy.naming.style === 'archive' && policy.dir === null) return ok({});
  try {
    const { mode, uid, gid, atime, mtime } = lstatSync(old);
    chmodSync(part, mode & 0o777);
    if (process.getuid?.() === 0) chownSync(part, uid, gid);
    utimesSync(part, atime, mtime);
    return ok({});
  } catch (thrown) {
    return err(ioError(part, thrown));
  }
}
