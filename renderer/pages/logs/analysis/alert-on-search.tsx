import { useState } from 'react';
import { useNavigate } from 'react-router';
import { Button } from '../../../components/button.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { Field } from '../../../components/field.tsx';
import { useCall } from '../../../components/use-request.ts';
import { useSaving } from '../../../components/use-saving.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { FormDialog } from '../../alerts/rules/form/form-dialog.tsx';
import { newDraft } from '../../alerts/rules/form/form-spec.ts';
import '../../alerts/rules/rules.css';

export type AlertOnSearchProps = {
  readonly query: string;
  readonly onClose: () => void;
};

/**
 * Makes an alert of a search: keeps it under a name and has its matches counted from now on, then opens the rule form
 * with that count put in.
 */
export function AlertOnSearch({ query, onClose }: AlertOnSearchProps) {
  const { t } = useTranslation();
  const call = useCall();
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [counted, setCounted] = useState(false);
  const saving = useSaving(() => setCounted(true));
  if (counted) {
    const initial = {
      ...newDraft('log'),
      name: name.trim(),
      metric: 'hmtt_log_matches_total',
      matchers: [{ label: 'query', op: '=', value: name.trim() }],
      perMinute: 0,
      forMs: 0,
    };
    return (
      <FormDialog
        file={null}
        initial={initial}
        onClose={onClose}
        onDone={() => void navigate('/alerts?tab=rules')}
      />
    );
  }
  return (
    <Overlay kind="dialog" title={t('logs:alert.title')} onClose={onClose}>
      <form
        className="stack-small"
        data-testid="alert-on-search"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== '')
            void saving.run(call('logs.saved.save', { name: name.trim(), query, counted: true }));
        }}
      >
        <p>{t('logs:alert.what')}</p>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
        <pre className="log-raw" tabIndex={0}>
          {query === '' ? t('logs:export.everything') : query}
        </pre>
        <Field label={t('logs:alert.name')} hint={t('logs:alert.nameHint')}>
          {(field) => (
            <input
              {...field}
              className="input"
              data-autofocus
              maxLength={100}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        {saving.error && <ErrorNotice error={saving.error} />}
        <div className="row">
          <span className="spacer" />
          <Button onClick={onClose}>{t('common:action.cancel')}</Button>
          <Button kind="primary" type="submit" disabled={name.trim() === '' || saving.busy}>
            {t('common:action.next')}
          </Button>
        </div>
      </form>
    </Overlay>
  );
}
