import { useId } from 'react';
import { Link } from 'react-router';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { SelectField } from '../../components/select-field.tsx';
import { useRequest } from '../../components/use-request.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { PolicyFields } from '../../pages/backups/retention/policy-fields.tsx';
import { StepForm } from '../step-form.tsx';
import type { StepViewProps } from './backup-plan-wizard.tsx';
import type { BackupPlanDraft } from './draft.ts';
import { presets } from './presets.ts';

const coverDays = [7, 14, 30, 60, 90, 180, 365];

/** Who can open the archives, how long points are kept, how often everything is read again. */
export function ProtectionStep({ draft, change, onNext }: StepViewProps) {
  const { t } = useTranslation();
  const days = draft.verifyCoverDays;
  const offered = days === null || coverDays.includes(days) ? coverDays : [...coverDays, days];
  return (
    <StepForm onNext={onNext}>
      <EncryptionFields
        value={draft.encryption}
        onChange={(encryption) => change((old) => ({ ...old, encryption }))}
      />
      <PolicyFields
        value={draft.retention}
        suggested={presets[draft.dataClass].retention}
        onChange={(retention) => change((old) => ({ ...old, retention }))}
      />
      <SelectField
        label={t('plans:protection.verify')}
        value={days}
        options={[
          [null, t('plans:protection.verifyNever')],
          ...offered.map((count) => [count, t('plans:protection.verifyDays', { days: count })] as const),
        ]}
        onChange={(verifyCoverDays) => change((old) => ({ ...old, verifyCoverDays }))}
      />
    </StepForm>
  );
}

type EncryptionFieldsProps = {
  readonly value: BackupPlanDraft['encryption'];
  readonly onChange: (value: BackupPlanDraft['encryption']) => void;
};

function EncryptionFields({ value, onChange }: EncryptionFieldsProps) {
  const { t } = useTranslation();
  const group = useId();
  const known = useRequest('backup.keys.list', {});
  const keys = (known.data?.keys ?? []).filter(({ name }) => name !== null);
  const chosen = value?.recipients ?? [];
  const set = (recipients: readonly string[]): void =>
    onChange(recipients.length === 0 ? null : { recipients: [...recipients] });
  const first = keys[0]?.recipient;
  return (
    <fieldset className="choices">
      <legend>{t('plans:protection.encryption')}</legend>
      <label className="choice">
        <input type="radio" name={group} checked={value === null} onChange={() => onChange(null)} />
        {t('plans:protection.plain')}
      </label>
      <label className="choice">
        <input
          type="radio"
          name={group}
          checked={value !== null}
          disabled={value === null && first === undefined}
          onChange={() => set(first === undefined ? [] : [first])}
        />
        {t('plans:protection.encrypted')}
      </label>
      {known.error && <ErrorNotice error={known.error} onRetry={known.reload} />}
      {known.data && keys.length === 0 && (
        <span className="soft small">
          {t('plans:protection.keysNone')}{' '}
          <Link to="/backups?tab=keys">{t('plans:protection.keysLink')}</Link>
        </span>
      )}
      {value !== null &&
        keys.map(({ name, recipient, fingerprint }) => (
          <label key={recipient} className="choice">
            <input
              type="checkbox"
              checked={chosen.includes(recipient)}
              // The last one stays: an encrypted plan without a key is none.
              disabled={chosen.length === 1 && chosen.includes(recipient)}
              onChange={() =>
                set(
                  chosen.includes(recipient)
                    ? chosen.filter((old) => old !== recipient)
                    : [...chosen, recipient],
                )
              }
            />
            <span data-verbatim>{name}</span> <span className="mono soft">{fingerprint}</span>
          </label>
        ))}
      {chosen
        .filter((recipient) => !keys.some((key) => key.recipient === recipient))
        .map((recipient) => (
          <span key={recipient} className="mono soft small">
            {recipient.length > 80 ? `${recipient.slice(0, 80)}…` : recipient}
          </span>
        ))}
    </fieldset>
  );
}
