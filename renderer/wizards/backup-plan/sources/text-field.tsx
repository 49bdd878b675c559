import { Field } from '../../field.tsx';

type TextFieldProps = {
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  readonly set: (value: string) => void;
  readonly maxLength?: number;
  readonly placeholder?: string;
};

/** A line of text that a program reads, such as a path or a command. */
export function TextField({ label, hint, value, set, maxLength = 4096, placeholder }: TextFieldProps) {
  return (
    <Field label={label} {...(hint === undefined ? {} : { hint })}>
      {(field) => (
        <input
          {...field}
          className="input mono"
          value={value}
          maxLength={maxLength}
          placeholder={placeholder}
          spellCheck={false}
          onChange={(event) => set(event.target.value)}
        />
      )}
    </Field>
  );
}

const MINUTE = 60_000;

type MinutesFieldProps = {
  readonly label: string;
  readonly ms: number;
  readonly set: (ms: number) => void;
};

/** A number of minutes from one to a day. */
export function MinutesField({ label, ms, set }: MinutesFieldProps) {
  return (
    <Field label={label}>
      {(field) => (
        <input
          {...field}
          className="input figure"
          type="number"
          min={1}
          max={1440}
          value={Math.max(1, Math.round(ms / MINUTE))}
          onChange={(event) =>
            set(Math.min(1440, Math.max(1, Math.round(Number(event.target.value)))) * MINUTE)
          }
        />
      )}
    </Field>
  );
}
