import { readlinkSync } from 'node:fs';
import type { AppError } from '#shared/errors/index.ts';
import { decodePath, encodePath, fsPath, type RawPath } from '../platform/raw-path.ts';
import { sourceError } from './faults.ts';

/** Where a symbolic link leads, exactly as it is written. */
export function readLink(
  real: RawPath,
): { readonly ok: true; readonly target: RawPath } | { readonly ok: false; readonly error: AppError } {
  try {
    return { ok: true, target: decodePath(readlinkSync(fsPath(real), { encoding: 'buffer' })) };
  } catch (thrown) {
    return { ok: false, error: sourceError(thrown) };
  }
}

/** Splits a device number as glibc's `gnu_dev_major` and `gnu_dev_minor` do. */
export function deviceNumbers(rdev: bigint): { readonly major: number; readonly minor: number } {
  return {
    major: Number(((rdev >> 8n) & 0xfffn) | ((rdev >> 32n) & 0xfffff000n)),
    minor: Number((rdev & 0xffn) | ((rdev >> 12n) & 0xffffff00n)),
  };
}

/**
 * A line as GNU `sha256sum` writes and checks it: a name with a newline, carriage return or backslash is escaped, and the
 * line then begins with a backslash.
 */
export function sumLine(sha256: string, path: RawPath): string | Buffer {
  const isEscaped = /[\n\r\\]/.test(path);
  const shown = isEscaped
    ? path.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r')
    : path;
  const line = `${isEscaped ? '\\' : ''}${sha256}  ${shown}\n`;
  return line.isWellFormed() ? line : encodePath(line);
}
