import { type BackupPlanInput, backupPlanInputSchema } from '#shared/contract/backup.ts';
import { assertNever, type Bilingual } from '#shared/errors/index.ts';
import type { Translate } from '../../locales/use-translation.ts';
import {
  copyTexts,
  encryptionText,
  limitsText,
  objectiveText,
  retentionText,
  scheduleTexts,
  verifyText,
} from './plan-text.ts';
import { sourcesText } from './sources/summary.ts';

/** Names of a plan's settings. */
export type SettingName = keyof typeof backupPlanInputSchema.shape;

/** The settings in the order in which they are shown. */
export const settingNames = backupPlanInputSchema.keyof().options;

/** One setting that differs. */
export type ChangedSetting = {
  readonly name: SettingName;
  readonly before: unknown;
  readonly after: unknown;
};

/** Which settings differ between two plans, whatever else is known of them. */
export function changedSettings(before: BackupPlanInput, after: BackupPlanInput): readonly ChangedSetting[] {
  const [old, now] = [backupPlanInputSchema.parse(before), backupPlanInputSchema.parse(after)];
  return settingNames
    .filter((name) => JSON.stringify(old[name]) !== JSON.stringify(now[name]))
    .map((name) => ({ name, before: old[name], after: now[name] }));
}

/**
 * A setting in words.
 *
 * @param value as it stands in the plan; a shape that is not known any more is shown as it was written
 */
export function settingText(
  t: Translate,
  text: (words: Bilingual) => string,
  name: SettingName,
  value: unknown,
): string {
  if (value === null && name !== 'retention' && name !== 'verifyCoverDays' && name !== 'encryption')
    return '—';
  const parsed = backupPlanInputSchema.partial().safeParse({ [name]: value });
  if (!parsed.success) return JSON.stringify(value);
  const spec = parsed.data;
  switch (name) {
    case 'sources':
    case 'exclude':
      return (spec[name] ?? []).join('\n') || '—';
    case 'schedules':
      return scheduleTexts(t, text, spec.schedules ?? []).join('\n');
    case 'limits':
      return spec.limits === undefined ? '—' : limitsText(t, text, spec.limits);
    case 'rpoMs':
    case 'rtoMs':
      return objectiveText(t, spec[name] ?? null);
    case 'copyTo':
      return copyTexts(t, spec.copyTo ?? []).join('\n') || '—';
    case 'retention':
      return retentionText(t, text, spec.retention ?? null);
    case 'verifyCoverDays':
      return verifyText(t, spec.verifyCoverDays ?? null);
    case 'encryption':
      return encryptionText(t, spec.encryption ?? null);
    case 'dataClass':
      return spec.dataClass === undefined ? '—' : t(`backups:dataClass.${spec.dataClass}`);
    case 'name':
    case 'targetDir':
    case 'changeDetection':
      return String(value);
    case 'hooks':
    case 'offline':
    case 'databases':
    case 'remotes':
      return sourcesText(t, {
        hooks: spec.hooks ?? null,
        offline: spec.offline ?? null,
        databases: spec.databases ?? [],
        remotes: spec.remotes ?? [],
      });
    default:
      return assertNever(name);
  }
}
