import { useState } from 'react';
import { Button } from '../../../components/button.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { Field } from '../../../components/field.tsx';
import { SecretInput } from '../../../components/secret-input.tsx';
import { SelectField } from '../../../components/select-field.tsx';
import { useCall } from '../../../components/use-request.ts';
import { useSaving } from '../../../components/use-saving.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { type LoginDraft, loginOf, type ShownLogin } from './login-draft.ts';

type TextName = 'name' | 'host' | 'port' | 'user' | 'keyFile' | 'socket';
type SecretName = 'password' | 'passphrase' | 'privateKey';

/** Adds a login, or changes one. */
export function LoginDialog({
  first,
  others,
  onClose,
}: {
  readonly first: LoginDraft;
  /** Those that may be jump hosts. */
  readonly others: readonly ShownLogin[];
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const call = useCall();
  const saving = useSaving(onClose);
  const [draft, setDraft] = useState(first);
  const edit = (change: Partial<LoginDraft>): void => setDraft((old) => ({ ...old, ...change }));
  const login = loginOf(draft);
  const line = (name: TextName, hint?: string) => (
    <Field label={t(`ssh:login.${name}`)} {...(hint === undefined ? {} : { hint })}>
      {(field) => (
        <input
          {...field}
          className={`input ${name === 'name' ? '' : 'mono'}`}
          name={name}
          data-autofocus={name === 'name' ? true : undefined}
          spellCheck={false}
          autoComplete="off"
          value={draft[name]}
          onChange={(event) => edit({ [name]: event.target.value })}
        />
      )}
    </Field>
  );
  const secret = (name: SecretName, hint?: string) => (
    <Field label={t(`ssh:login.${name}`)} {...(hint === undefined ? {} : { hint })}>
      {(field) => (
        <SecretInput
          {...field}
          name={name}
          isLong={name === 'privateKey'}
          value={draft[name]}
          onChange={(value) => edit({ [name]: value })}
        />
      )}
    </Field>
  );
  const choice = <K extends 'kind' | 'keyFrom' | 'via'>(
    name: K,
    label: string,
    options: readonly (readonly [LoginDraft[K], string])[],
  ) => (
    <SelectField
      label={label}
      name={name}
      value={draft[name]}
      options={options}
      onChange={(chosen) => edit({ [name]: chosen })}
    />
  );
  return (
    <Overlay
      kind="dialog"
      title={t(draft.id === null ? 'ssh:login.add' : 'ssh:login.edit')}
      onClose={onClose}
    >
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (login !== null && !saving.busy) void saving.run(call('ssh.logins.put', login));
        }}
      >
        {line('name')}
        <div className="fields-row">
          {line('host')}
          {line('port')}
          {line('user')}
        </div>
        {choice('kind', t('ssh:login.auth'), [
          ['key', t('ssh:login.kind.key')],
          ['agent', t('ssh:login.kind.agent')],
          ['password', t('ssh:login.kind.password')],
        ])}
        {draft.kind === 'key' && (
          <>
            {choice('keyFrom', t('ssh:login.keyFrom'), [
              ['file', t('ssh:login.fromFile')],
              ['text', t('ssh:login.fromText')],
            ])}
            {draft.keyFrom === 'file' ? line('keyFile', t('ssh:login.keyFileHint')) : secret('privateKey')}
            {secret('passphrase', t('ssh:login.passphraseHint'))}
          </>
        )}
        {draft.kind === 'agent' && line('socket', t('ssh:login.socketHint'))}
        {draft.kind === 'password' && secret('password')}
        {choice('via', t('ssh:login.via'), [
          ['', t('ssh:login.direct')] as const,
          ...others.map(({ id, name }) => [id, name] as const),
        ])}
        {login === null && <p className="soft small">{t('ssh:login.bad')}</p>}
        {saving.error && <ErrorNotice error={saving.error} />}
        <div className="row">
          <span className="spacer" />
          <Button onClick={onClose}>{t('common:action.cancel')}</Button>
          <Button kind="primary" type="submit" disabled={login === null || saving.busy}>
            {t('ssh:login.save')}
          </Button>
        </div>
      </form>
    </Overlay>
  );
}
