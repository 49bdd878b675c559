import { DAY_MS, dayName, dayStart } from '../model.ts';

/** What retention needs to know of a day file. */
export type DayFacts = {
  readonly day: string;
  /** The newest time of a line in it, and the newest arrival of one; null when it holds no line. */
  readonly maxTime: number | null;
  readonly lastArrival: number | null;
};

/** What is to become of a day file, and why. */
export type RetentionDecision = {
  readonly day: string;
  readonly remove: boolean;
  readonly reason: 'in_use' | 'young' | 'newer_lines' | 'arrived_lately' | 'clock_in_doubt' | 'expired';
};

/** A clock this far ahead of the last arrival is doubted … */
const DOUBT_MS = 30 * DAY_MS;
/** … until the console has run this long. */
const PROBATION_MS = DAY_MS;

/**
 * Decides which day files may go (docs/logs-format.md, "Retention"). Only arrivals, stamped by the console's own clock,
 * can make a file expire; what lines claim can only keep it.
 *
 * @param runningMs how long the console has been running, by its monotonic clock
 */
export function planRetention(
  files: readonly DayFacts[],
  nowMs: number,
  keepDays: number,
  runningMs: number,
): readonly RetentionDecision[] {
  const horizon = nowMs - keepDays * DAY_MS;
  const newest = Math.max(...files.map((file) => file.lastArrival ?? Number.NEGATIVE_INFINITY));
  const doubted = nowMs - newest > DOUBT_MS && runningMs < PROBATION_MS;
  const today = dayName(nowMs);
  return files.map(({ day, maxTime, lastArrival }) => {
    const reason = ((): RetentionDecision['reason'] => {
      if (day >= today) return 'in_use';
      if (dayStart(day) + DAY_MS > horizon) return 'young';
      if (maxTime !== null && maxTime > horizon) return 'newer_lines';
      if (lastArrival !== null && lastArrival > horizon) return 'arrived_lately';
      return doubted ? 'clock_in_doubt' : 'expired';
    })();
    return { day, remove: reason === 'expired', reason };
  });
}
