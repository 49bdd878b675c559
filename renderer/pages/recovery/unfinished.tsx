import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { RestoreState } from '#shared/contract/restore.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../components/button.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { RelativeTime } from '../../components/figures.tsx';
import { StateBadge, type StateName } from '../../components/state-badge.tsx';
import { absoluteText } from '../../components/time.ts';
import { useCall } from '../../components/use-request.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { placeText } from '../../wizards/restore/place-text.ts';
import { selectionText } from '../../wizards/restore/step-list.ts';
import { isResumable } from '../../wizards/restore/steps.ts';

/** The address of a restore that was started. */
export function restorePath(restoreId: string): string {
  return `/recovery/restores/${encodeURIComponent(restoreId)}`;
}

const shapes = {
  running: 'info',
  verifying: 'info',
  interrupted: 'warning',
  cancelled: 'warning',
  failed: 'critical',
} as const satisfies Partial<Record<RestoreState['state'], StateName>>;

/** A restore that did not come to its end, with the button that brings it there. */
export function Unfinished({ restore }: { readonly restore: RestoreState }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const call = useCall();
  const [error, setError] = useState<AppError | null>(null);
  const { plan, state } = restore;
  const open = (): void => void navigate(restorePath(restore.id));
  const resume = async (): Promise<void> => {
    const answer = await call('restore.resume', { restoreId: restore.id });
    if (answer.ok) open();
    else setError(answer.error);
  };
  if (state === 'planned' || state === 'done') return null;
  return (
    <div className="unfinished" data-testid="unfinished" data-state={state}>
      <div className="notice-body">
        <StateBadge state={shapes[state]} word={t(`recovery:unfinished.${state}`)} />
        <div>
          <strong>{selectionText(t, plan.planName, plan.selection)}</strong>{' '}
          <span className="figure">{absoluteText(plan.pointAt)}</span>{' '}
          {plan.original
            ? t('recovery:unfinished.original')
            : t('recovery:unfinished.target', { dir: placeText(plan) })}
        </div>
        <div className="soft">
          {t('recovery:past.started')} <RelativeTime time={restore.startedAt} />
        </div>
        {error && <ErrorNotice error={error} />}
      </div>
      <Button onClick={open}>{t('recovery:unfinished.view')}</Button>
      {isResumable(state) && (
        <Button kind="primary" onClick={() => void resume()}>
          {t('recovery:unfinished.resume')}
        </Button>
      )}
    </div>
  );
}
