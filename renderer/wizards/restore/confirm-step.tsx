import { useState } from 'react';
import type { RestorePlan } from '#shared/contract/restore.ts';
import type { AppError } from '#shared/errors/index.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { Button } from '../../components/button.tsx';
import { ConfirmByTyping } from '../../components/confirm-by-typing.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { RequestView } from '../../components/request-view.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { absoluteText } from '../../components/time.ts';
import { useCall, useRequest } from '../../components/use-request.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import type { RestoreChoices } from './choices.ts';
import { placeText } from './place-text.ts';
import { riskOf } from './steps.ts';

export type ConfirmStepProps = {
  readonly choices: RestoreChoices;
  readonly planId: string;
  readonly onStarted: (restoreId: string) => void;
};

/** What will happen, to what, and what cannot be undone; then the word that starts it. */
export function ConfirmStep({ choices, planId, onStarted }: ConfirmStepProps) {
  const call = useCall();
  const request = useRequest('restore.plan.get', { planId });
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const start = async (confirm: string): Promise<void> => {
    setBusy(true);
    const answer = await call('restore.start', { planId, confirm });
    setBusy(false);
    if (answer.ok) onStarted(answer.value.restoreId);
    else setError(answer.error);
  };
  return (
    <RequestView request={request} rows={5}>
      {(plan) => (
        <>
          <Sentence plan={plan} choices={choices} />
          <StartButton plan={plan} busy={busy} onStart={(typed) => void start(typed)} />
          {error && <ErrorNotice error={error} />}
        </>
      )}
    </RequestView>
  );
}

type StartButtonProps = {
  readonly plan: RestorePlan;
  readonly busy: boolean;
  readonly onStart: (typed: string) => void;
};

/** As much to do as there is to lose: one click where nothing is touched, the plan's name where something is. */
function StartButton({ plan, busy, onStart }: StartButtonProps) {
  const { t } = useTranslation();
  const label = t(busy ? 'recovery:wizard.confirm.starting' : 'recovery:wizard.confirm.start');
  if (plan.confirmWord === '')
    return (
      <>
        <p className="soft">{t('restore:confirm.scratch')}</p>
        <div className="row confirm">
          <Button kind="primary" data-autofocus disabled={busy} onClick={() => onStart('')}>
            {label}
          </Button>
        </div>
      </>
    );
  return (
    <>
      <p className="soft">{t('recovery:wizard.confirm.word')}</p>
      <ConfirmByTyping word={plan.confirmWord} actionLabel={label} busy={busy} onConfirm={onStart} />
    </>
  );
}

function Sentence({ plan, choices }: { readonly plan: RestorePlan; readonly choices: RestoreChoices }) {
  const { t } = useTranslation();
  const { restore, update, same, skip } = plan.totals;
  const figure = (value: number): string => value.toLocaleString('en-US');
  return (
    <>
      <p className={`confirm-sentence ${riskOf(choices)}`}>
        {t('recovery:wizard.confirm.sentence', {
          at: absoluteText(plan.pointAt),
          dir: plan.original ? t('recovery:wizard.confirm.original') : placeText(plan),
          restore: figure(restore.files),
          update: figure(update.files),
          bytes: formatBytes(restore.bytes + update.bytes),
          kept: figure(same.files + skip.files),
        })}
      </p>
      {update.files > 0 ? (
        <StateBadge
          state={plan.safety === null ? 'critical' : 'ok'}
          word={t(plan.safety === null ? 'restore:confirm.unsafe' : 'restore:confirm.undoable', {
            update: figure(update.files),
          })}
        />
      ) : (
        <StateBadge state="ok" word={t('recovery:wizard.confirm.reversible')} />
      )}
      {(plan.original || (plan.host !== null && plan.targetDir === '/')) && (
        <StateBadge state="warning" word={t('recovery:wizard.where.originalWarning')} />
      )}
      {choices.when?.verifiedAt == null && (
        <StateBadge state="warning" word={t('recovery:wizard.confirm.unverified')} />
      )}
      <p>{t('recovery:wizard.confirm.resumable')}</p>
    </>
  );
}
