export {
  type AppError,
  appError,
  appErrorSchema,
  describeThrown,
  type ErrorCode,
  type ErrorPlace,
  errorCatalogue,
} from './app-error.ts';
export { defineErrors, type ErrorSpec } from './define.ts';
export { assertNever, err, ok, type Result } from './result.ts';
export { type Bilingual, fillText, type Locale, type TextParams } from './text.ts';
