import { createHash } from 'node:crypto';

/** A scrape that starts this close to its slot is stamped with the slot's time (Prometheus' own tolerance). */
const SNAP_MS = 2;

/** A scrape later than this is skipped: after sleep or a long pause the missed ones are not made up for. */
const LATEST_MS = 5_000;

/**
 * Where in its interval a target is scraped: a hash of its id, so that targets spread evenly and keep their place
 * over restarts.
 *
 * @returns milliseconds from 0 up to, not including, `intervalMs`
 */
export function slotOffset(id: string, intervalMs: number): number {
  const hash = createHash('sha256').update(id).digest().readUInt32BE(0);
  return Math.floor((hash / 2 ** 32) * intervalMs);
}

/** The first slot after `now`: the smallest t > now with t ≡ offset (mod interval). UTC milliseconds. */
export function nextSlot(now: number, intervalMs: number, offset: number): number {
  const behind = (((now - offset) % intervalMs) + intervalMs) % intervalMs;
  return now - behind + intervalMs;
}

/** The time stamp of a scrape that starts at `now` for the slot `due`: the slot itself when it is within 2 ms. */
export function snapToSlot(now: number, due: number): number {
  return Math.abs(now - due) <= SNAP_MS ? due : now;
}

/** What to do about a target whose next scrape is planned for `due`. */
export type SlotDecision = 'wait' | 'run' | 'skip';

/**
 * Decides over one target at one moment.
 *
 * `skip` plans anew without scraping: the slot is too long past (sleep, a blocked engine, the clock set forward), or
 * further ahead than the interval (the clock set back).
 *
 * @param now UTC milliseconds
 * @param due the planned slot, UTC milliseconds
 */
export function decideSlot(now: number, due: number, intervalMs: number): SlotDecision {
  const late = now - due;
  if (late < -intervalMs - SNAP_MS) return 'skip';
  // A timer may fire a millisecond early by the wall clock; waiting for it again would cost another wake-up.
  if (late < -1) return 'wait';
  return late <= Math.min(intervalMs / 2, LATEST_MS) ? 'run' : 'skip';
}
