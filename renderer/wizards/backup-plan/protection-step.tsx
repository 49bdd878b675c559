import { useId } from 'react';
import { Link } from 'react-router';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { useRequest } from '../../components/use-request.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { Field } from '../field.tsx';
import { StepForm } from '../step-form.tsx';
import type { StepViewProps } from './backup-plan-wizard.tsx';
import type { BackupPlanDraft } from './draft.ts';
import { presets } from './presets.ts';

const counts = ['keepLast', 'keepHourly', 'keepDaily', 'keepWeekly', 'keepMonthly', 'keepYearly'] as const;
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
      <RetentionFields draft={draft} change={change} />
      <Field label={t('plans:protection.verify')}>
        {(field) => (
          <select
            {...field}
            className="input"
            value={days ?? ''}
            onChange={(event) => {
              const verifyCoverDays = event.target.value === '' ? null : Number(event.target.value);
              change((old) => ({ ...old, verifyCoverDays }));
            }}
          >
            <option value="">{t('plans:protection.verifyNever')}</option>
            {offered.map((count) => (
              <option key={count} value={count}>
                {t('plans:protection.verifyDays', { days: count })}
              </option>
            ))}
          </select>
        )}
      </Field>
    </StepForm>
  );
}

function RetentionFields({ draft, change }: Pick<StepViewProps, 'draft' | 'change'>) {
  const { t } = useTranslation();
  const group = useId();
  const { retention } = draft;
  const set = (next: BackupPlanDraft['retention']): void => change((old) => ({ ...old, retention: next }));
  return (
    <fieldset className="choices">
      <legend>{t('plans:protection.retention')}</legend>
      <label className="choice">
        <input type="radio" name={group} checked={retention === null} onChange={() => set(null)} />
        {t('plans:protection.keepAll')}
      </label>
      <label className="choice">
        <input
          type="radio"
          name={group}
          checked={retention !== null}
          onChange={() => set(presets[draft.dataClass].retention)}
        />
        {t('plans:protection.byRules')}
      </label>
      {retention !== null && (
        <>
          <div className="field-row">
            {counts.map((rule) => (
              <Field key={rule} label={t(`plans:protection.${rule}`)}>
                {(field) => (
                  <input
                    {...field}
                    className="input figure"
                    type="number"
                    min={0}
                    max={10_000}
                    value={retention[rule]}
                    onChange={(event) => {
                      const count = Math.min(10_000, Math.max(0, Math.round(Number(event.target.value))));
                      set({ ...retention, [rule]: count });
                    }}
                  />
                )}
              </Field>
            ))}
          </div>
          <label className="choice">
            <input
              type="checkbox"
              checked={retention.afterRun}
              onChange={() => set({ ...retention, afterRun: !retention.afterRun })}
            />
            {t('plans:protection.afterRun')}
          </label>
        </>
      )}
    </fieldset>
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
