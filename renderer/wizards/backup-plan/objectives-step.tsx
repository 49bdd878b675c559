import { useId } from 'react';
import { durationText } from '../../components/time.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { Field } from '../field.tsx';
import { StepForm } from '../step-form.tsx';
import type { StepViewProps } from './backup-plan-wizard.tsx';
import { withClass } from './steps.ts';

const HOUR = 3_600_000;
const choices = [1, 4, 8, 12, 24, 48, 72, 168, 336, 720].map((hours) => hours * HOUR);

/** How important the data is, how much may be lost, how long a restore may take. */
export function ObjectivesStep({ draft, change, onNext }: StepViewProps) {
  const { t } = useTranslation();
  const group = useId();
  return (
    <StepForm onNext={onNext}>
      <fieldset className="choices">
        <legend>{t('backups:wizard.dataClass')}</legend>
        {(['core', 'logs'] as const).map((dataClass) => (
          <label key={dataClass} className="choice-card">
            <input
              type="radio"
              name={group}
              checked={draft.dataClass === dataClass}
              onChange={() => change((old) => withClass(old, dataClass))}
            />
            <span className="choice-body">
              <strong>
                {t(dataClass === 'core' ? 'backups:wizard.classCore' : 'backups:wizard.classLogs')}
              </strong>
              <span className="soft">
                {t(dataClass === 'core' ? 'backups:wizard.classCoreBody' : 'backups:wizard.classLogsBody')}
              </span>
            </span>
          </label>
        ))}
      </fieldset>
      <DurationField
        label={t('backups:wizard.rpo')}
        value={draft.rpoMs}
        onChange={(rpoMs) => change((old) => ({ ...old, rpoMs }))}
      />
      <DurationField
        label={t('backups:wizard.rto')}
        hint={t('backups:wizard.objectiveHint')}
        value={draft.rtoMs}
        onChange={(rtoMs) => change((old) => ({ ...old, rtoMs }))}
      />
    </StepForm>
  );
}

type DurationFieldProps = {
  readonly label: string;
  readonly hint?: string;
  readonly value: number | null;
  readonly onChange: (ms: number | null) => void;
};

function DurationField({ label, hint, value, onChange }: DurationFieldProps) {
  const { t } = useTranslation();
  return (
    <Field label={label} {...(hint === undefined ? {} : { hint })}>
      {(field) => (
        <select
          {...field}
          className="input"
          value={value ?? ''}
          onChange={(event) => onChange(event.target.value === '' ? null : Number(event.target.value))}
        >
          <option value="">{t('backups:wizard.noObjective')}</option>
          {choices.map((ms) => (
            <option key={ms} value={ms}>
              {durationText(t, ms)}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
