import { type ReactNode, useId } from 'react';

/** What an input needs to belong to its label and hint. */
export type FieldProps = { readonly id: string; readonly 'aria-describedby'?: string };

/** One field of a wizard: label, input, hint. */
export function Field({
  label,
  hint,
  children,
}: {
  readonly label: string;
  readonly hint?: string;
  readonly children: (field: FieldProps) => ReactNode;
}) {
  const id = useId();
  const hintId = `${id}-hint`;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children(hint === undefined ? { id } : { id, 'aria-describedby': hintId })}
      {hint !== undefined && (
        <span id={hintId} className="soft small">
          {hint}
        </span>
      )}
    </div>
  );
}
