import { useState } from 'react';
import type { AppError } from '#shared/errors/index.ts';
import { shell } from '../../../app/shell.ts';
import { Button } from '../../../components/button.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { PageLink } from '../../../components/page-link.tsx';
import { useRequest } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';

/** Opens the training site; inside it, leads to the lessons. */
export function TrainingSection() {
  const { t } = useTranslation();
  const status = useRequest('training.status', {});
  const [opened, setOpened] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const desktop = shell();
  const open = async (): Promise<void> => {
    const answer = await desktop?.openTraining();
    setOpened(answer?.ok === true);
    setError(answer?.ok === false ? answer.error : null);
  };
  if (status.data?.isTraining === true)
    return (
      <div className="row">
        <span>{t('training:here')}</span>
        <PageLink className="btn btn-primary" to="/settings/training">
          {t('training:lessons')}
        </PageLink>
      </div>
    );
  return (
    <div className="stack">
      <p className="soft">{t('training:body')}</p>
      {desktop === undefined ? (
        <p>{t('training:noDesktop')}</p>
      ) : (
        <div className="row">
          <Button onClick={() => void open()}>{t('training:open')}</Button>
          {opened && <span role="status">{t('training:opened')}</span>}
        </div>
      )}
      {error && <ErrorNotice error={error} />}
    </div>
  );
}
