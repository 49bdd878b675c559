/** How often, as people say it; anything else is a cron expression. */
export type ScheduleKind = 'none' | 'hourly' | 'daily' | 'weekly' | 'monthly' | 'cron';

export type ScheduleWords = {
  readonly kind: ScheduleKind;
  readonly hour: number;
  readonly minute: number;
};

const PLAIN = /^(\d{1,2}) (\d{1,2}|\*) (\*|1) \* (\*|1)$/;

/** Reads a cron expression (minute hour day month weekday) as words; weekly is on Mondays, monthly on the first. */
export function scheduleWords(cron: string | null): ScheduleWords {
  if (cron === null) return { kind: 'none', hour: 3, minute: 0 };
  const match = PLAIN.exec(cron.trim().replace(/\s+/g, ' '));
  const minute = Number(match?.[1]);
  const hour = Number(match?.[2]);
  const fallback: ScheduleWords = { kind: 'cron', hour: 3, minute: 0 };
  if (!match || minute > 59) return fallback;
  const [, , hours, day, weekday] = match;
  if (hours === '*') return day === '*' && weekday === '*' ? { kind: 'hourly', hour: 0, minute } : fallback;
  if (hour > 23) return fallback;
  if (day === '*') return { kind: weekday === '*' ? 'daily' : 'weekly', hour, minute };
  return weekday === '*' ? { kind: 'monthly', hour, minute } : fallback;
}

/** The cron expression of words; `cron` has none of its own. */
export function cronOf({ kind, hour, minute }: ScheduleWords): string | null {
  switch (kind) {
    case 'none':
    case 'cron':
      return null;
    case 'hourly':
      return `${minute} * * * *`;
    case 'daily':
      return `${minute} ${hour} * * *`;
    case 'weekly':
      return `${minute} ${hour} * * 1`;
    case 'monthly':
      return `${minute} ${hour} 1 * *`;
  }
}

/** `03:00` */
export function clockText({ hour, minute }: Pick<ScheduleWords, 'hour' | 'minute'>): string {
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}
