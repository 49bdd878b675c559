import { useState } from 'react';
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

/**
 * A whole number, with its label. What is typed is handed on rounded and brought between the bounds, an empty field as zero; it stays as it
 * is typed until the field is left, so that 12 can be typed where 1 is too little.
 */
export function CountField({ label, hint, value, min, max, disabled, onChange }: CountFieldProps) {
  const [typed, setTyped] = useState<string | null>(null);
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
          value={typed ?? value}
          onChange={(event) => {
            setTyped(event.target.value);
            onChange(Math.min(max, Math.max(min, Math.round(Number(event.target.value)))));
          }}
          onBlur={() => setTyped(null)}
        />
      )}
    </Field>
  );
}
