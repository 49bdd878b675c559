import { Field, type FieldProps } from './field.tsx';

type SelectFieldProps<K extends string | number | null> = {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly error?: FieldProps['error'] | undefined;
  readonly value: K;
  /** Each value with what is read for it, in order; null is a value too: none of the others. */
  readonly options: readonly (readonly [K, string])[];
  readonly onChange: (value: K) => void;
  readonly name?: string;
  readonly disabled?: boolean;
  /** The field that a dialog begins at. */
  readonly autoFocus?: boolean;
};

/** How the control names a value; nothing is named by the empty text. */
const keyOf = (value: string | number | null): string => String(value ?? '');

/** One of several, with its label. What is chosen is handed on as the value that was offered, never as its text. */
export function SelectField<K extends string | number | null>({
  label,
  hint,
  error,
  value,
  options,
  onChange,
  autoFocus,
  ...select
}: SelectFieldProps<K>) {
  return (
    <Field label={label} error={error ?? null} {...(hint === undefined ? {} : { hint })}>
      {(field) => (
        <select
          {...select}
          {...field}
          className="input"
          {...(autoFocus ? { 'data-autofocus': true } : {})}
          value={keyOf(value)}
          onChange={(event) => {
            const chosen = options.find(([offered]) => keyOf(offered) === event.target.value);
            if (chosen) onChange(chosen[0]);
          }}
        >
          {options.map(([offered, text]) => (
            <option key={keyOf(offered)} value={keyOf(offered)}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
