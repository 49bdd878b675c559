import { type AppError, appError, describeThrown } from '#shared/errors/index.ts';
import { systemCode } from '../storage/io-error.ts';
import { ArchiveFault } from './reader-types.ts';

/** What an operator reads when the target cannot be written. */
export function targetError(dir: string, thrown: unknown): AppError {
  const why = describeThrown(thrown);
  const place = { detail: why };
  switch (systemCode(thrown)) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return appError('BACKUP_TARGET_FULL', { dir }, place);
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return appError('BACKUP_TARGET_READ_ONLY', { dir, why }, place);
    case 'ENOENT':
    case 'ENOTDIR':
      return appError('BACKUP_TARGET_MISSING', { dir }, place);
    case '':
      throw thrown;
    default:
      return appError('BACKUP_TARGET_LOST', { dir, why }, place);
  }
}

/** What the report says about a source that could not be read. */
export function sourceError(thrown: unknown): AppError {
  const code = systemCode(thrown);
  if (code === '') throw thrown;
  if (code === 'ENOENT') return appError('BACKUP_FILE_VANISHED');
  // The code says why; the message of the system would repeat the path, which may not be printable.
  return appError('BACKUP_FILE_UNREADABLE', { why: code }, { detail: describeThrown(thrown) });
}

/** What an operator reads when an archive cannot be opened or read for a reason of the system. */
export function archiveSystemError(file: string, thrown: unknown): AppError {
  if (thrown instanceof ArchiveFault) return thrown.error;
  const code = systemCode(thrown);
  if (code === '') throw thrown;
  if (code === 'ENOENT' || code === 'ENOTDIR') return appError('BACKUP_ARCHIVE_ABSENT', { file });
  return appError('FILE_UNREADABLE', { file, why: describeThrown(thrown) });
}

/** Runs file-system calls on the target; what the system says becomes an {@link ArchiveFault}. */
export function onTarget<T>(dir: string, call: () => T): T {
  try {
    return call();
  } catch (thrown) {
    if (thrown instanceof ArchiveFault) throw thrown;
    throw new ArchiveFault(targetError(dir, thrown));
  }
}
