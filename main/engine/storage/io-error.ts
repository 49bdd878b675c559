import { type AppError, appError, describeThrown } from '#shared/errors/index.ts';
import { sqliteError } from './sqlite.ts';

/** The system's error code (`ENOENT`, …) of something thrown, or an empty string. */
export function systemCode(thrown: unknown): string {
  const code = (thrown as { readonly code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}

/** Turns what the file system throws into what an operator can read. Unknown exceptions stay exceptions. */
export function ioError(file: string, thrown: unknown): AppError {
  const code = (thrown as { readonly code?: unknown }).code;
  const why = describeThrown(thrown);
  if (code === 'ENOSPC' || code === 'EDQUOT') return appError('DISK_FULL', { file }, { detail: why });
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM')
    return appError('READ_ONLY', { file }, { detail: why });
  if (typeof code === 'string' && code.startsWith('E')) return appError('FILE_UNREADABLE', { file, why });
  throw thrown;
}

/** The same for what writes into a SQLite file and moves it: either may throw. */
export function writeError(path: string, thrown: unknown): AppError {
  const { code } = thrown as { readonly code?: unknown };
  return typeof code === 'string' && code.startsWith('SQLITE_')
    ? sqliteError(path, thrown)
    : ioError(path, thrown);
}
