import type { ComponentProps } from 'react';
import { Field, type FieldProps } from './field.tsx';

type TextFieldProps = Pick<
  ComponentProps<'input'>,
  | 'type'
  | 'autoComplete'
  | 'inputMode'
  | 'list'
  | 'name'
  | 'placeholder'
  | 'maxLength'
  | 'disabled'
  | 'required'
> & {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly error?: FieldProps['error'] | undefined;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** For what a program reads, such as a path or a command. */
  readonly mono?: boolean;
  /** The field that a dialog begins at. */
  readonly autoFocus?: boolean;
  readonly 'data-testid'?: string;
};

/** A line of text with its label; at most 4,096 characters unless told otherwise. */
export function TextField({ label, hint, error, onChange, mono, autoFocus, ...input }: TextFieldProps) {
  return (
    <Field label={label} error={error ?? null} {...(hint === undefined ? {} : { hint })}>
      {(field) => (
        <input
          maxLength={4096}
          spellCheck={false}
          {...input}
          {...field}
          className={mono ? 'input mono' : 'input'}
          {...(autoFocus ? { 'data-autofocus': true } : {})}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
