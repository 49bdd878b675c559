import type { AppError } from '#shared/errors/index.ts';
import type { Sighting } from './built-in.ts';

/** Something that hinders sending events to another server, or that left events out. */
export type LogOutputFault = { readonly output: string; readonly error: AppError };

/** A log output that does not get on: one problem for each output and kind of trouble, however its sentence changes. */
export function logOutputProblem({ output, error }: LogOutputFault): Sighting {
  return {
    id: `log_output:${output}:${error.code}`,
    condition: 'log_output',
    about: { output, code: error.code },
    severity: 'warning',
    since: null,
    sentence: error.message,
    next: error.hint,
    link: '/logs',
  };
}
