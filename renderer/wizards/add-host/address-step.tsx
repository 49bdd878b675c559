import { Field } from '../../components/field.tsx';
import { SecretInput } from '../../components/secret-input.tsx';
import { SelectField } from '../../components/select-field.tsx';
import { useTranslation } from '../../locales/use-translation.ts';
import { type AddHostDraft, checkAddress } from './steps.ts';
import { WayFields } from './way-fields.tsx';

export type DraftStepProps = {
  readonly draft: AddHostDraft;
  readonly edit: (change: Partial<AddHostDraft>) => void;
};

type TextKeys = {
  [K in keyof AddHostDraft]: AddHostDraft[K] extends string
    ? string extends AddHostDraft[K]
      ? K
      : never
    : never;
}[keyof AddHostDraft];

/** Where the metrics are, and how to be let in. */
export function AddressStep({ draft, edit, showErrors }: DraftStepProps & { readonly showErrors: boolean }) {
  const { t } = useTranslation();
  const errors = checkAddress(draft);
  const line = (
    key: TextKeys,
    label: string,
    error: keyof typeof errors | null,
    hint?: string,
  ): React.ReactNode => {
    const wrong = error === null || !showErrors ? null : errors[error];
    return (
      <Field
        label={label}
        error={wrong === null ? null : t(`hosts:wizard.${wrong}`)}
        {...(hint === undefined ? {} : { hint })}
      >
        {(props) => (
          <input
            {...props}
            className="input"
            name={key}
            spellCheck={false}
            value={draft[key]}
            onChange={(event) => edit({ [key]: event.target.value })}
          />
        )}
      </Field>
    );
  };
  const secret = (key: 'password' | 'bearerToken', label: string): React.ReactNode => (
    <Field label={label}>
      {(props) => (
        <SecretInput {...props} name={key} value={draft[key]} onChange={(value) => edit({ [key]: value })} />
      )}
    </Field>
  );
  return (
    <div className="fields">
      <WayFields draft={draft} edit={edit} error={showErrors ? errors.login : null} />
      {line('host', t('hosts:wizard.hostField'), 'host', t('hosts:wizard.hostHint'))}
      <div className="fields-row">
        {line('port', t('hosts:wizard.portField'), 'port', t('hosts:wizard.portHint'))}
        {draft.way === 'exporter' && (
          <SelectField
            label={t('hosts:wizard.schemeField')}
            value={draft.scheme}
            options={[
              ['http', 'HTTP'],
              ['https', 'HTTPS'],
            ]}
            onChange={(scheme) => edit({ scheme })}
          />
        )}
        {draft.way === 'exporter' && line('path', t('hosts:wizard.pathField'), 'path')}
      </div>
      <div className="fields-row">
        {line('intervalSeconds', t('hosts:wizard.intervalField'), 'interval')}
        {line('job', t('hosts:wizard.jobField'), 'job')}
      </div>
      {draft.way === 'exporter' && draft.scheme === 'https' && (
        <>
          {line('caFile', t('hosts:wizard.caFile'), null, t('hosts:wizard.caHint'))}
          <label className="row">
            <input
              type="checkbox"
              checked={draft.insecure}
              onChange={(event) => edit({ insecure: event.target.checked })}
            />
            {t('hosts:wizard.insecure')}
          </label>
        </>
      )}
      {draft.way === 'exporter' && (
        <details>
          <summary>{t('hosts:wizard.auth')}</summary>
          <div className="fields">
            <p className="soft small">{t('hosts:wizard.secretsHint')}</p>
            <div className="fields-row">
              {line('username', t('hosts:wizard.username'), null)}
              {secret('password', t('hosts:wizard.password'))}
            </div>
            {secret('bearerToken', t('hosts:wizard.bearer'))}
          </div>
        </details>
      )}
    </div>
  );
}
