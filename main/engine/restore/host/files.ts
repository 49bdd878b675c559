import { type AppError, appError, type Result } from '#shared/errors/index.ts';
import { type RawPath, showPath } from '../../platform/raw-path.ts';
import type { Existing } from '../decide.ts';
import { RunStopped } from '../run-stopped.ts';
import type { Standing } from '../saved.ts';
import type { PointEntry } from '../types.ts';
import type { HostPort } from './port.ts';

/** The host refused something about one path; the others may be well. */
export class HostRefusal extends Error {
  readonly error: AppError;

  constructor(error: AppError) {
    super(error.code);
    this.error = error;
  }
}

/** A host's answer. Throws {@link HostRefusal} for one path, {@link RunStopped} when the host is out of reach. */
export function answered<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  if (result.error.code === 'SSH_REMOTE_FAILED') throw new HostRefusal(result.error);
  throw new RunStopped(result.error);
}

const NS = 1_000_000_000n;

/** SFTP 3 has whole seconds between 1970 and 2106; what is outside gets the nearest. */
function hostSeconds(mtime: string): number {
  const seconds = Math.floor(Number(mtime));
  return Math.min(0xffff_ffff, Math.max(0, Number.isFinite(seconds) ? seconds : 0));
}

/** An entry as it can be on a host: its time in whole seconds. */
export function asOnHost<E extends Pick<PointEntry, 'mtime'>>(entry: E): E {
  return { ...entry, mtime: `${hostSeconds(entry.mtime)}.000000000` };
}

/** Looks at a path of a host in full; null where nothing stands. */
export async function standingOnHost(port: HostPort, path: RawPath): Promise<Standing | null> {
  const found = answered(await port.find(path));
  if (found === null) return null;
  const { type, size, mode, uid, gid, mtimeMs, link } = found;
  return {
    type,
    // A folder's own size says nothing about it.
    size: type === 'directory' ? 0 : size,
    mode,
    uid,
    gid,
    mtimeNs: String(BigInt(Math.floor(mtimeMs / 1000)) * NS),
    // SFTP tells neither; content is told by its hash.
    dev: '',
    ino: '',
    link,
  };
}

/** Whether a file's content can still be that of an entry: all else is as the entry says. */
export function mayBeSame(
  { type, size, mode, mtimeNs }: Standing,
  entry: Pick<PointEntry, 'size' | 'mode' | 'mtime'>,
): boolean {
  return (
    type === 'file' &&
    size === entry.size &&
    mode === entry.mode &&
    BigInt(mtimeNs) === BigInt(hostSeconds(entry.mtime)) * NS
  );
}

/**
 * What {@link decide} needs to know of a path of a host. The content is hashed, there, only when all else is as the entry says:
 * only then the hash can decide anything.
 */
export async function inspectOnHost(
  port: HostPort,
  path: RawPath,
  entry: Pick<PointEntry, 'size' | 'mode' | 'mtime'>,
  known?: Standing | null,
  hash = async (size: number): Promise<string | null> =>
    answered(await port.hash([{ path, size }]))[0] ?? null,
): Promise<Existing | null> {
  const stands = known ?? (await standingOnHost(port, path));
  if (stands === null) return null;
  const { type, size, mode, uid, gid, mtimeNs, link } = stands;
  const sha256 = mayBeSame(stands, entry) ? await hash(size) : null;
  return { type, size, mode, uid, gid, mtimeNs: BigInt(mtimeNs), link, sha256 };
}

/** Why a path of a host could not be written: the disk as a whole, which stops the run, or this one path. */
export async function hostFailure(
  port: HostPort,
  target: RawPath,
  wantedBytes: number,
  error: AppError,
): Promise<AppError> {
  const folder = target.slice(0, target.lastIndexOf('/')) || '/';
  const space = await port.space(folder);
  const where = showPath(target);
  if (space.ok && space.value !== null) {
    // The status of SFTP 3 says no more than that it failed.
    if (space.value.isReadOnly) throw new RunStopped(appError('READ_ONLY', { file: where }));
    if (space.value.freeBytes < Math.min(Math.max(wantedBytes, 1), NEARLY_FULL))
      throw new RunStopped(appError('DISK_FULL', { file: where }));
  }
  return appError('RESTORE_WRITE_FAILED', { path: where, why: wordsOf(error) });
}

/** A refusal on a disk with less than this left is for want of space. */
const NEARLY_FULL = 1 << 20;

/** The host's own words. */
export function wordsOf(error: AppError): string {
  return error.detail ?? error.message.en;
}

/** Keeps a restore from writing through a symbolic link on a host, as the guard of local paths does. */
export type HostGuard = {
  readonly look: (folders: readonly RawPath[]) => Promise<'real' | 'missing' | 'unsafe'>;
};

const REMEMBERED = 10_000;

/** Makes a guard. @param isOnlyLooking true while nothing is made, so that a folder that is missing stays so */
export function hostGuard(port: HostPort, isOnlyLooking = false): HostGuard {
  const real = new Set<RawPath>();
  /** Folders that are being looked at: many files of one folder ask for it at once. */
  const asked = new Map<RawPath, ReturnType<HostPort['find']>>();
  /** Folders that the host does not let us look at: while nothing is made, that is asked once and not for each path below. */
  const refused = new Map<RawPath, HostRefusal>();
  let missing: RawPath | null = null;
  const findFolder = async (folder: RawPath) => {
    const asking = asked.get(folder) ?? port.find(folder);
    asked.set(folder, asking);
    const found = await asking.finally(() => asked.delete(folder));
    if (!isOnlyLooking || found.ok || found.error.code !== 'SSH_REMOTE_FAILED') return answered(found);
    const refusal = new HostRefusal(found.error);
    if (refused.size >= REMEMBERED) refused.clear();
    refused.set(folder, refusal);
    throw refusal;
  };
  return {
    look: async (folders) => {
      for (const folder of folders) {
        if (real.has(folder)) continue;
        if (folder === missing) return 'missing';
        const known = refused.get(folder);
        if (known !== undefined) throw known;
        const found = await findFolder(folder);
        if (found === null) {
          if (isOnlyLooking) missing = folder;
          return 'missing';
        }
        if (found.type !== 'directory') return 'unsafe';
        if (real.size >= REMEMBERED) real.clear();
        real.add(folder);
      }
      return 'real';
    },
  };
}
