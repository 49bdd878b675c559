import type { ButtonHTMLAttributes } from 'react';

export type ButtonProps = ButtonHTMLAttributes<HTMLButtonElement> & {
  /** `danger` is for what cannot be undone; it is never the default button of a page. */
  readonly kind?: 'default' | 'primary' | 'danger' | 'quiet';
};

/** A plain button; `type="button"` unless told otherwise, so that Enter in a form never does something unsafe. */
export function Button({ kind = 'default', className, type = 'button', ...rest }: ButtonProps) {
  return <button {...rest} type={type} className={`btn btn-${kind}${className ? ` ${className}` : ''}`} />;
}
