import { useState } from 'react';
import { shell } from '../../../app/shell.ts';
import { Button } from '../../../components/button.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { useCall } from '../../../components/use-request.ts';
import { useSaving } from '../../../components/use-saving.ts';
import { useTranslation } from '../../../locales/use-translation.ts';

/** The two ways out: to end the training with everything that it runs, and to begin it anew. */
export function EndTraining() {
  const { t } = useTranslation();
  const call = useCall();
  const [asking, setAsking] = useState(false);
  const desktop = shell();
  const { busy, error, run } = useSaving(() => {
    setAsking(false);
    void desktop?.restartEngine();
  });
  return (
    <>
      {desktop !== undefined && (
        <Button onClick={() => void desktop.quitCompletely()}>{t('training:quit')}</Button>
      )}
      <Button kind="quiet" onClick={() => setAsking(true)}>
        {t('training:anew')}
      </Button>
      {asking && (
        <Overlay title={t('training:anewTitle')} kind="dialog" onClose={() => setAsking(false)}>
          <p>{t('training:anewBody')}</p>
          <div className="row">
            <Button data-autofocus onClick={() => setAsking(false)}>
              {t('common:action.cancel')}
            </Button>
            <Button kind="danger" disabled={busy} onClick={() => void run(call('training.anew', {}))}>
              {t('training:anewDo')}
            </Button>
          </div>
          {error && <ErrorNotice error={error} />}
        </Overlay>
      )}
    </>
  );
}
