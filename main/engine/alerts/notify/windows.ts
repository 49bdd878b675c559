import type { MaintenanceSchedule } from '#shared/contract/notify-silences.ts';
import { cronTimes } from '#shared/domain/schedule/cron-times.ts';

/** A window of a maintenance, UTC milliseconds. */
export type Window = { readonly from: number; readonly to: number };

/** How often windows are looked for at once. */
const AT_ONCE = 64;
const HALF_MINUTE_MS = 30_000;
/** Windows that always reach into the next one never end; so many are looked at. */
const MOST_TIMES = 2_048;

/** What is wrong with a schedule; null when nothing is. */
export function scheduleFault(schedule: MaintenanceSchedule): string | null {
  if (schedule.kind === 'once')
    return schedule.endsAt > schedule.startsAt ? null : 'it ends before it begins';
  if (schedule.from !== null && schedule.until !== null && schedule.until <= schedule.from)
    return 'it ends before it begins';
  const times = cronTimes(schedule.cron, 0, 1, schedule.zone ?? undefined);
  if (!times.ok) return times.why;
  return times.times.length === 0 ? 'it never comes true' : null;
}

/** The windows that touch [from, to), oldest first, not more than `most`. Windows that touch each other are one. */
export function windowsBetween(
  schedule: MaintenanceSchedule,
  from: number,
  to: number,
  most: number,
): readonly Window[] {
  if (schedule.kind === 'once')
    return schedule.startsAt < to && schedule.endsAt > from
      ? [{ from: schedule.startsAt, to: schedule.endsAt }]
      : [];
  const { cron, zone, durationMs } = schedule;
  const windows: Window[] = [];
  // The cron expression gives times later than a moment: one that begins at it belongs to the span, too.
  let after = Math.max(from - durationMs, (schedule.from ?? 0) - 1);
  for (let seen = 0; seen < MOST_TIMES; seen += AT_ONCE) {
    const next = cronTimes(cron, after, AT_ONCE, zone ?? undefined);
    if (!next.ok || next.times.length === 0) return windows;
    for (const start of next.times) {
      if (start >= to || (schedule.until !== null && start >= schedule.until)) return windows;
      after = start;
      const last = windows.at(-1);
      if (last !== undefined && start <= last.to)
        windows.splice(-1, 1, { from: last.from, to: start + durationMs });
      else if (windows.length === most) return windows;
      else if (start + durationMs > from) windows.push({ from: start, to: start + durationMs });
    }
  }
  return windows;
}

const YEARS_MS = 5 * 366 * 86_400_000;

/** The window that is open at a moment, and the one after; remembered until one of them begins or ends. */
export function windowClock(
  schedule: MaintenanceSchedule,
): (at: number) => { readonly now: Window | null; readonly next: Window | null } {
  let known: { now: Window | null; next: Window | null } = { now: null, next: null };
  let [goodFrom, goodTo] = [0, 0];
  return (at) => {
    if (at >= goodFrom && at < goodTo) return known;
    const [first = null, second = null] = windowsBetween(schedule, at, at + YEARS_MS, 2);
    const isOpen = first !== null && first.from <= at;
    known = isOpen ? { now: first, next: second } : { now: null, next: first };
    goodFrom = at;
    // A clock that is set back, or a window that grows into the next one, must not keep an old answer for long.
    goodTo = Math.min(known.now?.to ?? known.next?.from ?? Number.POSITIVE_INFINITY, at + HALF_MINUTE_MS);
    return known;
  };
}
