import { Field } from '../../components/field.tsx';
import { SecretInput } from '../../components/secret-input.tsx';
import { SelectField } from '../../components/select-field.tsx';
import { useTranslation } from '../../locales/use-translation.ts';
import { type ConnectionDraft, isUrl } from './remote-connection.ts';

export type ConnectionFieldsProps = {
  readonly draft: ConnectionDraft;
  readonly urlLabel: string;
  readonly urlHint: string;
  readonly onChange: (draft: ConnectionDraft) => void;
};

/** Address, login and certificate of a server. Secrets are sealed, or named by file. */
export function ConnectionFields({ draft, urlLabel, urlHint, onChange }: ConnectionFieldsProps) {
  const { t } = useTranslation();
  const text = (key: 'url' | 'username' | 'secretFile' | 'caFile', label: string, hint?: string) => (
    <Field
      label={label}
      {...(hint === undefined ? {} : { hint })}
      error={key === 'url' && draft.url !== '' && !isUrl(draft.url) ? t('remote:connection.urlBad') : null}
    >
      {(props) => (
        <input
          {...props}
          className="input mono"
          name={key}
          value={draft[key]}
          spellCheck={false}
          autoComplete="off"
          maxLength={2000}
          onChange={(event) => onChange({ ...draft, [key]: event.target.value })}
        />
      )}
    </Field>
  );
  return (
    <>
      {text('url', urlLabel, urlHint)}
      <SelectField
        label={t('remote:connection.login')}
        value={draft.login}
        options={[
          ['none', t('remote:connection.none')],
          ['basic', t('remote:connection.basic')],
          ['bearer', t('remote:connection.bearer')],
        ]}
        onChange={(login) => onChange({ ...draft, login, secret: '', secretFile: '' })}
      />
      {draft.login === 'basic' && text('username', t('remote:connection.username'))}
      {draft.login !== 'none' && (
        <Field
          label={t(draft.login === 'basic' ? 'remote:connection.password' : 'remote:connection.token')}
          hint={t('remote:connection.sealedHint')}
        >
          {(props) => (
            <SecretInput
              {...props}
              name="secret"
              value={draft.secret}
              onChange={(secret) => onChange({ ...draft, secret })}
            />
          )}
        </Field>
      )}
      {draft.login !== 'none' &&
        draft.secret === '' &&
        text(
          'secretFile',
          t(draft.login === 'basic' ? 'remote:connection.passwordFile' : 'remote:connection.tokenFile'),
          t('remote:connection.secretHint'),
        )}
      {draft.url.trim().toLowerCase().startsWith('https:') &&
        text('caFile', t('remote:connection.caFile'), t('remote:connection.caHint'))}
    </>
  );
}
