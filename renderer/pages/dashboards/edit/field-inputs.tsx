import { useEffect, useState } from 'react';
import { Field } from '../../../components/field.tsx';

export type TextFieldProps = {
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly rows?: number;
  readonly mono?: boolean;
};

/** A labelled text, of one line or of several. */
export function TextField({ label, hint, value, onChange, rows, mono = false }: TextFieldProps) {
  return (
    <Field label={label} {...(hint === undefined ? {} : { hint })}>
      {(props) =>
        rows === undefined ? (
          <input
            {...props}
            className={`input ${mono ? 'mono' : ''}`}
            value={value}
            onChange={(event) => onChange(event.target.value)}
          />
        ) : (
          <textarea
            {...props}
            className={`input ${mono ? 'mono' : ''}`}
            rows={rows}
            value={value}
            onChange={(event) => onChange(event.target.value)}
          />
        )
      }
    </Field>
  );
}

export type ListFieldProps = Omit<TextFieldProps, 'onChange'> & {
  /** The text as it would be written for what it means. */
  readonly canonical: (text: string) => string;
  readonly onChange: (text: string) => void;
};

/** A text that stands for a list: it stays as it is typed while it means what is kept, e.g. with an empty last line. */
export function ListField({ canonical, value, onChange, ...rest }: ListFieldProps) {
  const [typed, setTyped] = useState(value);
  const shown = canonical(typed) === value ? typed : value;
  return (
    <TextField
      {...rest}
      value={shown}
      onChange={(text) => {
        setTyped(text);
        onChange(text);
      }}
    />
  );
}

export type NumberFieldProps = {
  readonly label: string;
  readonly hint?: string;
  readonly value: number | null;
  readonly onChange: (value: number | null) => void;
  readonly min?: number;
  readonly max?: number;
  readonly whole?: boolean;
  /** False: an empty field is not taken. */
  readonly nullable?: boolean;
};

/** A labelled number; an empty field means none. What is no number is kept in the field and not taken. */
export function NumberField(props: NumberFieldProps) {
  const { label, hint, value, onChange, min, max, whole = false, nullable = true } = props;
  const [typed, setTyped] = useState(value === null ? '' : String(value));
  useEffect(() => {
    setTyped((old) => (numberOf(old) === value ? old : value === null ? '' : String(value)));
  }, [value]);
  const fits = (number: number | null): boolean =>
    number === null
      ? nullable
      : number >= (min ?? Number.NEGATIVE_INFINITY) &&
        number <= (max ?? Number.POSITIVE_INFINITY) &&
        (!whole || Number.isInteger(number));
  const bad = (typed.trim() !== '' && numberOf(typed) === null) || !fits(numberOf(typed));
  return (
    <Field label={label} {...(hint === undefined ? {} : { hint })}>
      {(field) => (
        <input
          {...field}
          aria-invalid={bad}
          className="input figure"
          inputMode="decimal"
          value={typed}
          onChange={(event) => {
            const text = event.target.value;
            setTyped(text);
            const number = numberOf(text);
            if ((text.trim() === '' || number !== null) && fits(number)) onChange(number);
          }}
        />
      )}
    </Field>
  );
}

function numberOf(text: string): number | null {
  const value = Number(text);
  return text.trim() === '' || !Number.isFinite(value) ? null : value;
}
