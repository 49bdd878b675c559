import { type AppError, appError, type ErrorCode, fillText, type TextParams } from '#shared/errors/index.ts';
import { REASONS, type Reason } from './reasons.ts';

/**
 * Carries an expected failure out of the recursion of parser and evaluator. It never leaves the engine: the entry
 * points catch it and return its error as a value.
 */
export class PromqlFailure extends Error {
  readonly error: AppError;

  constructor(error: AppError) {
    super(error.message.en);
    this.error = error;
  }
}

/** Refuses an expression at a position (0-based). */
export function refuse(position: number, reason: Reason, params: TextParams = {}): never {
  const why = fillText(REASONS[reason], params);
  const column = position + 1;
  throw new PromqlFailure(appError('PROMQL_INVALID', { column, why }, { field: 'expr', column }));
}

/** Gives up an evaluation because of what the data is. */
export function evaluationFails(reason: Reason, params: TextParams = {}): never {
  const why = fillText(REASONS[reason], params);
  throw new PromqlFailure(appError('PROMQL_EXECUTION', { why }));
}

/** Stops an evaluation at a limit. */
export function stop(code: ErrorCode, params: Readonly<Record<string, string | number>> = {}): never {
  throw new PromqlFailure(appError(code, params));
}
