import { useState } from 'react';
import type { RequestOutput } from '#shared/contract/index.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../../components/button.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { useCall } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { ProblemList } from './problem-list.tsx';
import { useChosenFile } from './use-chosen-file.ts';

/** Takes a rule file of Prometheus as it is, whole or not at all. */
export function ImportDialog({
  onClose,
  onDone,
}: {
  readonly onClose: () => void;
  readonly onDone: () => void;
}) {
  const { t } = useTranslation();
  const call = useCall();
  const { file, error: unread, choose } = useChosenFile(t('rules:importDialog.title'));
  const [problems, setProblems] = useState<RequestOutput<'rules.files.put'>['problems']>([]);
  const [error, setError] = useState<AppError | null>(null);
  const take = async (): Promise<void> => {
    if (file === null) return;
    const answer = await call('rules.files.put', file);
    setError(answer.ok ? null : answer.error);
    if (!answer.ok) return;
    setProblems(answer.value.problems);
    if (answer.value.file !== null) onDone();
  };
  const shown = unread ?? error;
  return (
    <Overlay kind="dialog" title={t('rules:importDialog.title')} onClose={onClose}>
      <div className="stack-small">
        <p className="soft">{t('rules:importDialog.means')}</p>
        <div className="row">
          <Button data-autofocus onClick={() => void choose()}>
            {t('rules:importDialog.choose')}
          </Button>
          <span className="soft">{file?.name ?? t('rules:importDialog.none')}</span>
        </div>
        <ProblemList problems={problems} />
        {shown && <ErrorNotice error={shown} />}
        <div className="row">
          <Button kind="primary" disabled={file === null} onClick={() => void take()}>
            {t('rules:importDialog.take', { name: file?.name ?? '' })}
          </Button>
          <Button onClick={onClose}>{t('common:action.cancel')}</Button>
        </div>
      </div>
    </Overlay>
  );
}
