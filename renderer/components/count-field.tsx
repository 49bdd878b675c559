import { Field } from './field.tsx';

type CountFieldProps = {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly disabled?: boolean;
  readonly onChange: (value: number) => void;
};

/** A whole number, with its label. What is typed is rounded and brought between the bounds; an empty field counts as zero. */
export function CountField({ label, hint, value, min, max, disabled, onChange }: CountFieldProps) {
  return (
    <Field label={label} {...(hint === undefined ? {} : { hint })}>
      {(field) => (
        <input
          {...field}
          className="input figure"
          type="number"
          min={min}
          max={max}
          disabled={disabled}
          value={value}
          onChange={(event) => onChange(Math.min(max, Math.max(min, Math.round(Number(event.target.value)))))}
        />
      )}
    </Field>
  );
}
