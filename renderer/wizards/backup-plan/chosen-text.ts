import { useText } from '../../components/use-text.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { type BackupPlanDraft, schedulesOf } from './draft.ts';
import { encryptionText, limitsText, scheduleTexts } from './plan-text.ts';
import type { BackupPlanStep } from './steps.ts';

/** What was chosen in a step so far, for the list on the left; empty when there is nothing to tell. */
export function useChosenText(draft: BackupPlanDraft): (step: BackupPlanStep) => string {
  const { t } = useTranslation();
  const text = useText();
  return (step) => {
    switch (step) {
      case 'preset':
        return t(`plans:preset.${draft.dataClass}`);
      case 'what': {
        const [first = ''] = draft.sources;
        const { length } = draft.sources;
        return `${draft.name} · ${length === 1 ? first : t('backups:wizard.sourcesCount', { count: length })}`;
      }
      case 'where':
        return draft.targetDir;
      case 'schedule':
        return scheduleTexts(t, text, schedulesOf(draft)).join(text({ zh: '；', en: '; ' }));
      case 'protection':
        return encryptionText(t, draft.encryption);
      case 'limits':
        return limitsText(t, text, draft.limits);
      case 'confirm':
      case 'done':
        return '';
    }
  };
}
