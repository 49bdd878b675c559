import { useEffect, useState } from 'react';
import { Field } from '../../components/field.tsx';

type Common = {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly error?: string | null | undefined;
};

const described = ({ label, hint, error }: Common) => ({
  label,
  error: error ?? null,
  ...(hint === undefined ? {} : { hint }),
});

/** The lines of a text that say something. */
export function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

export type ListFieldProps = Common & {
  readonly value: readonly string[];
  readonly rows?: number;
  readonly placeholder?: string;
  readonly onChange: (value: string[]) => void;
};

/** Several texts, one a line. */
export function ListField(props: ListFieldProps) {
  const [text, setText] = useState(() => props.value.join('\n'));
  const { value } = props;
  // What is set from elsewhere replaces what was typed; what was typed keeps its empty lines.
  useEffect(() => {
    setText((old) => (linesOf(old).join('\n') === value.join('\n') ? old : value.join('\n')));
  }, [value]);
  return (
    <Field {...described(props)}>
      {(field) => (
        <textarea
          {...field}
          className="input mono"
          rows={props.rows ?? 2}
          spellCheck={false}
          placeholder={props.placeholder}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            props.onChange(linesOf(event.target.value));
          }}
        />
      )}
    </Field>
  );
}

export type NumberFieldProps = Common & {
  /** Null: nothing is set. */
  readonly value: number | null;
  readonly min?: number;
  readonly max?: number;
  /** What stands behind the number. */
  readonly unit?: string;
  readonly placeholder?: string;
  readonly onChange: (value: number | null) => void;
};

/** A number, or nothing. */
export function NumberField(props: NumberFieldProps) {
  return (
    <Field {...described(props)}>
      {(field) => (
        <span className="row">
          <input
            {...field}
            className="input figure number-input"
            type="number"
            min={props.min ?? 0}
            max={props.max}
            step="any"
            placeholder={props.placeholder}
            value={props.value ?? ''}
            onChange={(event) =>
              props.onChange(event.target.value.trim() === '' ? null : Number(event.target.value))
            }
          />
          {props.unit !== undefined && <span className="soft">{props.unit}</span>}
        </span>
      )}
    </Field>
  );
}

export type SelectFieldProps<K extends string> = Common & {
  readonly value: K;
  readonly options: readonly (readonly [K, string])[];
  readonly onChange: (value: K) => void;
};

/** One of several. */
export function SelectField<K extends string>(props: SelectFieldProps<K>) {
  return (
    <Field {...described(props)}>
      {(field) => (
        <select
          {...field}
          className="input"
          value={props.value}
          onChange={(event) => {
            const chosen = props.options.find(([value]) => value === event.target.value);
            if (chosen) props.onChange(chosen[0]);
          }}
        >
          {props.options.map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

export type CheckFieldProps = {
  readonly label: string;
  readonly value: boolean;
  readonly onChange: (value: boolean) => void;
};

/** Yes or no. */
export function CheckField({ label, value, onChange }: CheckFieldProps) {
  return (
    <label className="row">
      <input type="checkbox" checked={value} onChange={(event) => onChange(event.target.checked)} />
      {label}
    </label>
  );
}
