import { useState } from 'react';
import { secretNameSchema } from '#shared/contract/secrets.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../../components/button.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { Field } from '../../../components/field.tsx';
import { SecretInput } from '../../../components/secret-input.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { useCall, useEvent, useRequest } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { newSecretName, secretChoices } from './secret-choices.ts';

/** Chooses a secret of the sealed store by its name, or makes a new one in place. */
export function SecretPicker({
  label,
  name,
  hostId,
  host,
  value,
  onChange,
}: {
  readonly label: string;
  /** Of the field, for a new secret's name. */
  readonly name: string;
  readonly hostId: string;
  /** The host's address. */
  readonly host: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  const { t } = useTranslation();
  const status = useRequest('secrets.status', {});
  const checks = useRequest('checks.list', { hostId }, { subject: hostId });
  useEvent('secrets.changed', status.reload);
  const [isAdding, setAdding] = useState(false);
  const { ofHost, others, isMissing } = secretChoices(
    status.data?.secrets ?? [],
    checks.data?.checks ?? [],
    value,
  );
  const isLocked = status.data?.state === 'locked';
  const options = (names: readonly string[], title: string) =>
    names.length > 0 && (
      <optgroup label={title}>
        {names.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </optgroup>
    );
  return (
    <>
      <Field
        label={label}
        hint={t(isLocked ? 'checks:secret.locked' : 'checks:secret.hint')}
        error={isMissing && status.data !== null ? t('checks:secret.missing', { name: value }) : null}
      >
        {(field) => (
          <span className="row">
            <select
              {...field}
              className="input mono grow"
              name={name}
              value={value}
              onChange={(event) => onChange(event.target.value)}
            >
              <option value="">{t('checks:secret.none')}</option>
              {isMissing && <option value={value}>{value}</option>}
              {options(ofHost, t('checks:secret.ofHost'))}
              {options(others, t('checks:secret.others'))}
            </select>
            <Button disabled={isLocked || isAdding} onClick={() => setAdding(true)}>
              {t('checks:secret.add')}
            </Button>
          </span>
        )}
      </Field>
      {isAdding && (
        <NewSecret
          first={newSecretName(host, name, [...ofHost, ...others])}
          taken={[...ofHost, ...others]}
          onDone={(made) => {
            setAdding(false);
            status.reload();
            if (made !== null) onChange(made);
          }}
        />
      )}
    </>
  );
}

/** Keeps a new secret under a name. It stands within the form of a check, so that it is none itself. */
function NewSecret({
  first,
  taken,
  onDone,
}: {
  readonly first: string;
  readonly taken: readonly string[];
  /** Null: nothing was made. */
  readonly onDone: (name: string | null) => void;
}) {
  const { t } = useTranslation();
  const call = useCall();
  const [name, setName] = useState(first);
  const [text, setText] = useState('');
  const [error, setError] = useState<AppError | null>(null);
  const read = secretNameSchema.safeParse(name);
  const isTaken = read.success && taken.includes(read.data);
  const isReady = read.success && !isTaken && text !== '';
  const save = async (): Promise<void> => {
    if (!isReady) return;
    const answer = await call('secrets.put', { name: read.data, text });
    if (answer.ok) onDone(read.data);
    else setError(answer.error);
  };
  return (
    <fieldset
      className="fields"
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.target instanceof HTMLInputElement)) return;
        // Otherwise the check would be saved.
        event.preventDefault();
        void save();
      }}
    >
      <legend>{t('checks:secret.add')}</legend>
      <div className="fields-row">
        <TextField
          label={t('secrets:named.name')}
          error={isTaken ? t('checks:secret.taken') : read.success ? null : t('checks:secret.badName')}
          mono
          name="secretName"
          autoComplete="off"
          value={name}
          onChange={setName}
        />
        <Field label={t('secrets:named.text')}>
          {(field) => <SecretInput {...field} name="secretText" value={text} onChange={setText} />}
        </Field>
      </div>
      {error && <ErrorNotice error={error} />}
      <div className="row">
        <Button onClick={() => onDone(null)}>{t('common:action.cancel')}</Button>
        <Button disabled={!isReady} onClick={() => void save()}>
          {t('secrets:named.save')}
        </Button>
      </div>
    </fieldset>
  );
}
