import { TokenBucket } from './token-bucket.ts';

/** Shorter waits than this are saved up: a timer is not more exact. */
const SHORTEST_WAIT_MS = 10;
/** A wait is cut into pieces of this length, so that pause and cancel are heard in time. */
const LONGEST_WAIT_MS = 200;

/** What a throttle needs from its surroundings. */
export type ThrottleDeps = {
  /** Milliseconds that only grow. */
  readonly monotonic: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Called between the pieces of a wait; may wait itself (pause) and may throw (cancel). */
  readonly between?: () => Promise<void>;
};

/** Waits as long as it must so that the bytes told to it keep a rate. */
export type Throttle = (bytes: number) => Promise<void>;

/**
 * Makes a throttle for one run, copy or other stream of bytes; call it after each piece that was read or written. Pieces of any
 * size are fine; those of a few hundred KiB make the flow even.
 *
 * @param bytesPerSecond the limit; null makes a throttle that never waits
 */
export function throttleOf(bytesPerSecond: number | null, deps: ThrottleDeps): Throttle {
  if (bytesPerSecond === null) return async () => undefined;
  const bucket = new TokenBucket(bytesPerSecond, deps.monotonic());
  return async (bytes) => {
    let wait = bucket.take(bytes, deps.monotonic());
    if (wait < SHORTEST_WAIT_MS) return;
    // Less than a millisecond is no time to a timer; it stays owed.
    while (wait >= 1) {
      await deps.sleep(Math.min(Math.ceil(wait), LONGEST_WAIT_MS));
      await deps.between?.();
      // What was slept too long, or spent in a pause, has filled the bucket.
      wait = bucket.take(0, deps.monotonic());
    }
  };
}
