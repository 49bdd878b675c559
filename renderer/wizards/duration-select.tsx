import { SelectField } from '../components/select-field.tsx';
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
    <SelectField
      label={label}
      hint={hint}
      value={value}
      options={[[null, none], ...offered.map((ms) => [ms, durationText(t, ms)] as const)]}
      onChange={onChange}
    />
  );
}
