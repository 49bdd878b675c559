import { useState } from 'react';
import type { AppError, Result } from '#shared/errors/index.ts';
import { Button } from '../../components/button.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Field } from '../../components/field.tsx';
import { SecretInput } from '../../components/secret-input.tsx';
import { TextField } from '../../components/text-field.tsx';
import { useCall } from '../../components/use-request.ts';
import { useTranslation } from '../../locales/use-translation.ts';

/** Keeps a secret under a name, for checks that name one, and forgets those that are kept. */
export function NamedSecretForm({
  names,
  onChanged,
}: {
  readonly names: readonly string[];
  readonly onChanged: () => void;
}) {
  const { t } = useTranslation();
  const call = useCall();
  const [name, setName] = useState('');
  const [text, setText] = useState('');
  const [error, setError] = useState<AppError | null>(null);
  const told = (answer: Result<unknown>): boolean => {
    setError(answer.ok ? null : answer.error);
    onChanged();
    return answer.ok;
  };
  const save = async (): Promise<void> => {
    if (told(await call('secrets.put', { name: name.trim(), text }))) {
      setName('');
      setText('');
    }
  };
  const isReady = /^[A-Za-z0-9_][A-Za-z0-9_.@-]{0,99}$/.test(name.trim()) && text !== '';
  return (
    <details>
      <summary>{t('secrets:named.title')}</summary>
      <form
        className="fields"
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) void save();
        }}
      >
        <p className="soft small">{t('secrets:named.body')}</p>
        <div className="fields-row">
          <TextField
            label={t('secrets:named.name')}
            mono
            placeholder="db-readonly"
            value={name}
            onChange={setName}
          />
          <Field label={t('secrets:named.text')}>
            {(field) => <SecretInput {...field} name="named" value={text} onChange={setText} />}
          </Field>
        </div>
        {error && <ErrorNotice error={error} />}
        <div className="row">
          <Button type="submit" disabled={!isReady}>
            {t('secrets:named.save')}
          </Button>
          {names.map((one) => (
            <Button
              key={one}
              kind="quiet"
              onClick={() => void call('secrets.remove', { name: one }).then(told)}
            >
              {t('secrets:named.remove')} <span className="mono">{one}</span>
            </Button>
          ))}
        </div>
      </form>
    </details>
  );
}
