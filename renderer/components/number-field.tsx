import { Field, type FieldProps } from './field.tsx';

type NumberFieldProps = {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly error?: FieldProps['error'] | undefined;
  /** Null: nothing is set. */
  readonly value: number | null;
  /** The bounds are told to the browser only; who takes the number checks it. Zero when left out. */
  readonly min?: number;
  readonly max?: number;
  /** What stands behind the number. */
  readonly unit?: string;
  readonly placeholder?: string;
  readonly onChange: (value: number | null) => void;
};

/** A number, whole or not, or nothing, with its label. */
export function NumberField({ label, hint, error, value, unit, onChange, ...bounds }: NumberFieldProps) {
  return (
    <Field label={label} error={error ?? null} {...(hint === undefined ? {} : { hint })}>
      {(field) => (
        <span className="row">
          <input
            min={0}
            {...bounds}
            {...field}
            className="input figure number-input"
            type="number"
            step="any"
            value={value ?? ''}
            onChange={(event) =>
              onChange(event.target.value.trim() === '' ? null : Number(event.target.value))
            }
          />
          {unit !== undefined && <span className="soft">{unit}</span>}
        </span>
      )}
    </Field>
  );
}
