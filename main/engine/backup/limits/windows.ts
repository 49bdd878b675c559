import type { RunWindow } from '#shared/contract/backup-schedule.ts';

/** Whether scheduled work may go on at a moment, and when that changes. */
export type WindowState = {
  readonly isOpen: boolean;
  /** When it closes or opens next, UTC milliseconds; null when it never does (no windows, or open all week). */
  readonly changesAt: number | null;
};

const DAYS_LOOKED_AHEAD = 8;

/** A day `offset` days from the one of `now`, at a time of day, local time. `24:00` is the next midnight. */
function at(now: Date, offset: number, time: string): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  // The calendar is asked, not a multiple of 24 hours: a day has 23 or 25 of them when the clocks change.
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + offset, hour, minute).getTime();
}

/** The openings of the windows from the day before `now` on, as half-open intervals, in order and joined where they touch. */
function openings(windows: readonly RunWindow[], now: Date): readonly (readonly [number, number])[] {
  const all: [number, number][] = [];
  for (let offset = -1; offset < DAYS_LOOKED_AHEAD; offset++) {
    const day = new Date(now.getFullYear(), now.getMonth(), now.getDate() + offset).getDay();
    for (const window of windows) {
      if (!window.days.includes(day)) continue;
      const from = at(now, offset, window.from);
      const to = at(now, window.to > window.from ? offset : offset + 1, window.to);
      // When the clocks go forward a window can lie in the hour that is left out.
      if (to > from) all.push([from, to]);
    }
  }
  all.sort((a, b) => a[0] - b[0]);
  const joined: [number, number][] = [];
  for (const [from, to] of all) {
    const last = joined.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
}

/**
 * Whether one of the windows is open, in local time. No windows means always.
 *
 * @param nowMs UTC milliseconds
 */
export function windowState(windows: readonly RunWindow[], nowMs: number): WindowState {
  if (windows.length === 0) return { isOpen: true, changesAt: null };
  const list = openings(windows, new Date(nowMs));
  const open = list.find(([from, to]) => from <= nowMs && nowMs < to);
  if (open === undefined)
    return { isOpen: false, changesAt: list.find(([from]) => from > nowMs)?.[0] ?? null };
  // Open beyond what was looked at: windows that cover the whole week.
  const isAlways = open[1] - nowMs > (DAYS_LOOKED_AHEAD - 1) * 86_400_000;
  return { isOpen: true, changesAt: isAlways ? null : open[1] };
}
