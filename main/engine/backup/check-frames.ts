import type { FrameReader } from './frame-reader.ts';

/** Frames that are read and unpacked at the same time. */
const WIDTH = 3;

/**
 * Reads frames in order, checks the hash of each and unpacks it; nothing of them is kept.
 *
 * @param from number of the first
 * @param to number behind the last
 * @param breath called for each frame with the bytes of its content; may wait and may throw (cancel)
 * @throws ArchiveFault for the first that is damaged
 */
export async function checkFrames(
  frames: FrameReader,
  from: number,
  to: number,
  breath: (bytes: number) => Promise<void>,
): Promise<void> {
  const underWay: Promise<number>[] = [];
  try {
    for (let n = from; n < to || underWay.length > 0; n += 1) {
      if (n < to) {
        const check = frames.check(n);
        // A failure is met when this frame's turn comes; until then it must not count as unhandled.
        check.catch(() => undefined);
        underWay.push(check);
      }
      const oldest = n < to && underWay.length < WIDTH ? undefined : underWay.shift();
      if (oldest !== undefined) await breath(await oldest);
    }
  } finally {
    // The file is closed next, which nothing may be reading then.
    await Promise.allSettled(underWay);
  }
}
