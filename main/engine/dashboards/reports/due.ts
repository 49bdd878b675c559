import type { DashboardReport, ReportRun } from '#shared/contract/dashboard-reports.ts';
import { cronTimes } from '#shared/domain/schedule/cron-times.ts';

/** A clock that was put right by this much is not one that was set back. */
const CLOCK_JITTER_MS = 60_000;

/** How often a run that was cut off (power, crash, exit) is tried again. */
const AGAIN = 1;

/**
 * The time that stands to be reported, UTC milliseconds; null when none does. Of times that were missed (the machine slept, no window
 * was there) only the last is made up for.
 *
 * @param runs newest first
 */
export function dueTime(
  report: DashboardReport & { readonly since: number },
  runs: readonly ReportRun[],
  now: number,
): number | null {
  if (!report.enabled) return null;
  const cut = runs.filter(({ state, trigger }) => state === 'interrupted' && trigger === 'schedule');
  const timesCut = (at: number): number => cut.filter(({ dueAt }) => dueAt === at).length;
  const handled = runs.filter(
    ({ trigger, state, dueAt }) =>
      trigger === 'schedule' &&
      (state !== 'interrupted' || timesCut(dueAt) > AGAIN) &&
      dueAt <= now + CLOCK_JITTER_MS,
  );
  // A moment in the future was written by a clock that has been set back since.
  const since = report.since <= now + CLOCK_JITTER_MS ? report.since : now;
  let from = Math.max(since, ...handled.map(({ dueAt }) => dueAt));
  let last: number | null = null;
  for (;;) {
    const found = cronTimes(report.cron, from, 200);
    const past = found.ok ? found.times.filter((time) => time <= now) : [];
    last = past.at(-1) ?? last;
    if (past.length < 200) return last;
    from = past.at(-1) ?? now;
  }
}

/** When a report comes next, UTC milliseconds; null when never. */
export function nextTime(report: DashboardReport, now: number): number | null {
  if (!report.enabled) return null;
  const next = cronTimes(report.cron, now, 1);
  return next.ok ? (next.times[0] ?? null) : null;
}
