import { durationText } from '../../components/time.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { Field } from '../field.tsx';

const HOUR = 3_600_000;
const choices = [1, 2, 4, 8, 12, 24, 48, 72, 168, 336, 720].map((hours) => hours * HOUR);

type DurationFieldProps = {
  readonly label: string;
  readonly hint?: string;
  readonly value: number | null;
  readonly onChange: (ms: number | null) => void;
};

/** An objective: one of the usual durations, the present one, or none. */
export function DurationField({ label, hint, value, onChange }: DurationFieldProps) {
  const { t } = useTranslation();
  const offered =
    value === null || choices.includes(value) ? choices : [...choices, value].sort((a, b) => a - b);
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
          {offered.map((ms) => (
            <option key={ms} value={ms}>
              {durationText(t, ms)}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
