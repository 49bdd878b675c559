import { useState } from 'react';
import type { AlertView } from '#shared/contract/notify-alerts.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../../components/button.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { AbsoluteTime, RelativeTime } from '../../../components/figures.tsx';
import { Panel } from '../../../components/page-header.tsx';
import { useCall } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { useOperator } from '../who.ts';

/** Who is on it, since when, with which note; or that nobody is. */
export function AcknowledgementPanel({
  view,
  onChanged,
}: {
  readonly view: AlertView;
  readonly onChanged: () => void;
}) {
  const { t } = useTranslation();
  const call = useCall();
  const operator = useOperator((state) => state.name);
  const [error, setError] = useState<AppError | null>(null);
  const { acknowledgement, problem } = view;
  const take = async (): Promise<void> => {
    if (acknowledgement === null) return;
    const by = operator === '' ? acknowledgement.by : operator;
    const answer = await call('notify.unacknowledge', { ids: [problem.id], by });
    setError(answer.ok ? null : answer.error);
    if (answer.ok) onChanged();
  };
  return (
    <Panel title={t('alerts:ack.who')}>
      {acknowledgement === null ? (
        <p data-testid="nobody">{t('alerts:ack.nobody')}</p>
      ) : (
        <div className="stack-small" data-testid="acknowledged">
          <p>
            <strong>{acknowledgement.by}</strong> · <AbsoluteTime time={acknowledgement.at} />
          </p>
          {acknowledgement.note !== '' && <p>{acknowledgement.note}</p>}
          {acknowledgement.remindAt !== null && (
            <p className="soft">
              {t('alerts:ack.reminds')} <RelativeTime time={acknowledgement.remindAt} />
            </p>
          )}
          <div>
            <Button onClick={() => void take()}>{t('alerts:ack.undo')}</Button>
          </div>
        </div>
      )}
      {error && <ErrorNotice error={error} />}
    </Panel>
  );
}
