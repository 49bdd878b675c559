import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { BackupPlan } from '#shared/contract/backup.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../components/button.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { useCall } from '../../components/use-request.ts';
import { useTranslation } from '../../locales/use-translation.ts';

/** Takes a plan away, after asking; its archives stay. */
export function RemovePlan({ plan }: { readonly plan: BackupPlan }) {
  const { t } = useTranslation();
  const call = useCall();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const remove = async (): Promise<void> => {
    const answer = await call('backup.plans.remove', { name: plan.name });
    if (answer.ok) void navigate('/backups');
    else setError(answer.error);
  };
  if (!asking) {
    return (
      <div className="danger-row">
        <Button kind="danger" onClick={() => setAsking(true)}>
          {t('backups:plan.remove')}
        </Button>
      </div>
    );
  }
  return (
    <div className="notice notice-warning" role="alertdialog" aria-label={t('backups:plan.remove')}>
      <div className="notice-body">
        {t('backups:plan.removeAsk', { name: plan.name, dir: plan.targetDir })}
        {error && <ErrorNotice error={error} />}
      </div>
      <div className="row">
        <Button autoFocus onClick={() => setAsking(false)}>
          {t('backups:plan.removeNo')}
        </Button>
        <Button kind="danger" onClick={() => void remove()}>
          {t('backups:plan.removeYes')}
        </Button>
      </div>
    </div>
  );
}
