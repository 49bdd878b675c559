import { durationText } from '../../components/time.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import type { StepViewProps } from './backup-plan-wizard.tsx';
import { scheduleText } from './schedule-text.ts';

/** What will happen, in one sentence. */
export function ConfirmStep({ draft }: StepViewProps) {
  const { t } = useTranslation();
  const objective = (ms: number | null): string =>
    ms === null ? t('backups:wizard.noObjective') : durationText(t, ms);
  return (
    <>
      <p className="confirm-sentence">
        {t('backups:wizard.confirm', {
          name: draft.name,
          sources: draft.sources.join(' · '),
          target: draft.targetDir,
          schedule: scheduleText(t, draft.schedule),
          type: t(`backups:type.${draft.scheduleType}`),
        })}
      </p>
      <dl className="facts">
        <dt>{t('backups:wizard.dataClass')}</dt>
        <dd>{t(`backups:dataClass.${draft.dataClass}`)}</dd>
        <dt>{t('backups:wizard.rpo')}</dt>
        <dd>{objective(draft.rpoMs)}</dd>
        <dt>{t('backups:wizard.rto')}</dt>
        <dd>{objective(draft.rtoMs)}</dd>
        {draft.exclude.length > 0 && (
          <>
            <dt>{t('backups:plan.exclude')}</dt>
            <dd className="mono">{draft.exclude.join('  ')}</dd>
          </>
        )}
      </dl>
      <p>{t('backups:wizard.confirmNothing')}</p>
      <p className="soft">{t('backups:wizard.confirmUndo')}</p>
    </>
  );
}
