import type { MaintenanceSchedule } from '#shared/contract/notify-silences.ts';
import { cronText } from '#shared/domain/schedule/cron-sentence.ts';
import type { Bilingual } from '#shared/errors/index.ts';
import { absoluteText, durationText } from '../../../components/time.ts';
import type { Translate } from '../../../locales/use-translation.ts';

const minute = (time: number): string => absoluteText(time).slice(0, 16);

/** When a maintenance is, in a sentence: 每周日 02:00，持续 2 小时. */
export function scheduleSentence(
  t: Translate,
  schedule: MaintenanceSchedule,
  text: (sentence: Bilingual) => string,
): string {
  if (schedule.kind === 'once') return `${minute(schedule.startsAt)} – ${minute(schedule.endsAt)}`;
  const sentence = t('alerts:maintenance.recurs', {
    when: text(cronText(schedule.cron)),
    length: durationText(t, schedule.durationMs),
  });
  return schedule.zone === null ? sentence : `${sentence} (${schedule.zone})`;
}

/** How a maintenance recurs, for people who do not write cron expressions. */
export type Recurrence = {
  readonly kind: 'daily' | 'weekly' | 'monthly' | 'cron';
  /** `HH:MM` of its beginning. */
  readonly time: string;
  /** Of `weekly` and `monthly`: 0 is Sunday. */
  readonly weekday: number;
  /** Of `monthly`: which of the month's, 1 to 4. */
  readonly week: number;
  readonly cron: string;
};

/** The cron expression of a recurrence; null while its time is none. */
export function cronOf({ kind, time, weekday, week, cron }: Recurrence): string | null {
  if (kind === 'cron') return cron.trim() === '' ? null : cron.trim();
  const clock = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(time.trim());
  if (clock === null) return null;
  const at = `${Number(clock[2])} ${Number(clock[1])}`;
  if (kind === 'daily') return `${at} * * *`;
  return kind === 'weekly' ? `${at} * * ${weekday}` : `${at} * * ${weekday}#${week}`;
}

/** Reads what {@link cronOf} writes; any other expression stays one. */
export function recurrenceOf(cron: string): Recurrence {
  const base: Recurrence = { kind: 'cron', time: '02:00', weekday: 0, week: 1, cron };
  const found = /^(\d{1,2}) (\d{1,2}) \* \* (\*|[0-6])(?:#([1-4]))?$/.exec(cron);
  if (found === null) return base;
  const [, minutes = '0', hours = '0', day = '*', week] = found;
  if (day === '*' && week !== undefined) return base;
  const time = `${hours.padStart(2, '0')}:${minutes.padStart(2, '0')}`;
  if (day === '*') return { ...base, kind: 'daily', time };
  const weekday = Number(day);
  return week === undefined
    ? { ...base, kind: 'weekly', time, weekday }
    : { ...base, kind: 'monthly', time, weekday, week: Number(week) };
}
