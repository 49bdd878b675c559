import { useState } from 'react';
import type { LegalHold } from '#shared/contract/backup-retention.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../../components/button.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { Field } from '../../../components/field.tsx';
import { useCall } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { StatementForm } from './statement-form.tsx';

/** Whether a hold is in force. */
export function isActive({ clearedAt, until }: LegalHold, now: number): boolean {
  return clearedAt === null && (until === null || until > now);
}

/** Puts a point under a legal hold. */
export function HoldButton({ pointId }: { readonly pointId: string }) {
  const { t } = useTranslation();
  const call = useCall();
  const [asking, setAsking] = useState(false);
  const [until, setUntil] = useState('');
  const [error, setError] = useState<AppError | null>(null);
  const hold = async (who: string, why: string): Promise<void> => {
    // The hold ends with the day that was chosen.
    const end = until === '' ? null : new Date(`${until}T23:59:59`).getTime();
    const answer = await call('backup.hold.set', { pointId, who, why, until: end });
    if (answer.ok) setAsking(false);
    setError(answer.ok ? null : answer.error);
  };
  return (
    <>
      <Button
        kind="quiet"
        aria-haspopup="dialog"
        data-hold={pointId}
        aria-label={t('retention:hold.setFor', { point: pointId.slice(0, 8) })}
        onClick={() => setAsking(true)}
      >
        {t('retention:hold.set')}
      </Button>
      {asking && (
        <Overlay
          kind="dialog"
          title={t('retention:hold.setFor', { point: pointId.slice(0, 8) })}
          onClose={() => setAsking(false)}
        >
          <div className="stack">
            <p>{t('retention:hold.body')}</p>
            <Field label={t('retention:hold.until')} hint={t('retention:hold.untilHint')}>
              {(field) => (
                <input
                  {...field}
                  className="input"
                  type="date"
                  value={until}
                  onChange={(event) => setUntil(event.target.value)}
                />
              )}
            </Field>
            {error && <ErrorNotice error={error} />}
            <StatementForm
              whyLabel={t('retention:statement.why')}
              actionLabel={t('retention:hold.set')}
              onSay={({ who, why }) => void hold(who, why)}
            />
          </div>
        </Overlay>
      )}
    </>
  );
}

/** Lifts a legal hold; who and why are kept. */
export function LiftHold({ hold }: { readonly hold: LegalHold }) {
  const { t } = useTranslation();
  const call = useCall();
  const [asking, setAsking] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const lift = async (who: string, why: string): Promise<void> => {
    const answer = await call('backup.hold.clear', { pointId: hold.pointId, who, why });
    if (answer.ok) setAsking(false);
    setError(answer.ok ? null : answer.error);
  };
  return (
    <>
      <Button kind="quiet" aria-haspopup="dialog" onClick={() => setAsking(true)}>
        {t('retention:hold.lift')}
      </Button>
      {asking && (
        <Overlay kind="dialog" title={t('retention:hold.lift')} onClose={() => setAsking(false)}>
          <div className="stack">
            <p>{t('retention:hold.liftBody', { who: hold.who, why: hold.why })}</p>
            {error && <ErrorNotice error={error} />}
            <StatementForm
              whyLabel={t('retention:statement.why')}
              actionLabel={t('retention:hold.lift')}
              onSay={({ who, why }) => void lift(who, why)}
            />
          </div>
        </Overlay>
      )}
    </>
  );
}
