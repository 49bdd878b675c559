import { createHash } from 'node:crypto';
import { type BigIntStats, closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { fsPath, type RawPath } from '../platform/raw-path.ts';
import { systemCode } from '../storage/io-error.ts';

const CHUNK = 1 << 20;

/**
 * SHA-256 (hexadecimal) of a file's content; null when it cannot be read, is another file than the walk saw, or changes while
 * it is read. Who stores it then finds out why.
 *
 * @param breath called with the bytes read; may wait (pause) and may throw (cancel)
 */
export async function hashSource(
  real: RawPath,
  seen: BigIntStats,
  breath: (bytes: number) => Promise<void>,
): Promise<string | null> {
  let fd: number;
  try {
    fd = openSync(
      fsPath(real),
      constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0),
    );
  } catch (thrown) {
    if (systemCode(thrown) === '') throw thrown;
    return null;
  }
  try {
    const hash = createHash('sha256');
    const buffer = Buffer.allocUnsafe(Math.max(1, Math.min(CHUNK, Number(seen.size))));
    for (let at = 0; ; ) {
      let read: number;
      try {
        read = readSync(fd, buffer, 0, buffer.length, at);
      } catch (thrown) {
        if (systemCode(thrown) === '') throw thrown;
        return null;
      }
      if (read === 0) break;
      hash.update(buffer.subarray(0, read));
      at += read;
      await breath(read);
    }
    const after = fstatSync(fd, { bigint: true });
    const isSame =
      after.ino === seen.ino &&
      after.dev === seen.dev &&
      after.size === seen.size &&
      after.mtimeNs === seen.mtimeNs &&
      after.ctimeNs === seen.ctimeNs;
    return isSame ? hash.digest('hex') : null;
  } finally {
    closeSync(fd);
  }
}
