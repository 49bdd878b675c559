import { useState } from 'react';
import type { UnreadableJob } from '#shared/contract/scrape-jobs.ts';
import { Button } from '../../../components/button.tsx';
import { ConfirmByTyping } from '../../../components/confirm-by-typing.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { useCall } from '../../../components/use-request.ts';
import { useSaving } from '../../../components/use-saving.ts';
import { useTranslation } from '../../../locales/use-translation.ts';

/** A job that is kept and cannot be read: what that means, what to do, and a way to be rid of it. */
export function UnreadableJobNotice({
  unreadable: { name, error },
  onRemoved,
}: {
  readonly unreadable: UnreadableJob;
  readonly onRemoved: () => void;
}) {
  const { t } = useTranslation();
  const call = useCall();
  const [asking, setAsking] = useState(false);
  const removing = useSaving(onRemoved);
  return (
    <section className="stack-small" data-testid="job-unreadable" data-job={name}>
      <ErrorNotice error={error} />
      {asking ? (
        <>
          <p>{t('jobs:removeAsk')}</p>
          <ConfirmByTyping
            word={name}
            actionLabel={t('jobs:remove')}
            busy={removing.busy}
            onConfirm={() => void removing.run(call('hosts.jobs.remove', { name }))}
          />
          {removing.error && <ErrorNotice error={removing.error} />}
        </>
      ) : (
        <div>
          <Button kind="danger" onClick={() => setAsking(true)}>
            {t('jobs:remove')}
          </Button>
        </div>
      )}
    </section>
  );
}
