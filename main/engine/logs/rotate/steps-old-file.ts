import {
  chmodSync,
  chownSync,
  closeSync,
  copyFileSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  lstatSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { RotationPolicy } from '#shared/contract/logs-rotation-policy.ts';
import { appError, type Bilingual, err, ok, type Result } from '#shared/errors/index.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import type { Clock } from '../../platform/clock.ts';
import { sleep, type Timers } from '../../platform/timers.ts';
import { syncFolder } from '../../storage/durable.ts';
import { ioError } from '../../storage/io-error.ts';
import { findHolders, nameHolders } from './holders.ts';

/** Device and inode of a file as one text; null when there is none. */
export function placeAt(path: string): string | null {
  const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  return stats === undefined ? null : `${stats.dev}:${stats.ino}`;
}

/** Size and time of a file, to see whether it was written to; null when it is gone. */
export function stampOf(path: string): { readonly bytes: number; readonly mtimeNs: string } | null {
  const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  return stats === undefined ? null : { bytes: Number(stats.size), mtimeNs: String(stats.mtimeNs) };
}

/**
 * Gives the old file its other name, and makes the new one where the policy says so. Made once however often it is called.
 *
 * @returns false when the log was taken away by somebody else before: nothing was changed
 */
export function renameOld(
  { path, working, place }: { readonly path: string; readonly working: string; readonly place: string },
  create: RotationPolicy['create'],
): Result<boolean> {
  try {
    if (!existsSync(working)) {
      if (placeAt(path) !== place) return ok(false);
      renameSync(path, working);
    }
    if (create !== null) createNew(path, working, create);
    syncFolder(dirname(path));
    return ok(true);
  } catch (thrown) {
    return err(ioError(path, thrown));
  }
}

function createNew(path: string, like: string, create: NonNullable<RotationPolicy['create']>): void {
  const old = lstatSync(like);
  const mode = create.mode === null ? old.mode & 0o777 : Number.parseInt(create.mode, 8);
  let handle: number;
  try {
    handle = openSync(path, 'ax', mode);
  } catch (thrown) {
    // The writer was faster, and the file is its own.
    if ((thrown as { readonly code?: unknown }).code === 'EEXIST') return;
    throw thrown;
  }
  closeSync(handle);
  // The mode is what was asked for, whatever the umask; only root can give files away.
  chmodSync(path, mode);
  if (process.getuid?.() !== 0) return;
  chownSync(path, idOf('/etc/passwd', create.user, old.uid), idOf('/etc/group', create.group, old.gid));
}

/** The number of a user or group of this machine. */
function idOf(file: string, name: string | null, otherwise: number): number {
  if (name === null) return otherwise;
  if (/^\d+$/.test(name)) return Number(name);
  const line = readFileSync(file, 'utf8')
    .split('\n')
    .find((one) => one.startsWith(`${name}:`));
  if (line === undefined) throw Object.assign(new Error(`no "${name}" in ${file}`), { code: 'ENOENT' });
  return Number(line.split(':')[2]);
}

/** What a copy with truncation did. */
export type Truncated = { readonly bytes: number; readonly lostBytes: number | null };

/**
 * Copies a log and truncates it, losing as little as can be: what was added meanwhile is copied until nothing more comes, then
 * the file is truncated at once. How far its writers had got is asked for afterwards, which tells what was lost.
 *
 * @param copied bytes that an attempt before a crash had copied and was about to truncate; null when none had
 * @param aboutTo told durably before the truncation
 */
export function copyTruncate(
  { path, working, place }: { readonly path: string; readonly working: string; readonly place: string },
  copied: number | null,
  aboutTo: (bytes: number) => void,
): Result<Truncated> {
  try {
    if (copied !== null && !isStill(path, working, copied)) return ok({ bytes: copied, lostBytes: null });
    if (copied === null) rmSync(working, { force: true });
    if (placeAt(path) !== place) return err(appError('LOG_ROTATION_VANISHED', { file: path }));
    const source = openSync(path, 'r+');
    const { mode, uid, gid } = fstatSync(source);
    const target = openSync(working, copied === null ? 'wx' : 'r+', mode & 0o777);
    try {
      let at = copied ?? 0;
      const buffer = Buffer.allocUnsafe(1 << 20);
      const copyRest = (): void => {
        for (;;) {
          const read = readSync(source, buffer, 0, buffer.length, at);
          if (read === 0) return;
          for (let done = 0; done < read; ) done += writeSync(target, buffer, done, read - done, at + done);
          at += read;
        }
      };
      copyRest();
      if (process.getuid?.() === 0) chownSync(working, uid, gid);
      fsyncSync(target);
      syncFolder(dirname(working));
      aboutTo(at);
      // What came while that was noted, on the disk, too. A writer that is never quiet ends this: then the last bytes are
      // flushed after the truncation.
      for (let round = 0; round < 5 && fstatSync(source).size > at; round += 1) {
        copyRest();
        fsyncSync(target);
      }
      // Between these two there are microseconds.
      copyRest();
      ftruncateSync(source, 0);
      const seen = findHolders(place);
      fsyncSync(target);
      const positions = seen.holders.map(({ position }) => position);
      const isKnown = !seen.isPartial && positions.every((position) => position >= at);
      return ok({ bytes: at, lostBytes: isKnown ? Math.max(0, ...positions.map((p) => p - at)) : null });
    } finally {
      closeSync(source);
      closeSync(target);
    }
  } catch (thrown) {
    return err(ioError(working, thrown));
  }
}

/** Whether a log still holds what was copied of it, that is: it was not truncated yet. */
function isStill(path: string, copy: string, bytes: number): boolean {
  const size = lstatSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size < bytes || !existsSync(copy)) return false;
  const [a, b] = [openSync(path, 'r'), openSync(copy, 'r')];
  try {
    const length = Math.min(bytes, 4096);
    return [0, bytes - length].every((at) => {
      const [one, other] = [Buffer.alloc(length), Buffer.alloc(length)];
      readSync(a, one, 0, length, at);
      readSync(b, other, 0, length, at);
      return one.equals(other);
    });
  } finally {
    closeSync(a);
    closeSync(b);
  }
}

/** Says what a truncation lost. */
export function lossNote({ bytes, lostBytes }: Truncated): Bilingual {
  if (lostBytes === null)
    return {
      zh: `复制了 ${formatBytes(bytes)}；截断瞬间丢失多少无法测得。`,
      en: `Copied ${formatBytes(bytes)}; how much was lost at the truncation could not be measured.`,
    };
  return lostBytes === 0
    ? {
        zh: `复制了 ${formatBytes(bytes)}，没有丢失。`,
        en: `Copied ${formatBytes(bytes)}; nothing was lost.`,
      }
    : {
        zh: `复制了 ${formatBytes(bytes)}；截断时丢失 ${lostBytes} 字节。`,
        en: `Copied ${formatBytes(bytes)}; ${lostBytes} bytes were lost at the truncation.`,
      };
}

/** Where not all processes can be looked at, a file that was left alone for so long counts as released. */
const QUIET_MS = 5_000;

/** Who still writes to an old file, and whether it is as it was. */
export type ReleaseLook = {
  /** Processes that have it open for writing, for a sentence. */
  readonly who: readonly string[];
  /** Some processes could not be looked at, so there may be more. */
  readonly isPartial: boolean;
  /** Another text when the file was written to. */
  readonly stamp: string;
};

/** Looks at a file of this workstation. */
export function holdersHere(working: string, place: string): ReleaseLook {
  const { holders, isPartial } = findHolders(place);
  const who = holders.length === 0 ? [] : [nameHolders(holders)];
  return { who, isPartial, stamp: JSON.stringify(stampOf(working)) };
}

/**
 * Waits until nobody holds the old file open for writing.
 *
 * @param times how long to wait at most, and how often to look
 * @returns how that is known; LOG_ROTATION_HELD with who holds it, and what looking fails with
 */
export async function waitReleased(
  working: string,
  look: () => Promise<Result<ReleaseLook>>,
  times: { readonly waitMs: number; readonly firstMs: number; readonly longestMs: number },
  clock: Clock,
  timers: Timers,
  signal: AbortSignal,
): Promise<Result<Bilingual>> {
  const { waitMs, firstMs, longestMs } = times;
  const began = clock.monotonic();
  let stamp: string | null = null;
  let quietSince = began;
  for (let pause = firstMs; ; pause = Math.min(longestMs, pause * 2)) {
    const seen = await look();
    if (!seen.ok) return seen;
    const { who, isPartial } = seen.value;
    const now = clock.monotonic();
    const seconds = ((now - began) / 1000).toFixed(1);
    if (seen.value.stamp !== stamp) quietSince = now;
    stamp = seen.value.stamp;
    if (who.length === 0 && !isPartial)
      return ok({ zh: `${seconds} 秒后已无进程在写。`, en: `Nobody writes to it after ${seconds} s.` });
    if (who.length === 0 && now - quietSince >= QUIET_MS)
      return ok({
        zh: `不能查看其他用户的进程；文件已 ${QUIET_MS / 1000} 秒没有变化。`,
        en: `Processes of other users cannot be looked at; the file has not changed for ${QUIET_MS / 1000} s.`,
      });
    if (now - began >= Math.max(waitMs, who.length === 0 ? 3 * QUIET_MS : 0))
      return err(
        appError('LOG_ROTATION_HELD', {
          file: working,
          seconds: Math.round(waitMs / 1000),
          who: who.length === 0 ? '?' : who.join(', '),
        }),
      );
    try {
      await sleep(timers, pause, signal);
    } catch {
      return err(appError('CANCELLED'));
    }
  }
}

/** Copies a file durably where it cannot be renamed to, because the folder is on another file system. */
export function moveFile(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (thrown) {
    if ((thrown as { readonly code?: unknown }).code !== 'EXDEV') throw thrown;
    const part = `${to}.part`;
    copyFileSync(from, part);
    const handle = openSync(part, 'r+');
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(part, to);
    syncFolder(dirname(to));
    rmSync(from);
  }
}
