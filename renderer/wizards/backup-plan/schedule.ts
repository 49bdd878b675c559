import { Cron } from 'croner';

/** When a plan runs, as a person says it. Times are those of the workstation. */
export type ScheduleChoice =
  | { readonly kind: 'hand' }
  | { readonly kind: 'hourly'; readonly minute: number }
  | { readonly kind: 'daily'; readonly hour: number; readonly minute: number }
  | { readonly kind: 'weekly'; readonly weekday: number; readonly hour: number; readonly minute: number }
  | { readonly kind: 'cron'; readonly expression: string };

/** The cron expression of a choice (minute, hour, day, month, weekday with 0 for Sunday); null for by hand only. */
export function toCron(choice: ScheduleChoice): string | null {
  switch (choice.kind) {
    case 'hand':
      return null;
    case 'hourly':
      return `${choice.minute} * * * *`;
    case 'daily':
      return `${choice.minute} ${choice.hour} * * *`;
    case 'weekly':
      return `${choice.minute} ${choice.hour} * * ${choice.weekday}`;
    case 'cron':
      return choice.expression.trim();
  }
}

/** The simplest choice that means the expression, so that a person reads "every day at 01:30" and not `30 1 * * *`. */
export function fromCron(expression: string | null): ScheduleChoice {
  if (expression === null) return { kind: 'hand' };
  const match = /^(\d{1,2}) (\d{1,2}|\*) \* \* ([0-7]|\*)$/.exec(expression.trim().replace(/\s+/g, ' '));
  const [minute, hour] = [Number(match?.[1]), Number(match?.[2])];
  if (!match || minute > 59 || hour > 23) return { kind: 'cron', expression };
  if (match[2] === '*') return match[3] === '*' ? { kind: 'hourly', minute } : { kind: 'cron', expression };
  if (match[3] === '*') return { kind: 'daily', hour, minute };
  return { kind: 'weekly', weekday: Number(match[3]) % 7, hour, minute };
}

/** The next runs of an expression, or what is wrong with it. */
export type NextRuns =
  | { readonly ok: true; readonly times: readonly number[] }
  | { readonly ok: false; readonly why: string };

/**
 * Computes the next runs in local time.
 *
 * @param from UTC milliseconds; runs are later than this
 * @returns no times when the expression never comes true (30 February)
 */
export function nextRuns(expression: string, from: number, count: number): NextRuns {
  if (expression.trim().split(/\s+/).length !== 5) return { ok: false, why: 'fields' };
  try {
    const cron = new Cron(expression.trim(), { paused: true });
    return { ok: true, times: cron.nextRuns(count, new Date(from)).map((time) => time.getTime()) };
  } catch (thrown) {
    return { ok: false, why: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

/** `7` and `5` → `07:05`. */
export function clockTime(hour: number, minute: number): string {
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}
