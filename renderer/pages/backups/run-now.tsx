import { useState } from 'react';
import type { BackupPlan } from '#shared/contract/backup.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../components/button.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { useCall } from '../../components/use-request.ts';
import { useTranslation } from '../../locales/use-translation.ts';

/** Starts a run of a plan; how it goes is told by the job. */
export function RunNow({ plan, busy }: { readonly plan: BackupPlan; readonly busy: boolean }) {
  const { t } = useTranslation();
  const call = useCall();
  const [asked, setAsked] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const run = async (): Promise<void> => {
    setAsked(true);
    const answer = await call('backup.run', { name: plan.name, type: 'full' });
    setAsked(false);
    setError(answer.ok ? null : answer.error);
  };
  return (
    <>
      {error && <ErrorNotice error={error} />}
      <Button disabled={busy || asked} onClick={() => void run()}>
        {t('backups:plan.run')}
      </Button>
    </>
  );
}
