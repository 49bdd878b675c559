import { useState } from 'react';
import type { AppError } from '#shared/errors/index.ts';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { useCall, useEvent, useRequest } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { StatementForm } from './statement-form.tsx';

const CLOCK_CODES: ReadonlySet<string> = new Set(['RETENTION_CLOCK_BACK', 'RETENTION_FUTURE_POINTS']);
const CONTRADICTS = 'contradicts the order';

/** Where the clock moved, or points contradict it: somebody has to say that the clock is right now. */
export function ClockNotice({ plan }: { readonly plan: string }) {
  const { t } = useTranslation();
  const call = useCall();
  const [error, setError] = useState<AppError | null>(null);
  const request = useRequest('backup.retention.preview', { name: plan }, { subject: plan });
  useEvent('backup.changed', request.reload);
  const { data } = request;
  const isRefused = data !== null && data.refusal !== null && CLOCK_CODES.has(data.refusal.code);
  const doubtful = (data?.points ?? []).filter(({ reasons }) =>
    reasons.some(({ en }) => en.includes(CONTRADICTS)),
  ).length;
  if (!isRefused && doubtful === 0) return null;
  const accept = async (who: string, why: string): Promise<void> => {
    const answer = await call('backup.retention.acceptClock', { name: plan, who, why });
    setError(answer.ok ? null : answer.error);
    request.reload();
  };
  return (
    <div className="notice notice-warning" data-testid="clock-notice">
      <div className="notice-body stack-small">
        <strong>
          {isRefused ? t('retention:clock.refused') : t('retention:clock.doubtful', { count: doubtful })}
        </strong>
        <div>{t('retention:clock.body', { now: new Date().toLocaleString('sv-SE') })}</div>
        {error && <ErrorNotice error={error} />}
        <StatementForm
          whyLabel={t('retention:clock.why')}
          actionLabel={t('retention:clock.accept')}
          onSay={({ who, why }) => void accept(who, why)}
        />
      </div>
    </div>
  );
}
