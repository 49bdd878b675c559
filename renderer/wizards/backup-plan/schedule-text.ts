import type { Translate } from '../../locales/use-translation.ts';
import { clockTime, type ScheduleChoice } from './schedule.ts';

const weekdays = ['0', '1', '2', '3', '4', '5', '6'] as const;

/** A day of the week by its number, 0 for Sunday: `日`, `Sunday`. */
export function weekdayName(t: Translate, weekday: number): string {
  return t(`backups:wizard.weekdays.${weekdays[weekday % 7] ?? '0'}`);
}

/** When a plan runs, as a sentence. */
export function scheduleText(t: Translate, choice: ScheduleChoice): string {
  switch (choice.kind) {
    case 'hand':
      return t('backups:wizard.sentence.hand');
    case 'hourly':
      return t('backups:wizard.sentence.hourly', { minute: choice.minute });
    case 'daily':
      return t('backups:wizard.sentence.daily', { time: clockTime(choice.hour, choice.minute) });
    case 'weekly':
      return t('backups:wizard.sentence.weekly', {
        weekday: weekdayName(t, choice.weekday),
        time: clockTime(choice.hour, choice.minute),
      });
    case 'cron':
      return t('backups:wizard.sentence.cron', { expression: choice.expression });
  }
}
