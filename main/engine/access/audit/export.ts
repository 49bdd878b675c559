import { closeSync, existsSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { inPortions, type Work } from '../../platform/portions.ts';
import { publishFile } from '../../storage/durable.ts';
import { ioError, writeError } from '../../storage/io-error.ts';

/** Lines that are written at once. */
const PORTION = 100;

/**
 * Writes lines into a file that has its name only when it is complete and on the disk.
 *
 * @returns how many, or AUDIT_EXPORT_EXISTS, DISK_FULL, READ_ONLY, FILE_UNREADABLE, CANCELLED
 */
export async function writeExport(
  lines: Iterable<string>,
  file: string,
  overwrite: boolean,
  signal: AbortSignal,
  progress: (done: number) => void,
): Promise<Result<number>> {
  const exists = (): boolean => !overwrite && existsSync(file);
  if (exists()) return err(appError('AUDIT_EXPORT_EXISTS', { file }, { field: 'file' }));
  const temporary = `${file}.part-${process.pid}`;
  let handle: number;
  try {
    handle = openSync(temporary, 'w', 0o600);
  } catch (thrown) {
    return err(ioError(file, thrown));
  }
  try {
    let written: number | null;
    try {
      written = await inPortions(writeAll(handle, lines, progress), signal);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    if (written === null) return err(appError('CANCELLED'));
    if (exists()) return err(appError('AUDIT_EXPORT_EXISTS', { file }, { field: 'file' }));
    publishFile(temporary, file);
    return ok(written);
  } catch (thrown) {
    return err(writeError(file, thrown));
  } finally {
    rmSync(temporary, { force: true });
  }
}

function* writeAll(handle: number, lines: Iterable<string>, progress: (done: number) => void): Work<number> {
  let done = 0;
  let pending: string[] = [];
  const flush = (): void => {
    const bytes = Buffer.from(pending.join(''), 'utf8');
    for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at, bytes.length - at);
    pending = [];
  };
  for (const line of lines) {
    pending.push(`${line}\n`);
    done += 1;
    if (pending.length < PORTION) continue;
    flush();
    progress(done);
    yield;
  }
  flush();
  return done;
}
