import type { StreamRetention } from '#shared/contract/logs-rotation-runs.ts';
import type { ReadableDb } from '../../storage/sqlite.ts';
import { DAY_MS, dayName, dayStart } from '../model.ts';

/** How many days events stay, per stream, and what must not go whatever else says so. */
export type StoreRetention = {
  readonly defaultDays: number;
  /** Nothing younger is removed; 0: no such lock. */
  readonly lockDays: number;
  readonly streams: StreamRetention[];
};

/** What retention needs to know of a day file. */
export type DayFacts = {
  readonly day: string;
  /** The newest time of a line in it, and the newest arrival of one; null when it holds no line. */
  readonly maxTime: number | null;
  readonly lastArrival: number | null;
  /** Streams that it holds events of; left out: the default stream alone. */
  readonly streams?: readonly string[];
};

/** What is to become of a day file, and why. */
export type RetentionDecision = {
  readonly day: string;
  readonly remove: boolean;
  readonly reason:
    | 'in_use'
    | 'held'
    | 'young'
    | 'newer_lines'
    | 'arrived_lately'
    | 'clock_in_doubt'
    | 'expired';
};

/** A clock this far ahead of the last arrival is doubted … */
const DOUBT_MS = 30 * DAY_MS;
/** … until the console has run this long. */
const PROBATION_MS = DAY_MS;

/** How long a day file with these streams stays: as long as the one that stays longest, and never shorter than the lock. */
function daysOf(streams: readonly string[], retention: StoreRetention): number {
  const days = streams.map(
    (name) => retention.streams.find(({ stream }) => stream === name)?.days ?? retention.defaultDays,
  );
  return Math.max(retention.lockDays, ...(days.length === 0 ? [retention.defaultDays] : days));
}

/** Whether a stream of the file is under legal hold. */
function isHeld(streams: readonly string[], retention: StoreRetention, nowMs: number): boolean {
  return retention.streams.some(
    ({ stream, hold }) =>
      hold !== null && (hold.until === null || hold.until > nowMs) && streams.includes(stream),
  );
}

/**
 * Decides which day files may go (docs/logs-format.md, "Retention"). Only arrivals, stamped by the console's own clock,
 * can make a file expire; what lines claim can only keep it. A day's file goes as a whole, so it stays as long as the stream in
 * it that stays longest.
 *
 * @param runningMs how long the console has been running, by its monotonic clock
 */
export function planRetention(
  files: readonly DayFacts[],
  nowMs: number,
  retention: StoreRetention,
  runningMs: number,
): readonly RetentionDecision[] {
  const newest = Math.max(...files.map((file) => file.lastArrival ?? Number.NEGATIVE_INFINITY));
  const doubted = nowMs - newest > DOUBT_MS && runningMs < PROBATION_MS;
  const today = dayName(nowMs);
  return files.map(({ day, maxTime, lastArrival, streams = [''] }) => {
    const horizon = nowMs - daysOf(streams, retention) * DAY_MS;
    const reason = ((): RetentionDecision['reason'] => {
      if (day >= today) return 'in_use';
      if (isHeld(streams, retention, nowMs)) return 'held';
      if (dayStart(day) + DAY_MS > horizon) return 'young';
      if (maxTime !== null && maxTime > horizon) return 'newer_lines';
      if (lastArrival !== null && lastArrival > horizon) return 'arrived_lately';
      return doubted ? 'clock_in_doubt' : 'expired';
    })();
    return { day, remove: reason === 'expired', reason };
  });
}

/** The streams that a day file holds events of. Throws SQLite's error. */
export function streamsOf(db: Pick<ReadableDb, 'prepare'>): readonly string[] {
  // Files of version 1 know no streams.
  if (db.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'stream'").get() === undefined)
    return [''];
  const rows = db
    .prepare(
      `SELECT name FROM stream WHERE id IN (SELECT stream FROM block) OR id IN (SELECT stream FROM pending)`,
    )
    .all() as readonly { readonly name: string }[];
  return rows.map(({ name }) => name);
}
