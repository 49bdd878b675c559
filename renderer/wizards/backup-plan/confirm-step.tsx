import type { BackupPlan } from '#shared/contract/backup.ts';
import { useText } from '../../components/use-text.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import type { StepViewProps } from './backup-plan-wizard.tsx';
import { changedSettings, settingText } from './changed-settings.ts';
import { type BackupPlanDraft, schedulesOf, toPlanInput } from './draft.ts';
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

/** Everything that was chosen, in sentences; of a plan that is changed, also what will differ. */
export function ConfirmStep({ draft, editing }: StepViewProps) {
  const { t } = useTranslation();
  return (
    <>
      <div className="confirm-sentence stack-small">
        <strong data-verbatim>{draft.name}</strong>
        {useSentences(draft).map((sentence) => (
          <span key={sentence}>{sentence}</span>
        ))}
      </div>
      {editing === null ? (
        <>
          <p>{t('backups:wizard.confirmNothing')}</p>
          <p className="soft">{t('backups:wizard.confirmUndo')}</p>
        </>
      ) : (
        <Changes plan={editing} draft={draft} />
      )}
    </>
  );
}

function useSentences(draft: BackupPlanDraft): readonly string[] {
  const { t } = useTranslation();
  const text = useText();
  const join = (parts: readonly string[]): string => parts.join(' · ');
  const { sources, databases, remotes, hooks, offline, exclude, targetDir, copyTo, rpoMs, rtoMs } = draft;
  return [
    ...(sources.length > 0 ? [t('plans:confirm.what', { sources: join(sources) })] : []),
    ...(databases.length + remotes.length > 0 || hooks !== null || offline !== null
      ? [t('plans:confirm.sentence', { text: sourcesText(t, draft) })]
      : []),
    ...(exclude.length > 0 ? [t('plans:confirm.exclude', { globs: join(exclude) })] : []),
    t('plans:confirm.where', { dir: targetDir }),
    copyTo.length > 0
      ? t('plans:confirm.copy', { places: join(copyTexts(t, copyTo)) })
      : t('plans:confirm.noCopy'),
    t('plans:confirm.when', {
      sentences: scheduleTexts(t, text, schedulesOf(draft)).join(text({ zh: '；', en: '; ' })),
    }),
    t('plans:confirm.promise', { rpo: objectiveText(t, rpoMs), rto: objectiveText(t, rtoMs) }),
    ...[
      encryptionText(t, draft.encryption),
      retentionText(t, text, draft.retention),
      verifyText(t, draft.verifyCoverDays),
      limitsText(t, text, draft.limits),
    ].map((limits) => t('plans:confirm.sentence', { text: limits })),
  ];
}

function Changes({ plan, draft }: { readonly plan: BackupPlan; readonly draft: BackupPlanDraft }) {
  const { t } = useTranslation();
  const text = useText();
  const changed = changedSettings(plan, toPlanInput(draft));
  if (changed.length === 0) return <p>{t('plans:nothingChanged')}</p>;
  return (
    <>
      <h3>{t('plans:confirm.changes')}</h3>
      <table className="table" data-testid="plan-changes">
        <thead>
          <tr>
            <th scope="col">{t('plans:confirm.field')}</th>
            <th scope="col">{t('plans:confirm.before')}</th>
            <th scope="col">{t('plans:confirm.after')}</th>
          </tr>
        </thead>
        <tbody>
          {changed.map(({ name, before, after }) => (
            <tr key={name}>
              <th scope="row">{t(`plans:fields.${name}`)}</th>
              <td data-verbatim>{settingText(t, text, name, before)}</td>
              <td data-verbatim>{settingText(t, text, name, after)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="soft">{t('plans:confirm.nextRun')}</p>
    </>
  );
}
