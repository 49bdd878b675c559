import type { Schedule } from '#shared/contract/backup-schedule.ts';
import { cronTimes } from '#shared/domain/schedule/cron-times.ts';

/** When a plan runs, as a person chooses it. Times are those of the workstation. */
export type ScheduleChoice =
  | { readonly kind: 'hourly'; readonly minute: number }
  | { readonly kind: 'daily'; readonly hour: number; readonly minute: number }
  | { readonly kind: 'weekly'; readonly weekday: number; readonly hour: number; readonly minute: number }
  | { readonly kind: 'cron'; readonly expression: string };

/** The cron expression of a choice (minute, hour, day, month, weekday with 0 for Sunday). */
export function toCron(choice: ScheduleChoice): string {
  switch (choice.kind) {
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

/** The simplest choice that means the expression, so that a person chooses a day and a time and not `30 1 * * *`. */
export function fromCron(expression: string): ScheduleChoice {
  const match = /^(\d{1,2}) (\d{1,2}|\*) \* \* ([0-7]|\*)$/.exec(expression.trim().replace(/\s+/g, ' '));
  const [minute, hour] = [Number(match?.[1]), Number(match?.[2])];
  if (!match || minute > 59 || hour > 23) return { kind: 'cron', expression };
  if (match[2] === '*') return match[3] === '*' ? { kind: 'hourly', minute } : { kind: 'cron', expression };
  if (match[3] === '*') return { kind: 'daily', hour, minute };
  return { kind: 'weekly', weekday: Number(match[3]) % 7, hour, minute };
}

/** The choice of another kind that keeps as much of the present one as it can. */
export function ofKind(kind: ScheduleChoice['kind'], old: ScheduleChoice): ScheduleChoice {
  const hour = 'hour' in old ? old.hour : 1;
  const minute = 'minute' in old ? old.minute : 30;
  switch (kind) {
    case 'hourly':
      return { kind, minute };
    case 'daily':
      return { kind, hour, minute };
    case 'weekly':
      return { kind, weekday: 'weekday' in old ? old.weekday : 0, hour, minute };
    case 'cron':
      return { kind, expression: toCron(old) };
  }
}

/** A time at which a plan runs by itself, and what it makes then. */
export type PlannedRun = { readonly at: number; readonly type: Schedule['type'] };

const strength: Readonly<Record<Schedule['type'], number>> = { full: 0, differential: 1, incremental: 2 };

/**
 * The next runs of all schedules, as the engine makes them: of two that are due at once, the stronger type.
 *
 * @param from UTC milliseconds; runs are later than this
 */
export function nextRuns(schedules: readonly Schedule[], from: number, count: number): readonly PlannedRun[] {
  const all = schedules
    .flatMap(({ cron, type }) => {
      const next = cronTimes(cron, from, count);
      return next.ok ? next.times.map((at) => ({ at, type })) : [];
    })
    .sort((a, b) => a.at - b.at || strength[a.type] - strength[b.type]);
  return all.filter((run, index) => run.at !== all[index - 1]?.at).slice(0, count);
}
