import { type ReactNode, useId } from 'react';

export type FieldProps = {
  readonly label: string;
  readonly hint?: string;
  /** Why the present value cannot be used. */
  readonly error?: string | null;
  /** Draws the control; its id and description are given, so that label, hint and error belong to it. */
  readonly children: (props: {
    readonly id: string;
    readonly 'aria-describedby': string;
    readonly 'aria-invalid': boolean;
  }) => ReactNode;
};

/** A labelled control with its hint and, under it, what is wrong with its value. */
export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  const about = `${id}-about`;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-describedby': about, 'aria-invalid': Boolean(error) })}
      <div id={about} className="small">
        {error ? <span className="field-error">{error}</span> : hint && <span className="soft">{hint}</span>}
      </div>
    </div>
  );
}
