import { useState } from 'react';
import type { SiteSettings } from '#shared/contract/site.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../components/button.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Field } from '../../components/field.tsx';
import { useCall } from '../../components/use-request.ts';
import { useTranslation } from '../../locales/use-translation.ts';

export type SiteFormProps = {
  readonly initial: SiteSettings;
  /** Null where a button outside of the form, by the form's id, saves. */
  readonly saveLabel: string | null;
  readonly id?: string;
  readonly onSaved: (settings: SiteSettings) => void;
};

/** Site name and classification label; saved together. */
export function SiteForm({ initial, saveLabel, id, onSaved }: SiteFormProps) {
  const { t } = useTranslation();
  const call = useCall();
  const [siteName, setSiteName] = useState(initial.siteName);
  const [classification, setClassification] = useState(initial.classification);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const name = siteName.trim();
  const bad = name.length < 1 || name.length > 80;
  const save = async (): Promise<void> => {
    if (bad || busy) return;
    const next = { siteName: name, classification: classification.trim() };
    setBusy(true);
    const result = await call('site.settings.set', next);
    setBusy(false);
    setError(result.ok ? null : result.error);
    if (result.ok) onSaved(next);
  };
  return (
    <form
      id={id}
      className="fields"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Field
        label={t('settings:site.name')}
        hint={t('settings:site.nameHint')}
        error={bad ? t('settings:site.nameBad') : null}
      >
        {(props) => (
          <input
            {...props}
            className="input"
            name="siteName"
            value={siteName}
            onChange={(event) => setSiteName(event.target.value)}
          />
        )}
      </Field>
      <Field label={t('settings:site.classification')} hint={t('settings:site.classificationHint')}>
        {(props) => (
          <input
            {...props}
            className="input"
            name="classification"
            maxLength={40}
            value={classification}
            onChange={(event) => setClassification(event.target.value)}
          />
        )}
      </Field>
      {error && <ErrorNotice error={error} />}
      {saveLabel !== null && (
        <div className="row">
          <Button kind="primary" type="submit" disabled={busy || bad}>
            {saveLabel}
          </Button>
        </div>
      )}
    </form>
  );
}
