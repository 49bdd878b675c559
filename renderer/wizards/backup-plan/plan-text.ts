import type { Limits, RunWindow, Schedule } from '#shared/contract/backup-schedule.ts';
import { cronText } from '#shared/domain/schedule/cron-sentence.ts';
import { allOf, runsOf } from '#shared/domain/schedule/number-list.ts';
import type { Bilingual } from '#shared/errors/index.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { durationText } from '../../components/time.ts';
import type { Translate } from '../../locales/use-translation.ts';
import type { BackupPlanDraft } from './draft.ts';

/** What turns a bilingual text into the present language. */
type Pick = (text: Bilingual) => string;

/** A day of the week by its number, 0 for Sunday: `日`, `Sunday`. */
export function weekdayName(t: Translate, weekday: number): string {
  const days = ['0', '1', '2', '3', '4', '5', '6'] as const;
  return t(`backups:wizard.weekdays.${days[weekday % 7] ?? '0'}`);
}

/** All times of a plan, each as a sentence with what is made then. */
export function scheduleTexts(t: Translate, text: Pick, schedules: readonly Schedule[]): readonly string[] {
  if (schedules.length === 0) return [t('plans:hand')];
  return schedules.map(({ cron, type }) =>
    t('plans:scheduled', { sentence: text(cronText(cron)), type: t(`backups:type.${type}`) }),
  );
}

/** Days of a window, Monday first; days in a row as a span. */
function daysText(t: Translate, text: Pick, days: readonly number[]): string {
  if (days.length === 7) return '';
  const ordered = days.map((day) => (day === 0 ? 7 : day)).sort((a, b) => a - b);
  const name = (day: number): string => t('backups:wizard.weekdayOf', { weekday: weekdayName(t, day) });
  return text(
    allOf(runsOf(ordered).map(([from, to]) => (from === to ? name(from) : `${name(from)}–${name(to)}`))),
  );
}

/** One window: `星期一–星期五 22:00–05:00`. */
function windowText(t: Translate, text: Pick, { days, from, to }: RunWindow): string {
  return t('plans:limits.windowText', { days: daysText(t, text, days), from, to }).trim();
}

/** Speed and hours in a sentence. */
export function limitsText(t: Translate, text: Pick, { bytesPerSecond, windows }: Limits): string {
  const parts = [
    ...(bytesPerSecond === null ? [] : [t('plans:limits.rateText', { rate: formatBytes(bytesPerSecond) })]),
    ...windows.map((window) => windowText(t, text, window)),
  ];
  return parts.length === 0 ? t('plans:limits.none') : text(allOf(parts));
}

const rules = ['keepLast', 'keepHourly', 'keepDaily', 'keepWeekly', 'keepMonthly', 'keepYearly'] as const;

/** Which points are kept, in a sentence. */
export function retentionText(t: Translate, text: Pick, retention: BackupPlanDraft['retention']): string {
  const kept = retention === null ? [] : rules.filter((rule) => retention[rule] > 0);
  if (retention === null || kept.length === 0) return t('plans:protection.keepAll');
  const list = kept.map((rule) => t(`plans:protection.rule.${rule}`, { count: retention[rule] }));
  return t('plans:protection.keepText', { rules: text(allOf(list)) });
}

/** How often everything is read again, in a sentence. */
export function verifyText(t: Translate, days: number | null): string {
  return days === null ? t('plans:protection.verifyNone') : t('plans:protection.verifyText', { days });
}

/** Who can open the archives, in a sentence. */
export function encryptionText(t: Translate, encryption: BackupPlanDraft['encryption']): string {
  return encryption === null
    ? t('plans:protection.plainText')
    : t('plans:protection.encryptedText', { count: encryption.recipients.length });
}

/** Where copies go. */
export function copyTexts(t: Translate, copyTo: BackupPlanDraft['copyTo']): readonly string[] {
  return copyTo.map((target) =>
    target.kind === 'folder'
      ? t('plans:copy.folder', { dir: target.dir })
      : t('plans:copy.pool', { pool: target.pool }),
  );
}

/** An objective in words; one that is not promised says so. */
export function objectiveText(t: Translate, ms: number | null): string {
  return ms === null ? t('backups:wizard.noObjective') : durationText(t, ms);
}
