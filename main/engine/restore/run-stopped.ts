import type { AppError } from '#shared/errors/index.ts';

/** A failure of the target as a whole: going on would fail for every further item. The run can be resumed. */
export class RunStopped extends Error {
  readonly error: AppError;

  constructor(error: AppError) {
    super(error.code);
    this.error = error;
  }
}
