import { Field } from '../components/field.tsx';
import { durationText } from '../components/time.ts';
import { useTranslation } from '../locales/use-translation.ts';

type DurationSelectProps = {
  readonly label: string;
  readonly hint?: string;
  /** What is usually chosen, milliseconds, the shortest first. */
  readonly usual: readonly number[];
  /** What null is called. */
  readonly none: string;
  readonly value: number | null;
  readonly onChange: (ms: number | null) => void;
};

/** A length of time: one of the usual ones, the present one, or none. */
export function DurationSelect({ label, hint, usual, none, value, onChange }: DurationSelectProps) {
  const { t } = useTranslation();
  const offered = value === null || usual.includes(value) ? usual : [...usual, value].sort((a, b) => a - b);
  return (
    <Field label={label} {...(hint === undefined ? {} : { hint })}>
      {(field) => (
        <select
          {...field}
          className="input"
          value={value ?? ''}
          onChange={(event) => onChange(event.target.value === '' ? null : Number(event.target.value))}
        >
          <option value="">{none}</option>
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
