import { useState } from 'react';
import type { DashboardSummary } from '#shared/contract/dashboards.ts';
import type { Dashboard } from '#shared/domain/dashboard/model.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../../components/button.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { Field } from '../../../components/field.tsx';
import { useCall } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';

export type SaveDialogProps = {
  readonly dashboard: Dashboard;
  /** The version that was changed; 0 for a new dashboard. */
  readonly base: number;
  readonly onClose: () => void;
  readonly onSaved: (summary: DashboardSummary) => void;
};

/** Saves a dashboard as a new version, with a word on why. */
export function SaveDialog({ dashboard, base, onClose, onSaved }: SaveDialogProps) {
  const { t } = useTranslation();
  const call = useCall();
  const [message, setMessage] = useState('');
  const [error, setError] = useState<AppError | null>(null);
  const [busy, setBusy] = useState(false);
  const save = async (): Promise<void> => {
    setBusy(true);
    const answer = await call('dashboards.save', { dashboard, base, message });
    setBusy(false);
    setError(answer.ok ? null : answer.error);
    if (answer.ok) onSaved(answer.value);
  };
  return (
    <Overlay kind="dialog" title={t('dashboards:save.title')} onClose={onClose}>
      <form
        className="fields"
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) void save();
        }}
      >
        <Field label={t('dashboards:save.message')} hint={t('dashboards:save.hint')}>
          {(props) => (
            <input
              {...props}
              data-autofocus
              className="input"
              maxLength={500}
              value={message}
              onChange={(event) => setMessage(event.target.value)}
            />
          )}
        </Field>
        {error && <ErrorNotice error={error} />}
        <div className="row">
          <Button kind="primary" type="submit" disabled={busy}>
            {t('dashboards:save.save')}
          </Button>
          <Button onClick={onClose}>{t('common:action.cancel')}</Button>
        </div>
      </form>
    </Overlay>
  );
}
