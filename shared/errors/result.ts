import type { AppError } from './app-error.ts';

/** An expected outcome: a value, or a failure that the operator can read. Exceptions are bugs. */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: AppError };

/** Wraps a value as a success. */
export function ok<T>(value: T): Result<T> {
  return { ok: true, value };
}

/** Wraps an error as a failure. */
export function err(error: AppError): { readonly ok: false; readonly error: AppError } {
  return { ok: false, error };
}

/** Ends an exhaustive switch: the compiler refuses a call with a case left over. */
export function assertNever(value: never): never {
  throw new Error(`Unhandled case: ${JSON.stringify(value)}`);
}
