import type { ComponentProps } from 'react';
import { Field, type FieldProps } from './field.tsx';

type TextAreaFieldProps = Pick<
  ComponentProps<'textarea'>,
  'rows' | 'autoComplete' | 'name' | 'placeholder' | 'maxLength' | 'disabled'
> & {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly error?: FieldProps['error'] | undefined;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** The field that a dialog begins at. */
  readonly autoFocus?: boolean;
};

/** Several lines of what a program reads, such as a key or a configuration, with their label. */
export function TextAreaField({ label, hint, error, onChange, autoFocus, ...area }: TextAreaFieldProps) {
  return (
    <Field label={label} error={error ?? null} {...(hint === undefined ? {} : { hint })}>
      {(field) => (
        <textarea
          spellCheck={false}
          {...area}
          {...field}
          className="input mono"
          {...(autoFocus ? { 'data-autofocus': true } : {})}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
