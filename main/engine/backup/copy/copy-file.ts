import { createHash } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { onTarget } from '../faults.ts';

const CHUNK = 1 << 20;
/** What a power cut may have left at the end of a file is not trusted: this much is written again. */
const DISTRUSTED = 4 << 20;

/** Called with the bytes just done; may wait (pause, throttle) and may throw (cancel, medium gone). */
export type Breath = (bytes: number) => Promise<void>;

/** SHA-256 (hexadecimal) of a file. Throws the system's error. */
export async function hashFile(path: string, breath: Breath): Promise<string> {
  const fd = openSync(path, 'r');
  try {
    const hash = createHash('sha256');
    const buffer = Buffer.allocUnsafe(CHUNK);
    for (;;) {
      const read = readSync(fd, buffer, 0, CHUNK, null);
      if (read === 0) return hash.digest('hex');
      hash.update(buffer.subarray(0, read));
      await breath(read);
    }
  } finally {
    closeSync(fd);
  }
}

/**
 * Copies a file's bytes to `part`, going on after what an earlier copy left there, and puts them on the disk. What was left
 * is not looked at: the caller reads the whole of `part` back.
 *
 * @param length of the source, bytes
 * @returns how many bytes were kept from an earlier copy
 * @throws ArchiveFault of the target, or the system's error of the source
 */
export async function continueFile(
  source: string,
  part: string,
  length: number,
  breath: Breath,
): Promise<number> {
  const dir = dirname(part);
  const from = openSync(source, 'r');
  try {
    // Never through a link that somebody put there.
    const to = onTarget(dir, () =>
      openSync(part, constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0), 0o600),
    );
    try {
      const left = onTarget(dir, () => fstatSync(to).size);
      const kept = Math.max(0, Math.min(left, length) - DISTRUSTED);
      onTarget(dir, () => ftruncateSync(to, kept));
      if (kept > 0) await breath(kept);
      const buffer = Buffer.allocUnsafe(CHUNK);
      for (let at = kept; ; ) {
        const read = readSync(from, buffer, 0, CHUNK, at);
        if (read === 0) break;
        onTarget(dir, () => {
          for (let done = 0; done < read; ) done += writeSync(to, buffer, done, read - done, at + done);
        });
        at += read;
        await breath(read);
      }
      onTarget(dir, () => fsyncSync(to));
      return kept;
    } finally {
      closeQuietly(to);
    }
  } finally {
    closeSync(from);
  }
}

function closeQuietly(fd: number): void {
  try {
    closeSync(fd);
  } catch {
    // The medium is gone; the failure that led here is the one that is reported.
  }
}
