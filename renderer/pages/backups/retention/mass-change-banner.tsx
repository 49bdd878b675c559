import { useState } from 'react';
import type { MassChange } from '#shared/contract/backup-retention.ts';
import type { AppError } from '#shared/errors/index.ts';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { AbsoluteTime } from '../../../components/figures.tsx';
import { StateShape } from '../../../components/state-badge.tsx';
import { useCall, useEvent, useRequest } from '../../../components/use-request.ts';
import { useText } from '../../../components/use-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { StatementForm } from './statement-form.tsx';

/** Runs that changed far more than is usual, until somebody acknowledged each of them. */
export function MassChangeBanner({ plan }: { readonly plan: string }) {
  const request = useRequest('backup.massChange.list', { plan }, { subject: plan });
  useEvent('backup.changed', request.reload);
  const waiting = (request.data?.changes ?? []).filter(({ acknowledgedAt }) => acknowledgedAt === null);
  return (
    <>
      {waiting.map((change) => (
        <Waiting key={change.pointId} change={change} onDone={request.reload} />
      ))}
    </>
  );
}

function Waiting({ change, onDone }: { readonly change: MassChange; readonly onDone: () => void }) {
  const { t } = useTranslation();
  const text = useText();
  const call = useCall();
  const [error, setError] = useState<AppError | null>(null);
  const acknowledge = async (who: string, note: string): Promise<void> => {
    const answer = await call('backup.massChange.acknowledge', { pointId: change.pointId, who, note });
    setError(answer.ok ? null : answer.error);
    onDone();
  };
  return (
    <div className="notice notice-critical" role="alert" data-testid="mass-change">
      <StateShape state="critical" />
      <div className="notice-body stack-small">
        <strong>
          {t('retention:mass.title')} <AbsoluteTime time={change.at} />
        </strong>
        <ul>
          {change.signs.map((sign) => (
            <li key={sign.kind}>{text(sign.sentence)}</li>
          ))}
        </ul>
        <div>{t('retention:mass.body')}</div>
        {error && <ErrorNotice error={error} />}
        <StatementForm
          whyLabel={t('retention:mass.note')}
          actionLabel={t('retention:mass.acknowledge')}
          onSay={({ who, why }) => void acknowledge(who, why)}
        />
      </div>
    </div>
  );
}
