import { Cron } from 'croner';

/** The times at which a cron expression comes true, or what is wrong with it. */
export type CronTimes =
  | { readonly ok: true; readonly times: readonly number[] }
  | { readonly ok: false; readonly why: string };

/**
 * The next times of a cron expression (minute hour day month weekday) in local time. A time of day that is left out when the
 * clocks go forward comes at the end of the gap; one that comes twice when they go back comes true once.
 *
 * @param afterMs UTC milliseconds; the times are later than this
 * @param zone IANA time zone; the machine's own when left out
 * @returns UTC milliseconds; none when the expression never comes true (30 February)
 */
export function cronTimes(expression: string, afterMs: number, count: number, zone?: string): CronTimes {
  try {
    const cron = new Cron(expression.trim(), {
      paused: true,
      mode: '5-part',
      ...(zone === undefined ? {} : { timezone: zone }),
    });
    return { ok: true, times: cron.nextRuns(count, new Date(afterMs)).map((time) => time.getTime()) };
  } catch (thrown) {
    return { ok: false, why: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}
