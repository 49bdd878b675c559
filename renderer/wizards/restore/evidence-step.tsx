import { useState } from 'react';
import type { Evidence, RestoreState } from '#shared/contract/restore.ts';
import type { AppError, Result } from '#shared/errors/index.ts';
import { Button } from '../../components/button.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { RequestView } from '../../components/request-view.tsx';
import { useRequest } from '../../components/use-request.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { PdfButton } from '../../print/pdf-button.tsx';
import { saveWhereAsked } from '../save-where-asked.ts';
import { UndoLink } from './after-restore.tsx';
import { EvidenceDocument } from './evidence-document.tsx';

/** The evidence of a restore: to read, to print, to save. */
export function EvidenceStep({ restore }: { readonly restore: RestoreState }) {
  const { t } = useTranslation();
  const request = useRequest('restore.evidence', { restoreId: restore.id });
  return (
    <RequestView request={request} rows={10}>
      {({ evidence }) =>
        evidence === null ? (
          <p className="soft">{t('recovery:wizard.evidence.none')}</p>
        ) : (
          <>
            <EvidenceActions evidence={evidence} />
            <UndoLink restore={restore} />
            <EvidenceDocument evidence={evidence} />
          </>
        )
      }
    </RequestView>
  );
}

/** A file name that names restore and day. */
function fileName(evidence: Evidence): string {
  const day = new Date(evidence.finishedAt).toISOString().slice(0, 10);
  const plan = evidence.plan.planName.replace(/[^\p{L}\p{N}._-]/gu, '_');
  return `restore-${plan}-${day}-${evidence.restoreId.slice(0, 8)}`;
}

function EvidenceActions({ evidence }: { readonly evidence: Evidence }) {
  const { t } = useTranslation();
  const [saved, setSaved] = useState<string | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const told = (answer: Result<string | null>): void => {
    setError(answer.ok ? null : answer.error);
    if (answer.ok && answer.value !== null) setSaved(answer.value);
  };
  const save = async (): Promise<void> =>
    told(await saveWhereAsked(`${fileName(evidence)}.json`, `${JSON.stringify(evidence, null, 2)}\n`));
  return (
    <div className="row evidence-actions">
      <PdfButton kind="evidence" id={evidence.restoreId} name={fileName(evidence)} />
      <Button onClick={() => void save()}>{t('recovery:wizard.evidence.save')}</Button>
      {saved !== null && (
        <span className="soft" role="status">
          {t('recovery:wizard.evidence.saved', { path: saved })}
        </span>
      )}
      {error && <ErrorNotice error={error} />}
    </div>
  );
}
