import * as z from 'zod';
import type { WatchGap } from '#shared/contract/site.ts';
import type { Clock } from '../platform/clock.ts';
import type { CancelTimer, Timers } from '../platform/timers.ts';
import type { WritableDb } from '../storage/sqlite.ts';
import type { SettingStore } from './settings.ts';

/** How often the engine notes that it is watching. */
const HEARTBEAT_MS = 10_000;

/** A pause shorter than this is a restart, not a blind spot: no scrape interval was missed wholly. */
const GAP_MS = 20_000;

/** The last sign of life of an engine on this folder. */
export type Heartbeat = { readonly at: number; readonly orderly: boolean };

const heartbeatSchema = z.object({ at: z.number(), orderly: z.boolean() });

/**
 * Decides whether nobody watched between the last heartbeat and now.
 *
 * @returns the gap, or null when the pause was short, when there never was a heartbeat, or when the clock went back
 */
export function gapSinceHeartbeat(last: Heartbeat | null, now: number): WatchGap | null {
  if (last === null || now - last.at < GAP_MS) return null;
  return { from: last.at, to: now, reason: last.orderly ? 'stopped' : 'crashed' };
}

/** Wall clock and monotonic clock read at the same moment. */
export type Moment = { readonly wall: number; readonly monotonic: number };

/**
 * Decides whether the engine was blind between two heartbeats of one run.
 *
 * The monotonic clock stands still while the machine sleeps, so a wall clock that ran ahead of it means sleep or a
 * clock that was set; both clocks far ahead mean that the process was stopped.
 */
export function gapBetween(before: Moment, after: Moment): WatchGap | null {
  const wall = after.wall - before.wall;
  const monotonic = after.monotonic - before.monotonic;
  if (wall < HEARTBEAT_MS + GAP_MS) return null;
  const reason = monotonic >= HEARTBEAT_MS + GAP_MS ? 'asleep' : 'clock_jump';
  return { from: before.wall, to: after.wall, reason };
}

/** A wall clock that falls behind the monotonic one by so much was set back; less is a time server at work. */
const SET_BACK_MS = 5_000;

/** By how much the wall clock was set back between two heartbeats, milliseconds; 0 when it was not. */
function setBackBetween(before: Moment, after: Moment): number {
  const behind = after.monotonic - before.monotonic - (after.wall - before.wall);
  return behind >= SET_BACK_MS ? behind : 0;
}

/** What the engine knows of its own life on this folder. */
export type EngineLife = {
  /** Times at which engines were cut off, oldest first. */
  readonly crashes: readonly number[];
  /** When the wall clock was last set back, and by how much; null when it was not in this run. */
  readonly clockBack: { readonly at: number; readonly byMs: number } | null;
};

const crashesSchema = z.array(z.number());
const MOST_CRASHES = 50;

/** Records when nobody watched (N9). */
export type Watch = {
  /** The gap found at the start of this run, if any. */
  readonly startGap: WatchGap | null;
  /** Since when this run watches without a break: its start, or the end of the last gap. */
  readonly since: () => number;
  readonly gaps: (start: number, end: number) => readonly WatchGap[];
  readonly life: () => EngineLife;
  /** The shell knows that the machine slept; a gap taken for a clock jump is renamed. */
  readonly slept: (from: number, to: number) => void;
  /** Notes an orderly end. */
  readonly close: () => void;
};

/**
 * Starts watching. `found` hears every gap as it is found, the one since the last run included.
 */
export function startWatch(
  db: WritableDb,
  settings: SettingStore,
  clock: Clock,
  timers: Timers,
  found: (gap: WatchGap) => void,
): Watch {
  const insert = db.prepare('INSERT INTO watch_gap (from_ms, to_ms, reason) VALUES (?, ?, ?)');
  const overlapping = db.prepare(
    "UPDATE watch_gap SET reason = 'asleep' WHERE from_ms <= ? AND to_ms >= ? AND reason = 'clock_jump'",
  );
  const covered = db.prepare<[number, number], { n: number }>(
    'SELECT count(*) AS n FROM watch_gap WHERE from_ms <= ? AND to_ms >= ?',
  );
  const select = db.prepare<[number, number], WatchGap>(
    'SELECT from_ms AS "from", to_ms AS "to", reason FROM watch_gap WHERE to_ms >= ? AND from_ms <= ? ORDER BY from_ms',
  );

  let since = clock.now();
  const record = (gap: WatchGap | null): void => {
    if (gap === null) return;
    since = Math.max(since, gap.to);
    insert.run(gap.from, gap.to, gap.reason);
    found(gap);
  };
  const beat = (orderly: boolean): Moment => {
    const moment = { wall: clock.now(), monotonic: clock.monotonic() };
    settings.set('heartbeat', JSON.stringify({ at: moment.wall, orderly } satisfies Heartbeat));
    return moment;
  };

  const stored = settings.get('heartbeat');
  const last = stored === null ? null : heartbeatSchema.parse(JSON.parse(stored));
  let crashes: readonly number[] = crashesSchema.parse(JSON.parse(settings.get('crashes') ?? '[]'));
  if (last?.orderly === false) {
    crashes = [...crashes, last.at].slice(-MOST_CRASHES);
    settings.set('crashes', JSON.stringify(crashes));
  }
  let clockBack: EngineLife['clockBack'] = null;
  const startGap = gapSinceHeartbeat(last, clock.now());
  record(startGap);
  let before = beat(false);
  const cancel: CancelTimer = timers.every(HEARTBEAT_MS, () => {
    const after = { wall: clock.now(), monotonic: clock.monotonic() };
    record(gapBetween(before, after));
    const byMs = setBackBetween(before, after);
    if (byMs > 0) {
      clockBack = { at: after.wall, byMs };
      // A clock that had jumped ahead is right again: nothing may wait for the time that it showed.
      since = Math.min(since, after.wall);
    }
    before = beat(false);
  });

  return {
    startGap,
    since: () => since,
    gaps: (start, end) => select.all(start, end),
    life: () => ({ crashes, clockBack }),
    slept: (from, to) => {
      if (to - from < GAP_MS) return;
      const renamed = overlapping.run(to, from).changes;
      const known = covered.get(to, from)?.n ?? 0;
      if (renamed === 0 && known === 0) record({ from, to, reason: 'asleep' });
    },
    close: () => {
      cancel();
      beat(true);
    },
  };
}
